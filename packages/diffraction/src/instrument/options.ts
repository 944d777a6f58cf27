import { BraggscapeError, structureFromJson } from '@braggscape/core';
import type { EmissionLine, PatternModel, PropertySchemas, StructureJson, Texture } from '@braggscape/core';
import { readStructures } from '@braggscape/crystal';
import { idealInstrument } from '../idealPattern.js';
import { scatteringSet, scatteringSetIds } from '../formFactors/scatteringSet.js';
import type { ScatteringSetId } from '../formFactors/scatteringSet.js';
import { powderPattern } from '../powderPattern.js';
import type { ProfileKind } from '../profile/peakShape.js';
import { resolveSpectrum, wavelengthNames } from '../wavelength.js';
import { checkInstrument } from './instrument.js';
import type { BackgroundPoint, Instrument } from './instrument.js';

/** A companion phase as configurations give it. */
export interface CompanionOptions {
  readonly name: string;
  /** Text of a structure file (CIF, POSCAR, …), or the structure as records write it. */
  readonly structure: string | StructureJson;
  readonly scale?: number;
  readonly size?: number;
  readonly strain?: number;
  readonly texture?: Texture | null;
}

/** Options of the pattern model `powder`; every number is a start value where it is refined. See {@link Instrument} for meanings and units. */
export interface InstrumentOptions {
  readonly wavelength: number | string | readonly EmissionLine[];
  readonly scattering: ScatteringSetId;
  readonly dispersion: boolean;
  readonly profile: ProfileKind;
  readonly u: number;
  readonly v: number;
  readonly w: number;
  readonly x: number;
  readonly y: number;
  readonly eta0: number;
  readonly eta1: number;
  readonly size: number;
  readonly strain: number;
  readonly asymmetry: number;
  readonly monochromator: number;
  readonly polarization: number | null;
  readonly zero: number;
  readonly displacement: number;
  readonly radius: number;
  readonly scale: number;
  readonly texture: Texture | null;
  readonly background: readonly number[];
  readonly backgroundPoints: readonly BackgroundPoint[];
  readonly phases: readonly CompanionOptions[];
  readonly lorentzReach: number;
}

const positive = (description: string, value: number): { description: string; type: 'number'; minimum: number; default: number } => ({ description, type: 'number', minimum: 0, default: value });
const number = (description: string, value: number): { description: string; type: 'number'; default: number } => ({ description, type: 'number', default: value });

const texture = {
  description: 'Preferred orientation (March–Dollase): direction as Miller indices of a plane, and March’s r; null for none.',
  default: null,
  anyOf: [
    { type: 'null' as const },
    {
      type: 'object' as const,
      properties: {
        direction: { type: 'array' as const, items: { type: 'integer' as const }, minItems: 3, maxItems: 3 },
        r: { type: 'number' as const, exclusiveMinimum: 0, maximum: 20 },
      },
      required: ['direction', 'r'],
      additionalProperties: false,
    },
  ],
};

