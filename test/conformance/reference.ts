import { readFileSync } from 'node:fs';
import { structureFrom } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { atomicNumber } from '@braggscape/crystal';
import { sharedPath } from './support.js';

/** A structure as the reference files spell it. */
export interface ReferenceStructure {
  readonly lattice: number[][];
  readonly species: string[];
  readonly frac_coords: number[][];
}

/** The entries of a reference file. */
export function readReference<Entry>(name: string): readonly Entry[] {
  return JSON.parse(readFileSync(sharedPath('reference', name), 'utf8')) as readonly Entry[];
}

/** A reference structure as a structure. */
export function toStructure({ lattice, species, frac_coords: frac }: ReferenceStructure): Structure {
  return structureFrom(
    lattice,
    species.map((symbol) => atomicNumber(symbol)),
    frac,
  );
}

/** The ten true structures by name. */
export function trueStructures(): ReadonlyMap<string, Structure> {
  const entries = readReference<{ name: string; variant: string; structure: ReferenceStructure }>('amd.json');
  return new Map(entries.filter(({ variant }) => variant === 'truth').map(({ name, structure }) => [name, toStructure(structure)]));
}
