import { expect } from 'chai';
import fc from 'fast-check';
import { dot, multiply3, randomFromSeed, structureFrom, twoThetaAxis } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { latticeFromCell } from '@braggscape/crystal';
import { diffractionPlugin, patternFormats, powderPatternModel } from '@braggscape/diffraction';
import { checkPatternModel, checkPlugin, crystals, faultOf, randomStructure } from '@braggscape/testing';

const model = powderPatternModel({ wavelength: 1.5406, u: 0, v: 0, w: 0.1 });
const caglioti = powderPatternModel({ wavelength: 1.5406, u: 0.15, v: -0.08, w: 0.12 });
const axis = twoThetaAxis({ start: 15, stop: 80, count: 1301 });

function area(twoTheta: Float64Array, intensity: Float64Array): number {
  return intensity.reduce((sum, y, i) => (i === 0 ? 0 : sum + ((y + intensity[i - 1]) / 2) * (twoTheta[i] - twoTheta[i - 1])), 0);
}

const code = (run: () => unknown): string => faultOf(run).code;

/** Largest relative difference of two patterns. */
function difference(a: Float64Array, b: Float64Array): number {
  const top = Math.max(...a);
  return a.reduce((worst, y, i) => Math.max(worst, Math.abs(y - b[i]) / top), 0);
}

