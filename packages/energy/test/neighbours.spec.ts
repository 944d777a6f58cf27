import { expect } from 'chai';
import fc from 'fast-check';
import { randomFromSeed, structureFrom } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { angleSearch, neighbourSearch } from '@braggscape/energy';
import type { NeighbourList } from '@braggscape/energy';
import { crystals, faultOf, randomStructure } from '@braggscape/testing';

/** Every pair within the cutoff by trying all images, each undirected bond once, as text. */
function byBruteForce({ lattice, frac }: Structure, cutoff: number, images: number): string[] {
  const n = frac.length / 3;
  const found: string[] = [];
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++)
      for (let a = -images; a <= images; a++)
        for (let b = -images; b <= images; b++)
          for (let c = -images; c <= images; c++) {
            if (i === j && (a < 0 || (a === 0 && (b < 0 || (b === 0 && c <= 0))))) continue;
            const d = [a, b, c].map((cells, x) => frac[3 * j + x] - frac[3 * i + x] + cells);
            const length = Math.hypot(...[0, 1, 2].map((x) => d[0] * lattice[x] + d[1] * lattice[3 + x] + d[2] * lattice[6 + x]));
            if (length <= cutoff) found.push([i, j, a, b, c].join(' '));
          }
  return found.sort();
}

const asText = ({ count, first, second, image }: NeighbourList): string[] =>
  Array.from({ length: count }, (_, b) => [first[b], second[b], ...image.subarray(3 * b, 3 * b + 3)].join(' ')).sort();

describe('neighbours', () => {
  it('are all of them, and each once, in random cells', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 2, max: 6, noNaN: true }), (seed, cutoff) => {
        const structure = randomStructure(randomFromSeed(seed), { sites: 3, disordered: false });
        const list = neighbourSearch(cutoff)(structure);
        expect(asText(list)).to.deep.equal(byBruteForce(structure, cutoff, 4));
        for (let b = 0; b < list.count; b++) expect(Math.hypot(...list.vector.subarray(3 * b, 3 * b + 3))).to.be.closeTo(list.distance[b], 1e-12);
      }),
      { numRuns: 40 },
    );
  });

  it('are found in a skewed, a tiny and a flat cell, and beyond the unit cell', () => {
    for (const lattice of [
      [[3, 0, 0], [8.7, 2, 0], [-7.1, 5.3, 3]],
      [[1.1, 0, 0], [0, 1.2, 0], [0.3, 0.2, 1.3]],
      [[9, 0, 0], [0, 8, 0], [8.5, 7.4, 1]],
    ]) {
      const structure = structureFrom(lattice, [6, 8], [[0.1, 0.2, 0.3], [5.6, -3.2, 0.9]]);
      expect(asText(neighbourSearch(4)(structure))).to.deep.equal(byBruteForce(structure, 4, 14));
    }
  });

  it('do not depend on the skin, on what was asked before, or on how far cell and atoms have moved', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomFromSeed(seed);
        const kept = neighbourSearch(4, { skin: 0.6 });
        let structure = randomStructure(random, { sites: 3, disordered: false });
        for (let step = 0; step < 12; step++) {
          const list = kept(structure);
          expect(asText(list)).to.deep.equal(asText(neighbourSearch(4)(structure)));
          const size = step % 5 === 4 ? 0.1 : 0.01;
          structure = { ...structure, lattice: structure.lattice.map((x) => x + random.between(-size, size)), frac: structure.frac.map((x) => x + random.between(-size, size) / 5) };
        }
      }),
      { numRuns: 25 },
    );
  });

  it('of a cell without volume, or one that has too many, are an error', () => {
    const flat = structureFrom([[3, 0, 0], [0, 3, 0], [3, 3, 0]], [6], [[0, 0, 0]]);
    expect(faultOf(() => neighbourSearch(4)(flat)).code).to.equal('cell.impossible');
    const tiny = structureFrom([[0.02, 0, 0], [0, 0.02, 0], [0, 0, 0.02]], [6], [[0, 0, 0]]);
    expect(faultOf(() => neighbourSearch(6)(tiny)).message).to.contain('too small');
    const needle = structureFrom([[1000, 0, 0], [0, 1000, 0], [999, 999, 0.001]], [6], [[0, 0, 0]]);
    expect(faultOf(() => neighbourSearch(6)(needle)).code).to.equal('cell.impossible');
  });
});

describe('angles', () => {
  it('are all ordered pairs of bonds at each atom, with the sign that makes them angles at it', () => {
    const bonds = neighbourSearch(3.5)(crystals.rockSalt);
    const angles = angleSearch(3)(bonds, 8);
    // Six neighbours at 2.82 Å each: 6 · 5 ordered pairs at each of eight atoms.
    expect([angles.shortCount, angles.count]).to.deep.equal([24, 240]);
    const cosines = Array.from({ length: angles.count }, (_, k) => {
      const [p, q] = [angles.short[angles.first[k]], angles.short[angles.second[k]]];
      let dot = 0;
      for (let x = 0; x < 3; x++) dot += bonds.vector[3 * p + x] * bonds.vector[3 * q + x];
      return Math.round((angles.sign[k] * dot) / (bonds.distance[p] * bonds.distance[q]));
    });
    // Of the five partners of a bond one lies opposite, four at right angles.
    expect(cosines.filter((cosine) => cosine === -1)).to.have.length(48);
    expect(cosines.filter((cosine) => cosine === 0)).to.have.length(192);
  });

  it('count both ends of a bond of an atom to its own image', () => {
    const simple = structureFrom([[2.5, 0, 0], [0, 9, 0], [0, 0, 9]], [6], [[0, 0, 0]]);
    const angles = angleSearch(3)(neighbourSearch(3)(simple), 1);
    expect([angles.shortCount, angles.count, angles.sign[0], angles.sign[1]]).to.deep.equal([1, 2, -1, -1]);
  });

  it('are refused where there are too many', () => {
    const bonds = neighbourSearch(3.5)(crystals.copper);
    expect(faultOf(() => angleSearch(3, 100)(bonds, 4)).code).to.equal('cell.impossible');
  });
});
