import type { PatternModel } from '@braggscape/core';
import { pymatgenSet } from './formFactors/scatteringSet.js';
import type { Instrument } from './instrument/instrument.js';
import { powderPattern } from './powderPattern.js';
import type { Caglioti } from './profile/caglioti.js';
import type { KernelChoice } from './wasm/kernel.js';
import { resolveWavelength } from './wavelength.js';

/** Options of the ideal powder pattern. */
export interface PowderPatternOptions extends Caglioti {
  /** Å, or one of the names of {@link resolveWavelength}. */
  readonly wavelength: number | string;
  /** `typescript` keeps to plain TypeScript where WebAssembly would compute the same numbers faster. Default `auto`. */
  readonly kernel?: KernelChoice;
}

/** An instrument that does nothing but widen peaks: one wavelength, Gaussians, no background. */
export const idealInstrument: Omit<Instrument, 'spectrum' | keyof Caglioti> = {
  scattering: pymatgenSet,
  profile: 'gaussian',
  x: 0,
  y: 0,
  eta0: 0,
  eta1: 0,
  asymmetry: 0,
  polarization: 1,
  zero: 0,
  displacement: 0,
  radius: 200,
  background: [],
  backgroundPoints: [],
  scale: 1,
  size: 0,
  strain: 0,
  phases: [],
  lorentzReach: 10,
  blur: 0,
  kernel: 'auto',
};

/**
 * The ideal, kinematic powder pattern: I(hkl) = |F|²·LP for every hkl of the sphere, drawn as Gaussians of that area (per degree of
 * 2θ) and Caglioti width. No background, absorption, preferred orientation, or scale.
 *
 * @throws BraggscapeError `wavelength.missing` or `option.invalid`
 */
export function powderPatternModel({ wavelength, u, v, w, kernel = 'auto' }: PowderPatternOptions): PatternModel {
  return powderPattern('ideal', { ...idealInstrument, spectrum: [{ wavelength: resolveWavelength(wavelength), weight: 1 }], u, v, w, kernel });
}
