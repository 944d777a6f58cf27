import { BraggscapeError } from '@braggscape/core';
import type { EmissionLine, Structure, Texture } from '@braggscape/core';
import type { ScatteringSet } from '../formFactors/scatteringSet.js';
import type { ProfileKind } from '../profile/peakShape.js';
import type { KernelChoice } from '../wasm/kernel.js';

/** What a crystalline phase adds to the pattern beside its structure. */
export interface PhaseSettings {
  /** Factor of all its intensities. */
  readonly scale: number;
  /** Inverse of the size of its crystallites, Å⁻¹ (Scherrer, K = 1): FWHM λ·size/cos θ radians. */
  readonly size: number;
  /** Microstrain Δd/d: FWHM 4·strain·tan θ radians. */
  readonly strain: number;
  readonly texture?: Texture;
}

/** A phase beside the one that is refined, whose cell may be refined with it. */
export interface CompanionPhase extends PhaseSettings {
  /** Name in the parameters, such as `impurity` in `phases.impurity.scale`. */
  readonly name: string;
  readonly structure: Structure;
}

/** A point of a background that is drawn through points. */
export interface BackgroundPoint {
  /** Degrees. */
  readonly twoTheta: number;
  /** In the unit of the pattern. */
  readonly intensity: number;
}

/** An instrument and a specimen, all defaults filled in. */
export interface Instrument extends PhaseSettings {
  /** Lines of the radiation, the primary first; their weights are factors of the intensity. */
  readonly spectrum: readonly EmissionLine[];
  readonly scattering: ScatteringSet;
  readonly profile: ProfileKind;
  /** Caglioti parameters of the Gaussian part, deg². */
  readonly u: number;
  readonly v: number;
  readonly w: number;
  /** Lorentzian part X tan θ + Y/cos θ (Thompson, Cox & Hastings), degrees. */
  readonly x: number;
  readonly y: number;
  /** η = eta0 + eta1·2θ of the pseudo-Voigt; eta1 per degree. */
  readonly eta0: number;
  readonly eta1: number;
  /** Axial divergence (S + H)/L. */
  readonly asymmetry: number;
  /** K of the Lorentz-polarization factor. */
  readonly polarization: number;
  /** Added to every calculated angle, degrees. */
  readonly zero: number;
  /** Specimen displacement in mm, positive away from the source and detector: Δ2θ = −2·displacement/radius·cos θ radians. */
  readonly displacement: number;
  /** Goniometer radius, mm. */
  readonly radius: number;
  /** Coefficients of Chebyshev polynomials over the window. */
  readonly background: readonly number[];
  /** Points that a further background is drawn through in straight lines, ascending in 2θ. */
  readonly backgroundPoints: readonly BackgroundPoint[];
  readonly phases: readonly CompanionPhase[];
  /** Where the tails of Lorentzians end, degrees from the centre. */
  readonly lorentzReach: number;
  /** FWHM of a further Gaussian broadening, degrees. */
  readonly blur: number;
  readonly kernel: KernelChoice;
}

/** Whether peaks have a Lorentzian part. */
export function isLorentzian({ profile }: Instrument): boolean {
  return profile !== 'gaussian';
}

/**
 * Check what schemas cannot say.
 * @throws BraggscapeError `option.invalid`
 */
export function checkInstrument({ texture, phases, backgroundPoints }: Instrument): void {
  const unsorted = backgroundPoints.findIndex(({ twoTheta }, i) => i > 0 && twoTheta <= backgroundPoints[i - 1].twoTheta);
  if (unsorted > 0) {
    throw new BraggscapeError('option.invalid', `the background's point at ${backgroundPoints[unsorted].twoTheta}° follows one at ${backgroundPoints[unsorted - 1].twoTheta}°`, {
      path: `instrument.backgroundPoints.${unsorted}`,
      hint: 'give the points in ascending order of 2θ',
    });
  }
  const names = phases.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new BraggscapeError('option.invalid', `two phases are called "${repeated}"`, { path: 'instrument.phases', hint: 'give each its own name' });
  for (const one of [texture, ...phases.map((phase) => phase.texture)]) {
    if (one?.direction.every((index) => index === 0) === true) {
      throw new BraggscapeError('option.invalid', 'the preferred direction is 0 0 0', { path: 'instrument.texture.direction', hint: 'give the Miller indices of a plane' });
    }
  }
}