/** Schema of {@link InstrumentOptions}. */
export const instrumentSchema: PropertySchemas<InstrumentOptions> = {
  wavelength: {
    description: `Wavelength in Å, a name (${wavelengthNames}; CuKa1+2 and the like for both lines of a doublet), or a list of { wavelength, weight }, the primary first.`,
    anyOf: [
      { type: 'number', exclusiveMinimum: 0, maximum: 100 },
      { type: 'string', minLength: 1 },
      {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: { wavelength: { type: 'number', exclusiveMinimum: 0, maximum: 100 }, weight: { type: 'number', minimum: 0 } },
          required: ['wavelength', 'weight'],
          additionalProperties: false,
        },
      },
    ],
  },
  scattering: { description: 'Scattering powers of the atoms: X-ray form factors by one of two fits, or neutron lengths.', enum: scatteringSetIds, default: 'waasmaier-kirfel' },
  dispersion: { description: 'Whether f′ and f″ are added, for the wavelengths of the usual anodes.', type: 'boolean', default: true },
  profile: { description: 'Shape of peaks.', enum: ['gaussian', 'pseudo-voigt', 'thompson-cox-hastings'], default: 'thompson-cox-hastings' },
  u: number('Caglioti U of the Gaussian part, deg².', 0),
  v: number('Caglioti V, deg².', 0),
  w: number('Caglioti W, deg²: FWHM² = U tan²θ + V tan θ + W.', 0.01),
  x: positive('Lorentzian part X tan θ + Y/cos θ (Thompson, Cox & Hastings): X, degrees.', 0),
  y: positive('Lorentzian part: Y, degrees.', 0),
  eta0: number('Lorentzian part of a pseudo-Voigt, η = eta0 + eta1·2θ.', 0.5),
  eta1: number('Change of η per degree.', 0),
  size: positive('Inverse size of the crystallites, 1/Å: FWHM λ·size/cos θ.', 0),
  strain: positive('Microstrain Δd/d: FWHM 4·strain·tan θ.', 0),
  asymmetry: positive('Axial divergence (S + H)/L; 0 leaves peaks symmetric.', 0),
  monochromator: { description: 'Angle 2θ of the monochromator crystal, degrees; 0 for none.', type: 'number', minimum: 0, exclusiveMaximum: 180, default: 0 },
  polarization: {
    description: 'K in (1 + K cos²2θ)/(sin²θ cos θ) instead of the monochromator’s: 1 unpolarized, 0 for a synchrotron in vertical geometry. Neutrons have 0.',
    type: ['number', 'null'],
    minimum: 0,
    maximum: 1,
    default: null,
  },
  zero: number('Added to every calculated 2θ, degrees.', 0),
  displacement: number('Specimen displacement, mm; positive away from source and detector, which moves peaks down.', 0),
  radius: { description: 'Goniometer radius, mm.', type: 'number', exclusiveMinimum: 0, default: 200 },
  scale: positive('Factor of all intensities of the refined phase.', 1),
  texture,
  background: { description: 'Coefficients of Chebyshev polynomials over the window, in the unit of the intensities.', type: 'array', items: { type: 'number' }, maxItems: 40, default: [] },
  backgroundPoints: {
    description: 'Points that a background without a shape of its own is drawn through: { twoTheta, intensity }, ascending; level beyond the outer ones.',
    type: 'array',
    maxItems: 200,
    default: [],
    items: {
      type: 'object',
      properties: { twoTheta: { type: 'number', minimum: 0, maximum: 180 }, intensity: { type: 'number' } },
      required: ['twoTheta', 'intensity'],
      additionalProperties: false,
    },
  },
  phases: {
    description: 'Other phases of the specimen: name, structure (text of a structure file, or the structure as records write it), scale, size, strain, texture.',
    type: 'array',
    default: [],
    items: {
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 1 },
        structure: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'object' }] },
        scale: positive('Factor of its intensities.', 1),
        size: positive('Inverse size of the crystallites, 1/Å.', 0),
        strain: positive('Microstrain.', 0),
        texture,
      },
      required: ['name', 'structure'],
      additionalProperties: false,
    },
  },
  lorentzReach: { description: 'Where the tails of Lorentzians end, degrees from the centre.', type: 'number', exclusiveMinimum: 0, default: 10 },
};

/**
 * The pattern of a real instrument and specimen.
 * @throws BraggscapeError `wavelength.missing`, `option.invalid`, or as the structure reader does for phases
 */
export function instrumentModel(options: Partial<InstrumentOptions> & Pick<InstrumentOptions, 'wavelength'>): PatternModel {
  const { wavelength, scattering = 'waasmaier-kirfel', dispersion = true, monochromator = 0, polarization = null, texture: oriented = null, phases = [], ...numbers } = options;
  const spectrum = resolveSpectrum(wavelength);
  if (spectrum.length === 0) throw new BraggscapeError('wavelength.missing', 'the spectrum has no line', { path: 'instrument.wavelength', hint: 'give at least one wavelength' });
  const set = scatteringSet(scattering, dispersion ? spectrum[0].wavelength : undefined);
  const instrument: Instrument = {
    ...idealInstrument,
    profile: 'thompson-cox-hastings',
    u: 0,
    v: 0,
    w: 0.01,
    eta0: 0.5,
    ...numbers,
    spectrum,
    scattering: set,
    polarization: set.radiation === 'neutron' ? 0 : (polarization ?? Math.cos((monochromator * Math.PI) / 180) ** 2),
    ...(oriented === null ? {} : { texture: oriented }),
    phases: phases.map(({ name, structure, scale = 1, size = 0, strain = 0, texture: its = null }) => ({
      name,
      structure: typeof structure === 'string' ? onlyStructure(structure, name) : structureFromJson(structure),
      scale,
      size,
      strain,
      ...(its === null ? {} : { texture: its }),
    })),
  };
  checkInstrument(instrument);
  return powderPattern('powder', instrument);
}

function onlyStructure(text: string, name: string): Instrument['phases'][number]['structure'] {
  const all = readStructures(text, { name: `phase ${name}` });
  if (all.length === 1) return all[0].structure;
  throw new BraggscapeError('option.invalid', `the structure of phase "${name}" is one of ${all.length} in its file`, { path: 'instrument.phases', hint: 'give a file with one structure' });
}
