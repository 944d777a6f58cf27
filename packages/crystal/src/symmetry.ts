import { BraggscapeError } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { rightHanded } from './cell.js';
import { loadMoyo } from './platform/wasm.js';
import type { Moyo } from './platform/wasm.js';
import { positionIndex, positionsOf } from './sharedSites.js';
import type { Position } from './sharedSites.js';
import { rowsOf } from './symmetryOperation.js';
import type { SymmetryOperation } from './symmetryOperation.js';
import { validateStructure } from './validate.js';

/** Options of symmetry analysis. */
export interface SymmetryOptions {
  /** Distance within which positions count as equivalent, Å. Default 0.01. */
  readonly symprec?: number;
}

export type CrystalSystem = 'triclinic' | 'monoclinic' | 'orthorhombic' | 'tetragonal' | 'trigonal' | 'hexagonal' | 'cubic';

/** Lattice systems: the trigonal space groups belong to `hexagonal` or, if R-centred, to `rhombohedral`. */
export type LatticeFamily = 'triclinic' | 'monoclinic' | 'orthorhombic' | 'tetragonal' | 'rhombohedral' | 'hexagonal' | 'cubic';

/** The space group of a structure and what it does to its sites. Everything refers to the cell as given. */
export interface Symmetry {
  /** Space-group number, 1 to 230 (International Tables A). */
  readonly number: number;
  /** Serial number of the Hall symbol, 1 to 530: names the setting too. */
  readonly hallNumber: number;
  /** Short Hermann–Mauguin symbol without blanks, such as `P6_3/mmc`. */
  readonly symbol: string;
  readonly crystalSystem: CrystalSystem;
  readonly latticeFamily: LatticeFamily;
  /** Crystallographic point group, such as `6/mmm`. */
  readonly pointGroup: string;
  /** [n] Wyckoff letter of each site. */
  readonly wyckoffs: readonly string[];
  /** [n] oriented site-symmetry symbols. */
  readonly siteSymmetries: readonly string[];
  /** [n] index of the first site equivalent to each site. Species sharing a position have that position's orbit. */
  readonly orbits: Int32Array;
  readonly operations: readonly SymmetryOperation[];
  /** Tolerance used in the end, Å: the search narrows or widens the one asked for when it leads to no consistent group. */
  readonly symprec: number;
}

type Dataset = ReturnType<Moyo['analyze_cell']>;

/** The symmetry finder's answer together with the positions it was asked about. */
export interface Analysis {
  readonly dataset: Dataset;
  readonly structure: Structure;
  readonly positions: readonly Position[];
  /** Spelling of each kind, by the number it had in the question. */
  readonly kinds: readonly string[];
}

/**
 * Space group, Wyckoff positions and operations of a structure, by moyo (spglib's algorithm and settings). Positions with
 * different species or occupancies are inequivalent.
 *
 * @throws BraggscapeError `symmetry.failed` if no consistent symmetry is found, `structure.invalid` or `cell.impossible` for a
 * malformed structure, `option.invalid` for a tolerance that is not positive, `platform.unsupported` in a browser before
 * `prepareCrystal`
 */
export function findSymmetry(structure: Structure, options: SymmetryOptions = {}): Symmetry {
  const { dataset, structure: asked, positions } = analyse(structure, options);
  // With axes and coordinates negated, x′ = W·x + w reads −x′ = W·(−x) + w.
  const sense = asked === structure ? 1 : -1;
  const type = loadMoyo().space_group_type(dataset.number);
  const index = positionIndex(positions, structure.numbers.length);
  return {
    number: dataset.number,
    hallNumber: dataset.hall_number,
    symbol: dataset.hm_symbol.replaceAll(' ', ''),
    crystalSystem: type.crystal_system.toLowerCase() as CrystalSystem,
    latticeFamily: type.lattice_system.toLowerCase() as LatticeFamily,
    pointGroup: type.geometric_crystal_class,
    wyckoffs: Array.from(index, (p) => dataset.wyckoffs[p]),
    siteSymmetries: Array.from(index, (p) => dataset.site_symmetry_symbols[p]),
    orbits: index.map((p) => positions[dataset.orbits[p]].sites[0]),
    operations: dataset.operations.map(({ rotation, translation }) => ({
      rotation: rowsOf(rotation),
      translation: Float64Array.from(translation, (w) => sense * w),
    })),
    symprec: dataset.symprec,
  };
}

/** Ask the symmetry finder about a structure; see {@link findSymmetry}. A left-handed cell is asked about with its axes negated. */
export function analyse(given: Structure, { symprec = 0.01 }: SymmetryOptions): Analysis {
  if (!(symprec > 0 && Number.isFinite(symprec))) {
    throw new BraggscapeError('option.invalid', `symprec is ${symprec}`, { hint: 'give a positive distance in Å', path: 'symprec' });
  }
  const structure = rightHanded(given);
  validateStructure(structure);
  const positions = positionsOf(structure);
  const kinds = [...new Set(positions.map(({ kind }) => kind))];
  const cell = {
    lattice: { basis: [...structure.lattice] },
    positions: positions.map(({ frac }) => frac),
    numbers: positions.map(({ kind }) => kinds.indexOf(kind) + 1),
  };
  const moyo = loadMoyo();
  try {
    return { dataset: moyo.analyze_cell(JSON.stringify(cell), symprec, 'Spglib'), structure, positions, kinds };
  } catch (cause) {
    throw new BraggscapeError('symmetry.failed', `no consistent symmetry within ${symprec} Å: ${String(cause)}`, {
      hint: 'try another symprec, and look for atoms on top of each other',
      cause,
    });
  }
}
