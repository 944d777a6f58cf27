import type { Structure } from '@braggscape/core';
import { nearOperations } from './nearOperations.js';
import type { NearOperation, NearTolerances } from './nearOperations.js';

/** A group of operations that a structure nearly has. */
export interface NearGroup {
  /** Its operations, lattice translations apart, with translations that form a group to rounding. */
  readonly operations: readonly NearOperation[];
  /** Largest distance between images and sites, Å. */
  readonly distance: number;
  /** Largest strain. */
  readonly strain: number;
}

/**
 * Groups among the operations that a structure nearly has, by ascending misfit: from the identity on, always the extension by one operation whose group fits best, until none fits within the
 * tolerances. An operation that no group so far contains begins such a chain of its own, because the largest of two conflicting symmetries need not be the right one.
 *
 * With `branches`, every group that two operations generate together with the lattice translations found is looked at too: the chain takes the best fitting way up only, and at strong noise the group wanted may stand beside
 * it.
 *
 * How well a group fits is its worst operation: the larger of its distance and its strain as parts of the tolerances.
 *
 * @returns without the trivial group
 * @throws BraggscapeError `structure.invalid` or `cell.impossible` for a malformed structure
 */
export function nearGroups(structure: Structure, tolerances: NearTolerances, { branches = false }: { readonly branches?: boolean } = {}): readonly NearGroup[] {
  const found = nearOperations(structure, tolerances);
  const table = productTable(found, structure.numbers.length);
  const misfit = Float64Array.from(found, ({ images, strain }) => Math.max(images.distance / tolerances.distance, strain / tolerances.strain));
  const order = [...found.keys()].sort((a, b) => misfit[a] - misfit[b] || a - b);
  const trivial: Members = { all: [table.identity], generators: [] };
  const groups = new Map<string, readonly number[]>();
  const keep = ({ all }: Members): unknown => groups.set([...all].sort((a, b) => a - b).join(), all);
  const seen = new Set<number>();
  const firstChain: Members[] = [];
  for (const start of order) {
    if (seen.has(start)) continue;
    seen.add(start);
    let current = closure(trivial, start, table);
    while (current !== undefined && current.all.length > 1) {
      for (const member of current.all) seen.add(member);
      keep(current);
      if (start === order.find((i) => i !== table.identity)) firstChain.push(current);
      current = bestExtension(current, order, misfit, table);
    }
  }
  if (branches) {
    // Wide tolerances let in translations that are none; those of the best fitting chain are believed.
    for (const translations of translationGroups(firstChain, found, trivial, table)) for (const group of groupsOfPairs(found, translations, table)) keep(group);
  }
  return [...groups.values()]
    .map((members) => ({ members, worst: Math.max(...members.map((i) => misfit[i])) }))
    .sort((a, b) => a.worst - b.worst || a.members.length - b.members.length)
    .map(({ members }) => ({
      operations: members.map((i) => found[i]),
      distance: Math.max(...members.map((i) => found[i].images.distance)),
      strain: Math.max(...members.map((i) => found[i].strain)),
    }));
}

/** Products of the operations found; −1 where one is not among them. */
interface ProductTable {
  readonly identity: number;
  of(a: number, b: number): number;
}

function productTable(found: readonly NearOperation[], sites: number): ProductTable {
  // A rotation and where it takes each site tell operations apart.
  const rotationKeys = found.map(({ rotation }) => rotation.join());
  const rotations = [...new Set(rotationKeys)];
  const rotationOf = rotationKeys.map((key) => rotations.indexOf(key));
  const byRotation = rotations.map((_, r) => found.flatMap((_unused, i) => (rotationOf[i] === r ? [i] : [])));
  const representatives = byRotation.map(([first]) => found[first].rotation);
  const rotationProducts = representatives.map((a) => representatives.map((b) => rotations.indexOf(timesInteger(a, b).join())));
  const known = new Int32Array(found.length * found.length).fill(-2);
  const search = (a: number, b: number): number => {
    const rotation = rotationProducts[rotationOf[a]][rotationOf[b]];
    if (rotation < 0) return -1;
    const [first, second] = [found[a].images.to, found[b].images.to];
    return (
      byRotation[rotation].find((c) => {
        const { to } = found[c].images;
        for (let i = 0; i < sites; i++) if (to[i] !== first[second[i]]) return false;
        return true;
      }) ?? -1
    );
  };
  const one = rotations.indexOf('1,0,0,0,1,0,0,0,1');
  return {
    identity: byRotation[one].find((i) => found[i].images.to.every((end, site) => end === site)) ?? -1,
    of(a, b) {
      const at = a * found.length + b;
      if (known[at] === -2) known[at] = search(a, b);
      return known[at];
    },
  };
}

