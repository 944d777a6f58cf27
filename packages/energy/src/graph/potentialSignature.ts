import { BraggscapeError, compileSchema, isBraggscapeError } from '@braggscape/core';
import type { PropertySchema } from '@braggscape/core';

/** What a graph takes and gives: bonds, bonds and angles, or positions and a lattice. */
export type GraphLevel = 'bonds' | 'angles' | 'positions';

/** The file `signature.json` beside a graph model: how a potential's graph is to be fed and read. */
export interface PotentialSignature {
  readonly format: 'braggscape-potential/1';
  readonly name: string;
  readonly level: GraphLevel;
  readonly units: { readonly length: 'angstrom' | 'bohr'; readonly energy: 'eV' | 'hartree' | 'kcal/mol' | 'kJ/mol' };
  readonly dtype: 'float32';
  /** Atomic numbers it is made for; empty for all. */
  readonly elements: readonly number[];
  /** Longest bond, in the unit of length. */
  readonly cutoff: number;
  /** Longest bond that takes part in angles, in the unit of length. */
  readonly angleCutoff: number | null;
  /** Whether an atom without a bond is an error. */
  readonly isolatedAtoms: 'error' | 'allowed';
  /** Names of the graph's inputs by what they are. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Names of the graph's outputs by what they are. */
  readonly outputs: Readonly<Record<string, string>>;
  /** SHA-256 of the model's files, checked where given. */
  readonly files: Readonly<Record<string, string>>;
  readonly source: string;
  readonly licence: string;
  /** Whatever the maker wants to keep. */
  readonly made: Readonly<Record<string, unknown>>;
}

/** Inputs of each level with the names of their sizes; equal names are equal sizes. */
export const levelInputs: Readonly<Record<GraphLevel, Readonly<Record<string, readonly (string | number)[]>>>> = {
  bonds: { atomicNumbers: ['atoms'], bondVectors: ['bonds', 3], bondFirst: ['bonds'], bondSecond: ['bonds'] },
  angles: {
    atomicNumbers: ['atoms'],
    bondVectors: ['bonds', 3],
    bondFirst: ['bonds'],
    bondSecond: ['bonds'],
    shortBonds: ['shortBonds'],
    angleCentre: ['angles'],
    angleFirst: ['angles'],
    angleSecond: ['angles'],
    angleSign: ['angles'],
  },
  positions: { atomicNumbers: ['atoms'], positions: ['atoms', 3], lattice: [3, 3], bondFirst: ['bonds'], bondSecond: ['bonds'], bondImages: ['bonds', 3] },
};

/** Outputs of each level: those it must have, and those it may have. Without `bondGradients` the graph is differentiated. */
export const levelOutputs: Readonly<Record<GraphLevel, { readonly needed: readonly string[]; readonly optional: readonly string[] }>> = {
  bonds: { needed: ['siteEnergies'], optional: ['bondGradients', 'magneticMoments'] },
  angles: { needed: ['siteEnergies'], optional: ['bondGradients', 'magneticMoments'] },
  positions: { needed: ['energy', 'forces', 'stress'], optional: ['magneticMoments'] },
};

const names: PropertySchema = { type: 'object', additionalProperties: { type: 'string', minLength: 1 } };

const validate = compileSchema<PotentialSignature>({
  type: 'object',
  properties: {
    format: { const: 'braggscape-potential/1' },
    name: { type: 'string', minLength: 1 },
    level: { enum: ['bonds', 'angles', 'positions'] },
    units: {
      type: 'object',
      properties: { length: { enum: ['angstrom', 'bohr'], default: 'angstrom' }, energy: { enum: ['eV', 'hartree', 'kcal/mol', 'kJ/mol'], default: 'eV' } },
      additionalProperties: false,
      default: {},
    },
    dtype: { const: 'float32', default: 'float32' },
    elements: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 118 }, uniqueItems: true, default: [] },
    cutoff: { type: 'number', exclusiveMinimum: 0, maximum: 50 },
    angleCutoff: { type: ['number', 'null'], exclusiveMinimum: 0, maximum: 50, default: null },
    isolatedAtoms: { enum: ['error', 'allowed'], default: 'allowed' },
    inputs: names,
    outputs: names,
    files: { ...names, default: {} },
    source: { type: 'string', default: '' },
    licence: { type: 'string', default: '' },
    made: { type: 'object', additionalProperties: true, default: {} },
  },
  required: ['format', 'name', 'level', 'cutoff', 'inputs', 'outputs'],
  additionalProperties: false,
});

/**
 * Check the content of a `signature.json`.
 * @param path where it came from, for messages
 * @throws BraggscapeError `potential.invalid` that names every fault
 */
export function readSignature(data: unknown, path: string): PotentialSignature {
  let signature: PotentialSignature;
  try {
    signature = validate(data);
  } catch (error) {
    if (!isBraggscapeError(error)) throw error;
    throw new BraggscapeError('potential.invalid', `the signature does not fit: ${error.path === undefined ? '' : `${error.path}: `}${error.message}`, {
      path,
      hint: error.hint ?? 'docs/potentials.md describes the signature',
      cause: error,
    });
  }
  const { level, inputs, outputs, angleCutoff, cutoff } = signature;
  const fault = (message: string, hint: string): never => {
    throw new BraggscapeError('potential.invalid', message, { path, hint });
  };
  const { needed, optional } = levelOutputs[level];
  const expected = Object.keys(levelInputs[level]);
  for (const key of expected) if (!(key in inputs)) fault(`the signature names no input for ${key}`, `a graph of level "${level}" takes ${expected.join(', ')}`);
  for (const key of Object.keys(inputs)) if (!expected.includes(key)) fault(`the signature has an input "${key}" that level "${level}" does not have`, `it has ${expected.join(', ')}`);
  for (const key of needed) if (!(key in outputs)) fault(`the signature names no output for ${key}`, `a graph of level "${level}" gives ${[...needed, ...optional].join(', ')}`);
  for (const key of Object.keys(outputs)) if (![...needed, ...optional].includes(key)) fault(`the signature has an output "${key}" that level "${level}" does not have`, `it has ${[...needed, ...optional].join(', ')}`);
  if (level === 'angles' && (angleCutoff === null || angleCutoff > cutoff)) fault('the signature needs an angleCutoff that is not longer than the cutoff', 'set angleCutoff');
  return signature;
}
