import type { Parameterization, Structure } from '@braggscape/core';

/** The parameterization of a structure that does not move: an empty vector. */
export function fixedStructure(start: Structure): Parameterization {
  return {
    size: 0,
    names: [],
    units: [],
    pack: () => new Float64Array(0),
    unpack: () => start,
    pullback: () => new Float64Array(0),
  };
}
