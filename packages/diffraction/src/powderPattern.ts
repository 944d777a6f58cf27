import { BraggscapeError, DEGREES_PER_RADIAN, RADIANS_PER_DEGREE } from '@braggscape/core';
import type { LinearizedPattern, PatternCalculator, PatternGradient, PatternModel, Structure } from '@braggscape/core';
import { LAST_ANGLE, angularWindow, checkAxis } from './angularWindow.js';
import type { AngularWindow } from './angularWindow.js';
import { chebyshevBasis } from './background/chebyshev.js';
import { interpolationBasis } from './background/linearInterpolation.js';
import { companionStructure, companionCellPullback } from './instrument/companion.js';
import { isLorentzian } from './instrument/instrument.js';
import type { Instrument } from './instrument/instrument.js';
import * as slot from './instrument/parameters.js';
import { instrumentSlots, slotsWith } from './instrument/parameters.js';
import type { InstrumentSlots } from './instrument/parameters.js';
import { phasePeaks } from './instrument/phasePeaks.js';
import type { PhasePeaks } from './instrument/phasePeaks.js';
import { axialDivergence, noAxialDivergence } from './profile/axialDivergence.js';
import { FWHM_PER_SIGMA } from './profile/caglioti.js';
import { gaussianPeaks } from './profile/gaussianPeaks.js';
import { lorentzianPeaks } from './profile/lorentzianPeaks.js';
import { BROADENED_REACH, GAUSSIAN_REACH } from './profile/peaks.js';
import { FWHM, SHAPE_SIZE, shapeFunction } from './profile/peakShape.js';
import { listReflections } from './reflectionList.js';
import { createStructureFactorCalculator } from './structureFactors/createStructureFactors.js';

/**
 * The kinematic powder pattern of an instrument: every hkl of the sphere adds scale·|F|²·LP·(preferred orientation), for each line of the spectrum, as a peak of that area (per
 * degree of 2θ); background is added. Reflections beyond the window's edges that reach into it contribute, so pattern and gradient are smooth in everything.
 *
 * @param id name in records
 */
export function powderPattern(id: string, instrument: Instrument): PatternModel {
  const slots = instrumentSlots(instrument);
  const { wavelength } = instrument.spectrum[0];
  return {
    id,
    wavelength,
    parameters: slots.parameters,
    reflections: (structure, from, to) => listReflections(structure, wavelength, from, to, { set: instrument.scattering, polarization: instrument.polarization }),
    on: (twoTheta) => powderPatternCalculator(twoTheta, instrument, slots),
    broadened: (fwhm) => powderPattern(id, { ...instrument, blur: Math.hypot(instrument.blur, fwhm) }),
    textured: (texture) => powderPattern(id, { ...instrument, texture }),
  };
}

function powderPatternCalculator(twoTheta: Float64Array, instrument: Instrument, slots: InstrumentSlots): PatternCalculator {
  checkAxis(twoTheta);
  const gaussian = gaussianPeaks(twoTheta, instrument.kernel);
  const lorentzian = isLorentzian(instrument) ? lorentzianPeaks(twoTheta, instrument.lorentzReach) : undefined;
  const background = [
    ...chebyshevBasis(twoTheta, instrument.background.length),
    ...interpolationBasis(
      twoTheta,
      instrument.backgroundPoints.map((point) => point.twoTheta),
    ),
  ];
  const windowOf = windowFinder(twoTheta, instrument, slots);
  const phases = createPhases(instrument, slots);
  const counts = phases.map(() => 0);
  // A model without a width somewhere in the window is an error now, not an empty pattern later.
  windowOf(slots.values);

  /** Structures of all phases: the refined one, then the companions with their cells as the slots have them. */
  function structures(structure: Structure, values: Float64Array): readonly Structure[] {
    return [structure, ...instrument.phases.map((phase, i) => companionStructure(phase.structure, values.subarray(slots.phases[i + 1] + slot.CELL, slots.phases[i + 1] + slot.CELL + 6)))];
  }

  function draw(structure: Structure, values: Float64Array): { calc: Float64Array; all: readonly Structure[] } {
    const window = windowOf(values);
    const all = phases.length === 1 ? [structure] : structures(structure, values);
    let total = 0;
    phases.forEach((phase, i) => {
      counts[i] = phase.prepare(all[i], values, window);
      total += counts[i];
    });
    const targets = { gaussian: gaussian.reserve(total), lorentzian: lorentzian?.reserve(total) };
    let first = 0;
    phases.forEach((phase, i) => {
      phase.fill(targets, first);
      first += counts[i];
    });
    const calc = gaussian.draw(total);
    lorentzian?.addTo(calc, total);
    background.forEach((shape, n) => {
      const coefficient = values[slots.background + n];
      if (coefficient !== 0) for (let i = 0; i < calc.length; i++) calc[i] += coefficient * shape[i];
    });
    return { calc, all };
  }

  function pullback(all: readonly Structure[], dCalc: Float64Array, wanted: boolean): PatternGradient {
    const gradient = wanted ? new Float64Array(slots.size) : undefined;
    const gauss = gaussian.moments(dCalc);
    const lorentz = lorentzian?.moments(dCalc);
    let first = 0;
    const parts = phases.map((phase, i) => {
      const part = phase.pull(first, gauss, lorentz, gradient);
      first += counts[i];
      return part;
    });
    if (gradient === undefined) return parts[0];
    parts.slice(1).forEach((part, i) => {
      gradient.set(companionCellPullback(all[i + 1], part), slots.phases[i + 1] + slot.CELL);
    });
    background.forEach((shape, n) => {
      let sum = 0;
      for (let i = 0; i < dCalc.length; i++) sum += dCalc[i] * shape[i];
      gradient[slots.background + n] = sum;
    });
    return { ...parts[0], parameters: Float64Array.from(slots.slotOf, (at) => gradient[at]) };
  }

  return {
    twoTheta,
    simulate: (structure, parameters) => draw(structure, slotsWith(slots, parameters)).calc.slice(),
    linearize(structure, parameters): LinearizedPattern {
      const { calc, all } = draw(structure, slotsWith(slots, parameters));
      return { calc, pullback: (dCalc) => pullback(all, dCalc, parameters !== undefined) };
    },
  };
}

