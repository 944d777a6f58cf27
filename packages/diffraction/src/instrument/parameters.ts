import { BraggscapeError } from '@braggscape/core';
import type { ModelParameter } from '@braggscape/core';
import { cellFromLattice, cellParameterNames } from '@braggscape/crystal';
import type { Instrument, PhaseSettings } from './instrument.js';

/** Places in the slots: every number of an {@link Instrument}, whether it may be refined or not. */
export const ZERO = 0;
export const DISPLACEMENT = 1;
export const U = 2;
export const V = 3;
export const W = 4;
export const X = 5;
export const Y = 6;
export const ETA0 = 7;
export const ETA1 = 8;
export const ASYMMETRY = 9;
export const POLARIZATION = 10;
/** Factor of all wavelengths, so that a doublet moves as one. */
export const WAVELENGTH = 11;
const FIXED = 12;

/** Places of a phase's numbers, counted from its own first slot. */
export const SCALE = 0;
export const SIZE = 1;
export const STRAIN = 2;
export const TEXTURE = 3;
/** The six cell parameters of a companion phase. */
export const CELL = 4;
const PHASE = 4;
const COMPANION = 10;

/** The numbers of an instrument as one vector, and which of them are parameters of the model. */
export interface InstrumentSlots {
  /** Number of slots. */
  readonly size: number;
  /** First slot of the weights of the lines after the primary one. */
  readonly lines: number;
  /** First slot of the background: the polynomials' coefficients, then the points' heights. */
  readonly background: number;
  /** First slot of each phase, the refined one first. */
  readonly phases: readonly number[];
  /** [size] values as the instrument was made. */
  readonly values: Float64Array;
  readonly parameters: readonly ModelParameter[];
  /** [parameters] slot of each parameter. */
  readonly slotOf: Int32Array;
}

/** Lay the numbers of an instrument out. */
export function instrumentSlots(instrument: Instrument): InstrumentSlots {
  const lines = FIXED;
  const background = lines + instrument.spectrum.length - 1;
  const points = background + instrument.background.length;
  const firstPhase = points + instrument.backgroundPoints.length;
  const phases = [firstPhase, ...instrument.phases.map((_, i) => firstPhase + PHASE + i * COMPANION)];
  const size = firstPhase + PHASE + instrument.phases.length * COMPANION;
  const values = new Float64Array(size);
  const parameters: ModelParameter[] = [];
  const slots: number[] = [];

  const put = (slot: number, value: number, refinable: boolean, id: string, unit: string, bounds: readonly [number, number], step: number): void => {
    values[slot] = value;
    if (!refinable) return;
    parameters.push({ id, unit, value, bounds, step });
    slots.push(slot);
  };
  const putPhase = (at: number, prefix: string, { scale, size: inverse, strain, texture }: PhaseSettings): void => {
    put(at + SCALE, scale, true, `${prefix}scale`, '1', [0, Infinity], 0.01 * (Math.abs(scale) || 1));
    put(at + SIZE, inverse, true, `${prefix}size`, '1/Å', [0, 0.1], 1e-4);
    put(at + STRAIN, strain, true, `${prefix}strain`, '1', [0, 0.1], 1e-4);
    put(at + TEXTURE, texture?.r ?? 1, texture !== undefined, `${prefix}texture.r`, '1', [0.05, 20], 0.01);
  };

  const { profile } = instrument;
  const wide: readonly [number, number] = [-10, 10];
  put(ZERO, instrument.zero, true, 'zero', 'degrees', [-2, 2], 0.01);
  put(DISPLACEMENT, instrument.displacement, true, 'displacement', 'mm', [-5, 5], 0.01);
  put(U, instrument.u, true, 'u', 'deg²', wide, 0.01);
  put(V, instrument.v, true, 'v', 'deg²', wide, 0.01);
  put(W, instrument.w, true, 'w', 'deg²', wide, 0.01);
  put(X, instrument.x, profile === 'thompson-cox-hastings', 'x', 'degrees', [0, 10], 0.01);
  put(Y, instrument.y, profile === 'thompson-cox-hastings', 'y', 'degrees', [0, 10], 0.01);
  put(ETA0, instrument.eta0, profile === 'pseudo-voigt', 'eta0', '1', [-0.5, 1.5], 0.01);
  put(ETA1, instrument.eta1, profile === 'pseudo-voigt', 'eta1', '1/degree', [-0.05, 0.05], 1e-4);
  put(ASYMMETRY, instrument.asymmetry, instrument.asymmetry > 0, 'asymmetry', '1', [1e-4, 0.2], 1e-3);
  put(POLARIZATION, instrument.polarization, instrument.scattering.radiation === 'x-ray', 'polarization', '1', [0, 1], 0.01);
  put(WAVELENGTH, 1, true, 'wavelength', 'of the value given', [0.95, 1.05], 1e-4);
  instrument.spectrum.slice(1).forEach(({ weight }, i) => put(lines + i, weight, true, `spectrum.${i + 1}.weight`, '1', [0, 10], 0.01));
  const level = Math.max(1, ...instrument.background.map(Math.abs), ...instrument.backgroundPoints.map(({ intensity }) => Math.abs(intensity)));
  instrument.background.forEach((value, i) => put(background + i, value, true, `background.${i}`, 'intensity', [-Infinity, Infinity], 0.01 * level));
  instrument.backgroundPoints.forEach(({ intensity }, i) => put(points + i, intensity, true, `backgroundPoints.${i}`, 'intensity', [-Infinity, Infinity], 0.01 * level));
  putPhase(firstPhase, '', instrument);
  instrument.phases.forEach((phase, i) => {
    const at = phases[i + 1];
    putPhase(at, `phases.${phase.name}.`, phase);
    const cell = cellFromLattice(phase.structure.lattice);
    cellParameterNames.forEach((name, k) => {
      const length = k < 3;
      const bounds: readonly [number, number] = length ? [0.5 * cell[k], 2 * cell[k]] : [10, 170];
      put(at + CELL + k, cell[k], true, `phases.${phase.name}.${name}`, length ? 'Å' : 'degrees', bounds, length ? 0.01 : 0.1);
    });
  });
  return { size, lines, background, phases, values, parameters, slotOf: Int32Array.from(slots) };
}

/**
 * Slots with the given parameters in place.
 * @throws BraggscapeError `option.invalid` for a vector of the wrong length
 */
export function slotsWith({ values, parameters, slotOf }: InstrumentSlots, given: Float64Array | undefined): Float64Array {
  if (given === undefined) return values;
  if (given.length !== parameters.length) {
    throw new BraggscapeError('option.invalid', `${given.length} instrument parameters for a model of ${parameters.length}`, { hint: 'give one value for each of its parameters, in their order' });
  }
  const out = values.slice();
  for (let i = 0; i < given.length; i++) out[slotOf[i]] = given[i];
  return out;
}
