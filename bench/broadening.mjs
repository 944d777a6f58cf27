// What broad peaks cost: one loss-and-gradient step with peaks broadened by each width, on the axis that suffices for it and on the fine one, and how far the losses
// on the two axes differ. Sums over the structures.
import { coarseAxis, powderPatternModel } from '@braggscape/diffraction';
import { cosine } from '@braggscape/metrics';
import { twoThetaAxis } from '@braggscape/core';
import { median, row, timesOf } from './measure.mjs';
import { benchStructures, range, readCase, wavelength, width } from './step.mjs';

const widths = [10, 7, 5, 3.5, 2.5, 1.8, 1.2, 0.8, 0.5, 0];

export function benchBroadening() {
  const fine = twoThetaAxis(range);
  const cases = benchStructures().map(readCase);
  const sharp = powderPatternModel({ wavelength, ...width });
  console.log('\nschedules of peak widths: one step, sum over the structures\n');
  console.log(row(['FWHM added (°)', 'points', 'step ms', 'fine axis ms', 'loss off by %'], 16));
  return widths.map((fwhm) => {
    const model = fwhm > 0 ? sharp.broadened(fwhm) : sharp;
    const axis = fwhm > 0 ? coarseAxis(fine, fwhm) : fine;
    let stepMs = 0;
    let fineMs = 0;
    let differs = 0;
    for (const { truth, structure } of cases) {
      const [coarse, whole] = [axis, fine].map((on) => {
        const calculator = model.on(on);
        const compare = cosine.against({ twoTheta: on, intensity: calculator.simulate(truth) });
        const step = () => {
          const { calc, pullback } = calculator.linearize(structure);
          const { value, dCalc } = compare(calc, 'gradient');
          pullback(dCalc);
          return value;
        };
        return { value: step(), ms: median(timesOf(step, 0.15)) };
      });
      stepMs += coarse.ms;
      fineMs += whole.ms;
      differs = Math.max(differs, Math.abs(coarse.value / whole.value - 1));
    }
    console.log(row([fwhm === 0 ? 'sharp' : String(fwhm), String(axis.length), stepMs.toFixed(2), fineMs.toFixed(2), (100 * differs).toFixed(4)], 16));
    return { fwhm, points: axis.length, stepMs, fineMs, differs };
  });
}
