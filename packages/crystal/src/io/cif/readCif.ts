import { BraggscapeError } from '@braggscape/core';
import type { NamedStructure, Source, Structure } from '@braggscape/core';
import { validateStructure } from '../../validate.js';
import { stemOf } from '../numberText.js';
import { errorAt, lineOf } from '../textError.js';
import { blockLattice, hasCell, metricTensor } from './blockCell.js';
import { hasSites, listedSites, occupancySlack, siteName, statedFormula } from './blockSites.js';
import type { ListedSite } from './blockSites.js';
import { cifColumn, cifItem } from './document.js';
import type { CifBlock, CifDocument } from './document.js';
import { cifNumber } from './number.js';
import { distance, orbitOf } from './orbit.js';
import { parseCif } from './parse.js';
import { spaceGroupReadings } from './spaceGroup.js';
import type { SpaceGroupReading } from './spaceGroup.js';

/**
 * All structures of a CIF: one for each data block that has a cell and sites with coordinates. Other blocks, such as powder profiles,
 * are passed over.
 *
 * Every site is expanded by the symmetry into all its images in the cell, in the order of the list; species that share a site stay
 * entries of their own. Coordinates are wrapped into [0, 1).
 *
 * @throws BraggscapeError that names the line, or what is missing if no block holds a structure
 */
export function readCif(text: string, source: Source): readonly NamedStructure[] {
  return structuresOfCif(parseCif(text, source));
}

/** {@link readCif} for a document parsed already. */
export function structuresOfCif(document: CifDocument): readonly NamedStructure[] {
  const { source, blocks } = document;
  const found = blocks.filter((block) => hasSites(block) && hasCell(block));
  if (found.length > 0) return found.map((block) => ({ name: blockTitle(block, source), structure: structureOfBlock(block, source) }));
  const withSites = blocks.find(hasSites);
  const withCell = blocks.find(hasCell);
  const lacks =
    withSites !== undefined
      ? `block "${withSites.name}" lists sites but no cell`
      : withCell !== undefined
        ? `block "${withCell.name}" has a cell but no sites with coordinates`
        : 'no block has a cell and sites';
  throw new BraggscapeError('format.invalid', `the file holds no crystal structure: ${lacks}`, {
    hint: 'a structure needs _cell_length_a to _cell_angle_gamma and _atom_site_fract_x, _y, _z in one block',
    path: lineOf(source, (withSites ?? withCell ?? blocks[0]).line),
  });
}

function blockTitle(block: CifBlock, source: Source): string {
  return block.name !== '' ? block.name : stemOf(source.name);
}

/**
 * The structure of one block.
 * @throws BraggscapeError that names the line
 */
export function structureOfBlock(block: CifBlock, source: Source): Structure {
  refuseSuperspace(block, source);
  const lattice = blockLattice(block, source);
  const sites = listedSites(block, lattice, source);
  const readings = spaceGroupReadings(block, metricTensor(lattice), source);
  if (sites.length === 0) {
    throw errorAt(source, block.line, `block "${block.name}" has only dummy or empty sites`, 'at least one atom is needed');
  }
  const orbits = chooseReading(block, sites, readings, lattice, source);
  checkSharedSites(sites, orbits, lattice, source);
  const structure = assemble(lattice, sites, orbits);
  validateStructure(structure, lineOf(source, block.line));
  return structure;
}

function assemble(lattice: Float64Array, sites: readonly ListedSite[], orbits: readonly Float64Array[]): Structure {
  const perImage = <T>(of: (site: ListedSite) => T): T[] =>
    sites.flatMap((site, i) => Array.from({ length: orbits[i].length / 3 }, () => of(site)));
  const labels = perImage((site) => site.label);
  return {
    lattice,
    frac: Float64Array.from(orbits.flatMap((orbit) => [...orbit])),
    numbers: Uint8Array.from(perImage((site) => site.number)),
    occupancy: Float64Array.from(perImage((site) => site.occupancy)),
    uIso: Float64Array.from(perImage((site) => site.uIso)),
    ...(labels.every((label) => label !== '') ? { labels } : {}),
  };
}