function createPhases(instrument: Instrument, slots: InstrumentSlots): readonly PhasePeaks[] {
  const shortest = Math.min(...instrument.spectrum.map(({ wavelength }) => wavelength)) * 0.95;
  const sSquaredMost = Math.sin((LAST_ANGLE / 2) * RADIANS_PER_DEGREE) ** 2 / (shortest * shortest);
  const axial = instrument.asymmetry > 0 ? axialDivergence() : noAxialDivergence;
  return [instrument, ...instrument.phases].map(({ texture }, i) =>
    phasePeaks({
      calculator: createStructureFactorCalculator(instrument.scattering, sSquaredMost, instrument.kernel),
      spectrum: instrument.spectrum,
      profile: instrument.profile,
      axial,
      texture,
      perDisplacement: (2 * DEGREES_PER_RADIAN) / instrument.radius,
      blur: instrument.blur * instrument.blur,
      lines: slots.lines,
      phase: slots.phases[i],
    }),
  );
}

/** Finds the window for given slots, and keeps the last one found. */
function windowFinder(twoTheta: Float64Array, instrument: Instrument, slots: InstrumentSlots): (values: Float64Array) => AngularWindow {
  const shape = new Float64Array(SHAPE_SIZE);
  const width = shapeFunction(instrument.profile);
  const widest = Math.max(...instrument.spectrum.map(({ wavelength }) => wavelength));
  let last: Float64Array | undefined;
  let found: AngularWindow | undefined;

  function fwhm(values: Float64Array, angle: number, phase: number): number {
    const tangent = Math.tan((Math.min(angle, LAST_ANGLE) / 2) * RADIANS_PER_DEGREE);
    const secant = Math.hypot(1, tangent);
    const lorentz =
      DEGREES_PER_RADIAN * (widest * values[phase + slot.SIZE] * secant + 4 * values[phase + slot.STRAIN] * tangent) +
      (instrument.profile === 'thompson-cox-hastings' ? values[slot.X] * tangent + values[slot.Y] * secant : 0);
    const square = (values[slot.U] * tangent + values[slot.V]) * tangent + values[slot.W] + instrument.blur * instrument.blur;
    width(square, lorentz, 0, shape);
    if (shape[FWHM] > 0 && Number.isFinite(shape[FWHM]) && square > 0) return shape[FWHM];
    throw new BraggscapeError(values === slots.values ? 'option.invalid' : 'instrument.impossible', `U ${values[slot.U]}, V ${values[slot.V]}, W ${values[slot.W]} give FWHM² = ${square.toPrecision(3)} deg² at 2θ = ${angle.toFixed(2)}°`, {
      path: 'instrument',
      hint: 'U tan²θ + V tan θ + W must be positive over the window and a little beyond',
    });
  }

  return (values) => {
    if (last !== undefined && found !== undefined && equal(values, last)) return found;
    const shift =
      Math.abs(values[slot.ZERO]) +
      (2 * DEGREES_PER_RADIAN * Math.abs(values[slot.DISPLACEMENT])) / instrument.radius +
      (instrument.asymmetry > 0 ? Math.min(3, DEGREES_PER_RADIAN * values[slot.ASYMMETRY]) : 0);
    const reach = (angle: number): number => {
      const widths = slots.phases.map((phase) => fwhm(values, angle, phase));
      const gauss = ((instrument.blur > 0 ? BROADENED_REACH : GAUSSIAN_REACH) * Math.max(...widths)) / FWHM_PER_SIGMA;
      return shift + (isLorentzian(instrument) ? Math.max(gauss, instrument.lorentzReach) : gauss);
    };
    for (let i = 0; i <= 100; i++) reach(twoTheta[0] + (i / 100) * (twoTheta[twoTheta.length - 1] - twoTheta[0]));
    found = angularWindow(twoTheta, reach);
    last = values;
    return found;
  };
}

function equal(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