describe('ideal powder pattern', () => {
  it('has the reflections as peaks: area |F|²·LP, position and width as asked', () => {
    const window = twoThetaAxis({ start: 41, stop: 46, count: 2001 });
    const [line] = model.reflections(crystals.copper, 41, 46);
    const pattern = model.on(window).simulate(crystals.copper);
    expect(area(window, pattern) / line.intensity).to.be.closeTo(1, 1e-9);
    const top = window[pattern.indexOf(Math.max(...pattern))];
    expect(top).to.be.closeTo(line.twoTheta, 0.0025);
    const half = [...window].filter((_, i) => pattern[i] > Math.max(...pattern) / 2);
    expect(half[half.length - 1] - half[0]).to.be.closeTo(Math.sqrt(0.1), 0.01);
  });

  it('gives the gradient of every number at random triclinic structures, by fast-check', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        await checkPatternModel(caglioti, [randomStructure(randomFromSeed(seed))], { seed });
      }),
      { numRuns: 10 },
    );
  });

  it('gives the gradient on special positions', async () => {
    await checkPatternModel(model, Object.values(crystals));
    await checkPatternModel(caglioti, Object.values(crystals));
  });

  it('gives the gradient where peaks stand across the window’s edges', async () => {
    const [line] = model.reflections(crystals.rutile, 20, 40);
    for (const offset of [-0.2, 0, 0.3]) {
      const low = twoThetaAxis({ start: line.twoTheta + offset, stop: line.twoTheta + 20, count: 500 });
      const high = twoThetaAxis({ start: line.twoTheta - 10, stop: line.twoTheta + offset, count: 500 });
      await checkPatternModel(model, [crystals.rutile], { twoTheta: low });
      await checkPatternModel(model, [crystals.rutile], { twoTheta: high });
    }
  });

  it('gives the gradient on an uneven axis, and the same pattern as on an even one', async () => {
    const random = randomFromSeed(5);
    const uneven = Float64Array.from({ length: 300 }, () => random.between(20, 70)).sort();
    await checkPatternModel(model, [randomStructure(random)], { twoTheta: uneven });
    // One point moved makes an even axis uneven, so each point is computed in both ways.
    const moved = axis.slice();
    moved[1300] += 0.001;
    const structure = randomStructure(random);
    const [even, odd] = [model.on(axis).simulate(structure), model.on(moved).simulate(structure)];
    expect(difference(even.subarray(0, 1300), odd.subarray(0, 1300))).to.be.lessThan(1e-11);
  });

  it('is smooth as a reflection crosses either edge of the window', () => {
    // The window starts (or stops) where the 110 line of rutile passes while a grows; a jump would show as a difference that does not shrink with the step.
    const at = (a: number): Structure => ({ ...crystals.rutile, lattice: latticeFromCell([a, a, 2.959, 90, 90, 90]) });
    const line = model.reflections(at(4.593), 20, 30)[0].twoTheta;
    for (const [start, stop] of [[line, line + 15], [line - 10, line], [line + 1.05, line + 16], [line - 10, line - 1.05]]) {
      const window = twoThetaAxis({ start, stop, count: 800 });
      const calculator = model.on(window);
      const cotangent = Float64Array.from(window, (x) => Math.cos(3 * x));
      const loss = (a: number): number => dot(calculator.simulate(at(a)), cotangent);
      const slope = (a: number): number => calculator.linearize(at(a)).pullback(cotangent).lattice[0];
      const scale = Math.abs(loss(4.593)) + Math.abs(loss(4.62)) + 1;
      const slopes = Array.from({ length: 400 }, (_, i) => slope(4.5 + 0.0005 * i));
      const values = Array.from({ length: 400 }, (_, i) => loss(4.5 + 0.0005 * i));
      const largest = Math.max(...slopes.map(Math.abs), scale);
      for (let i = 1; i < 399; i++) {
        // A jump in value or slope would stand out against the second differences around it.
        expect(Math.abs(values[i + 1] - 2 * values[i] + values[i - 1])).to.be.lessThan(2e-3 * largest);
        expect(Math.abs(slopes[i + 1] - 2 * slopes[i] + slopes[i - 1])).to.be.lessThan(2e-2 * largest);
      }
    }
  });

  it('has no jump at the very place where a reflection starts to count', () => {
    // Bisect for the cell at which the number of reflections that are drawn changes, and compare just before and after.
    const window = twoThetaAxis({ start: 40, stop: 60, count: 600 });
    const calculator = model.on(window);
    const cubic = (a: number): Structure => structureFrom([[a, 0, 0], [0, a, 0], [0, 0, a]], [29], [[0, 0, 0]]);
    const reach = (7 * Math.sqrt(0.1)) / Math.sqrt(8 * Math.LN2);
    const edges = [40 - reach, 60 + reach];
    for (const edge of edges) {
      // a at which 220 stands at the edge of the reach.
      const a = (Math.sqrt(8) * 1.5406) / (2 * Math.sin(((edge / 2) * Math.PI) / 180));
      for (const step of [1e-4, 1e-6, 1e-8]) {
        const [before, after] = [a - step, a + step].map((value) => calculator.simulate(cubic(value)));
        const change = Math.sqrt(before.reduce((sum, y, i) => sum + (y - after[i]) ** 2, 0));
        const size = Math.sqrt(dot(before, before)) || 1;
        expect(change / size).to.be.lessThan(300 * step + 1e-11);
      }
    }
  });

  it('does not depend on orientation, cell choice, origin or hand', () => {
    const random = randomFromSeed(8);
    const structure = randomStructure(random);
    const reference = model.on(axis).simulate(structure);
    const turn = Float64Array.of(0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6);
    const change = Float64Array.of(1, 1, 0, 0, 1, 0, 0, 2, 1);
    // x·L = x′·(C·L) with x′ = x·C⁻¹
    const inverse = Float64Array.of(1, -1, 0, 0, 1, 0, 0, -2, 1);
    const frac = structure.frac.map((_, at) => {
      const [i, k] = [Math.floor(at / 3), at % 3];
      return [0, 1, 2].reduce((sum, m) => sum + structure.frac[3 * i + m] * inverse[3 * m + k], 0);
    });
    const variants: readonly Structure[] = [
      { ...structure, lattice: multiply3(structure.lattice, turn) },
      { ...structure, lattice: multiply3(change, structure.lattice), frac },
      { ...structure, frac: structure.frac.map((x, i) => x + [0.3, 0.7, -1.2][i % 3]) },
      { ...structure, frac: structure.frac.map((x) => -x) },
      { ...structure, lattice: structure.lattice.map((x) => -x) },
    ];
    for (const variant of variants) expect(difference(reference, model.on(axis).simulate(variant))).to.be.lessThan(1e-10);
  });

  it('adds up: a supercell of n cells has n² the pattern', () => {
    const { rutile } = crystals;
    const doubled: Structure = {
      lattice: rutile.lattice.map((x, i) => (i < 3 ? 2 * x : x)),
      frac: Float64Array.from([0, 1].flatMap((shift) => [...rutile.frac].map((x, i) => (i % 3 === 0 ? (x + shift) / 2 : x)))),
      numbers: Uint8Array.from([...rutile.numbers, ...rutile.numbers]),
      occupancy: new Float64Array(12).fill(1),
      uIso: new Float64Array(12),
    };
    const [single, double] = [rutile, doubled].map((s) => model.on(axis).simulate(s));
    expect(difference(single.map((y) => 4 * y), double)).to.be.lessThan(1e-11);
  });

  it('weakens high angles by displacement and everything by occupancy', () => {
    const [cold] = [model.reflections(crystals.copper, 40, 140)];
    const warm = model.reflections({ ...crystals.copper, uIso: new Float64Array(4).fill(0.02) }, 40, 140);
    warm.forEach(({ intensity, dSpacing }, i) => {
      expect(intensity / cold[i].intensity).to.be.closeTo(Math.exp((-16 * Math.PI ** 2 * 0.02) / (4 * dSpacing * dSpacing)), 1e-12);
    });
    const half = model.reflections({ ...crystals.copper, occupancy: new Float64Array(4).fill(0.5) }, 40, 140);
    half.forEach(({ intensity }, i) => expect(intensity / cold[i].intensity).to.be.closeTo(0.25, 1e-12));
  });

  it('fades out before 180 degrees instead of blowing up', async () => {
    const wide = twoThetaAxis({ start: 150, stop: 177.9, count: 300 });
    const pattern = model.on(wide).simulate(crystals.rutile);
    expect(pattern.every(Number.isFinite)).to.equal(true);
    await checkPatternModel(model, [crystals.rutile], { twoTheta: wide, steps: [1e-5, 2e-6] });
  });

  it('reuses its buffers: results survive other calls where the contract says so', () => {
    const calculator = model.on(axis);
    const first = calculator.simulate(crystals.copper);
    const copy = first.slice();
    calculator.simulate(crystals.rockSalt);
    calculator.linearize(crystals.rutile).pullback(copy);
    expect(first).to.deep.equal(copy);
    expect(calculator.simulate(crystals.copper)).to.deep.equal(copy);
  });

  it('gives a flat pattern of zeros where no reflection is in reach', () => {
    const window = twoThetaAxis({ start: 5, stop: 15, count: 100 });
    const calculator = model.on(window);
    expect(Math.max(...calculator.simulate(crystals.copper))).to.equal(0);
    expect(calculator.linearize(crystals.copper).pullback(new Float64Array(100).fill(1)).frac.every((g) => g === 0)).to.equal(true);
  });

  it('refuses what it cannot compute', () => {
    expect(code(() => powderPatternModel({ wavelength: 1, u: 0, v: 0, w: 0 }).on(axis))).to.equal('option.invalid');
    expect(code(() => powderPatternModel({ wavelength: 1, u: 0, v: -1, w: 0.1 }).on(axis))).to.equal('option.invalid');
    expect(code(() => powderPatternModel({ wavelength: 'Kryptonite', u: 0, v: 0, w: 1 }))).to.equal('option.invalid');
    expect(code(() => powderPatternModel({ wavelength: undefined as never, u: 0, v: 0, w: 1 }))).to.equal('wavelength.missing');
    expect(code(() => model.on(Float64Array.of(10, 10, 11)))).to.equal('pattern.invalid');
    expect(code(() => model.on(Float64Array.of(10, 179)))).to.equal('pattern.invalid');
    const fermium = structureFrom([[4, 0, 0], [0, 4, 0], [0, 0, 4]], [100], [[0, 0, 0]]);
    expect(code(() => model.on(axis).simulate(fermium))).to.equal('structure.unsupported');
    const huge = structureFrom([[900, 0, 0], [0, 900, 0], [0, 0, 900]], [6], [[0, 0, 0]]);
    expect(code(() => model.on(axis).simulate(huge))).to.equal('structure.unsupported');
  });

  it('passes the plugin check, formats included', async () => {
    const checked = await checkPlugin(diffractionPlugin, { options: { ideal: { wavelength: 'CuKa1' }, powder: { wavelength: 'CuKa1+2' } } });
    expect(checked).to.have.members(['ideal', 'powder', ...patternFormats.map(({ id }) => id)]);
  });
});