function refuseSuperspace(block: CifBlock, source: Source): void {
  const dimension = cifItem(block, '_cell_modulation_dimension');
  const operations = cifColumn(block, '_space_group_symop_ssg_operation_algebraic', '_space_group_ssg_operation_algebraic')?.[0];
  const modulated = dimension !== undefined && (cifNumber(dimension.text)?.value ?? 0) > 0 ? dimension : operations;
  if (modulated === undefined) return;
  throw errorAt(
    source,
    modulated.line,
    `block "${block.name}" describes a modulated structure in superspace`,
    'only three-dimensional structures are supported: give the average structure or an approximant',
    'structure.unsupported',
  );
}

/** Images of every site. Where the symbol leaves the origin open, the stated multiplicities and the formula must decide. */
function chooseReading(
  block: CifBlock,
  sites: readonly ListedSite[],
  readings: readonly SpaceGroupReading[],
  lattice: Float64Array,
  source: Source,
): readonly Float64Array[] {
  const expanded = readings.map(({ operations }) =>
    sites.map((site) => orbitOf(site.frac, operations, lattice, site.tolerance)),
  );
  if (expanded.length === 1) return expanded[0];
  for (const agrees of [multiplicitiesAgree, formulaAgrees]) {
    const left = expanded.filter((orbits) => agrees(sites, orbits, block));
    if (left.length === 1) return left[0];
  }
  const names = readings.map(({ name }) => name);
  throw errorAt(
    source,
    readings[0].line,
    `the space group symbol leaves the origin open: ${names.join(' or ')}`,
    'append :1 or :2 to the symbol, or list the symmetry operations',
  );
}

function multiplicitiesAgree(sites: readonly ListedSite[], orbits: readonly Float64Array[]): boolean {
  return sites.every((site, i) => site.multiplicity !== undefined && site.multiplicity === orbits[i].length / 3);
}

/** Whether the cell holds the elements in the proportions of the formula, to 1 %. */
function formulaAgrees(sites: readonly ListedSite[], orbits: readonly Float64Array[], block: CifBlock): boolean {
  const formula = statedFormula(block);
  if (formula === undefined) return false;
  const counts = new Map<number, number>();
  sites.forEach((site, i) => counts.set(site.number, (counts.get(site.number) ?? 0) + (site.occupancy * orbits[i].length) / 3));
  const stated = cifItem(block, '_cell_formula_units_Z');
  const ratios = [...formula].map(([z, wanted]) => (counts.get(z) ?? 0) / wanted);
  const units = (stated === undefined ? undefined : cifNumber(stated.text)?.value) ?? ratios[0];
  return formula.size === counts.size && ratios.every((ratio) => Math.abs(ratio - units) <= 0.01 * units);
}

/** No position may hold more than one atom: the occupancies of the sites that coincide with a site must not exceed 1. */
function checkSharedSites(
  sites: readonly ListedSite[],
  orbits: readonly Float64Array[],
  lattice: Float64Array,
  source: Source,
): void {
  const shared = sites.map((site) => site.occupancy);
  for (let j = 1; j < sites.length; j++) {
    for (let i = 0; i < j; i++) {
      if (!coincides(orbits[j], orbits[i], lattice)) continue;
      shared[j] += sites[i].occupancy;
      if (shared[j] <= 1 + occupancySlack) continue;
      throw errorAt(
        source,
        sites[j].line,
        `${siteName(sites[j])} shares its position with ${siteName(sites[i])} of line ${sites[i].line}: ` +
          `occupancies add up to ${Number(shared[j].toFixed(4))}`,
        'list each site once with its symmetry, and give species that share a site occupancies that add up to at most 1',
        'structure.invalid',
      );
    }
  }
}

/** Å within which two listed sites are one position. */
const sharedPosition = 0.01;

function coincides(orbit: Float64Array, other: Float64Array, lattice: Float64Array): boolean {
  for (let at = 0; at < other.length; at += 3) {
    const difference = [orbit[0] - other[at], orbit[1] - other[at + 1], orbit[2] - other[at + 2]];
    // Most pairs are far apart along some axis already.
    if (difference.every((x) => Math.abs(x - Math.round(x)) < 0.05) && distance(difference, lattice) < sharedPosition) return true;
  }
  return false;
}
