import { BraggscapeError } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { elementSymbol } from '@braggscape/crystal';
import type { NeighbourList } from './neighbours/neighbourList.js';

/** Å; atoms that are closer lie on top of each other. */
const CLOSEST = 0.01;

/** A site as people call it: its label, or element and number. */
export function siteName({ labels, numbers }: Structure, site: number): string {
  return labels?.[site] ?? `${elementSymbol(numbers[site])}${site + 1}`;
}

/**
 * Refuse sites that a potential cannot take.
 * @param elements atomic numbers that it knows; undefined for all
 * @throws BraggscapeError `structure.unsupported` for a site that is not fully occupied, `element.unknown` for an element it does not know
 */
export function checkSites(structure: Structure, id: string, elements: ReadonlySet<number> | undefined): void {
  structure.occupancy.forEach((occupancy, site) => {
    if (occupancy === 1) return;
    throw new BraggscapeError('structure.unsupported', `potential "${id}" needs fully occupied sites, and ${siteName(structure, site)} has an occupancy of ${occupancy}`, {
      hint: 'choose an ordered approximant of the disordered structure',
    });
  });
  if (elements === undefined) return;
  const site = structure.numbers.findIndex((number) => !elements.has(number));
  if (site < 0) return;
  throw new BraggscapeError('element.unknown', `potential "${id}" does not know ${elementSymbol(structure.numbers[site])} (site ${siteName(structure, site)})`, {
    hint: 'choose a potential made for it',
  });
}

/**
 * Refuse atoms on top of each other.
 * @throws BraggscapeError `structure.invalid` that names both
 */
export function checkDistances(structure: Structure, bonds: NeighbourList): void {
  for (let b = 0; b < bonds.count; b++) {
    if (bonds.distance[b] >= CLOSEST) continue;
    throw new BraggscapeError('structure.invalid', `${siteName(structure, bonds.first[b])} and ${siteName(structure, bonds.second[b])} lie on top of each other (${bonds.distance[b].toPrecision(2)} Å)`, {
      hint: 'move one of them, or remove what is listed twice',
    });
  }
}

/**
 * Refuse atoms without a neighbour.
 * @throws BraggscapeError `structure.unsupported` that names the first
 */
export function checkIsolated(structure: Structure, bonds: NeighbourList, id: string, cutoff: number): void {
  const bonded = new Uint8Array(structure.numbers.length);
  for (let b = 0; b < bonds.count; b++) bonded[bonds.first[b]] = bonded[bonds.second[b]] = 1;
  const site = bonded.indexOf(0);
  if (site < 0) return;
  throw new BraggscapeError('structure.unsupported', `${siteName(structure, site)} has no neighbour within ${cutoff} Å, and potential "${id}" is made for condensed matter only`, {
    hint: 'check the cell, or choose another potential',
  });
}