function timesInteger(a: Int8Array, b: Int8Array): Int8Array {
  const out = new Int8Array(9);
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) out[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
  return out;
}

/** A group, as indices of operations, with some that generate it. */
interface Members {
  readonly all: readonly number[];
  readonly generators: readonly number[];
}

/** The group that a group and one more operation generate, if all of it is among the operations found. */
function closure(group: Members, extra: number, table: ProductTable): Members | undefined {
  const members = new Set(group.all);
  const all = [...group.all];
  const generators = [...group.generators, extra];
  // Whatever is new is the product of the whole group and a representative of its coset (Dimino's algorithm).
  const representatives: number[] = [];
  const addCoset = (representative: number): boolean => {
    representatives.push(representative);
    for (const member of group.all) {
      const product = table.of(member, representative);
      if (product < 0) return false;
      if (!members.has(product)) {
        members.add(product);
        all.push(product);
      }
    }
    return true;
  };
  if (!addCoset(extra)) return undefined;
  for (let r = 0; r < representatives.length; r++) {
    for (const generator of generators) {
      const product = table.of(representatives[r], generator);
      if (product < 0 || (!members.has(product) && !addCoset(product))) return undefined;
    }
  }
  return { all, generators };
}

/** More pairs of cosets than of this many are not looked at. */
const mostCosets = 96;

/** The different groups of pure translations in the groups of a chain. */
function translationGroups(chain: readonly Members[], found: readonly NearOperation[], trivial: Members, table: ProductTable): readonly Members[] {
  const isTranslation = (i: number): boolean => found[i].rotation.every((entry, k) => entry === (k % 4 === 0 ? 1 : 0));
  const groups = chain.map(({ all }) => all.filter(isTranslation).reduce((group, i) => (group.all.includes(i) ? group : (closure(group, i, table) ?? group)), trivial));
  return [...new Map(groups.map((group) => [group.all.length, group])).values()].filter(({ all }) => found.length / all.length <= mostCosets);
}

/** Groups generated by a group of translations and one or two operations. */
function groupsOfPairs(found: readonly NearOperation[], translations: Members, table: ProductTable): readonly Members[] {
  // One operation of each coset of the translations.
  const covered = new Set(translations.all);
  const singles: { readonly operation: number; readonly group: Members }[] = [];
  for (const operation of found.keys()) {
    if (covered.has(operation)) continue;
    for (const t of translations.all) covered.add(table.of(t, operation));
    const group = closure(translations, operation, table);
    if (group !== undefined) singles.push({ operation, group });
  }
  const pairs = singles.flatMap(({ group }, k) => singles.slice(k + 1).flatMap(({ operation }) => (group.all.includes(operation) ? [] : (closure(group, operation, table) ?? []))));
  return [...(translations.all.length > 1 ? [translations] : []), ...singles.map(({ group }) => group), ...pairs];
}

/** The extension by one operation whose worst operation is the best. */
function bestExtension(group: Members, order: readonly number[], misfit: Float64Array, table: ProductTable): Members | undefined {
  const done = new Set(group.all);
  let best: Members | undefined;
  let least = Infinity;
  for (const extra of order) {
    // Operations come by ascending misfit: none that follows can do better.
    if (misfit[extra] >= least) break;
    if (done.has(extra)) continue;
    // All of a coset generates the same.
    for (const member of group.all) done.add(table.of(member, extra)).add(table.of(extra, member));
    const extended = closure(group, extra, table);
    if (extended === undefined) continue;
    const worst = Math.max(...extended.all.map((i) => misfit[i]));
    if (worst < least) {
      least = worst;
      best = extended;
    }
  }
  return best;
}
