import { expect } from 'chai';
import fc from 'fast-check';
import { dot, multiply3, randomFromSeed } from '@braggscape/core';
import { cellFromLattice, cellFromLatticePullback, cellVolume, checkCell, latticeFromCell, latticeFromCellPullback } from '@braggscape/crystal';
import { checkGradient, faultOf, randomStructure } from '@braggscape/testing';

const cells = fc.integer().map((seed) => {
  const random = randomFromSeed(seed);
  return cellFromLattice(randomStructure(random).lattice);
});
const turn = Float64Array.of(0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6);

describe('cell parameters', () => {
  it('make a lattice that has them, a along x and b in the xy plane', () => {
    fc.assert(
      fc.property(cells, (cell) => {
        const lattice = latticeFromCell(cell);
        cellFromLattice(lattice).forEach((value, i) => expect(value).to.be.closeTo(cell[i], 1e-10));
        expect([lattice[1], lattice[2], lattice[5]]).to.deep.equal([0, 0, 0]);
        expect(cellVolume(lattice)).to.be.greaterThan(0);
      }),
    );
  });

  it('do not depend on the orientation of the lattice', () => {
    fc.assert(
      fc.property(cells, (cell) => {
        cellFromLattice(multiply3(latticeFromCell(cell), turn)).forEach((value, i) => expect(value).to.be.closeTo(cell[i], 1e-10));
      }),
    );
  });

  it('keep the crystallographic angles exact', () => {
    const hexagonal = latticeFromCell([3, 3, 5, 90, 90, 120]);
    expect([...hexagonal]).to.deep.equal([3, 0, 0, -1.5, 3 * Math.sqrt(0.75), 0, 0, 0, 5]);
  });

  it('have exact derivatives in both directions, in turned lattices too', async () => {
    await fc.assert(
      fc.asyncProperty(cells, fc.integer(), async (cell, seed) => {
        const random = randomFromSeed(seed);
        const onLattice = Float64Array.from({ length: 9 }, () => random.normal());
        const onCell = Float64Array.from({ length: 6 }, () => random.normal());
        await checkGradient(
          { value: (c) => dot(latticeFromCell(c), onLattice), gradient: (c) => latticeFromCellPullback(c, onLattice) },
          cell,
          { steps: [1e-3, 1e-4] },
        );
        await checkGradient(
          { value: (l) => dot(cellFromLattice(l), onCell), gradient: (l) => cellFromLatticePullback(l, onCell) },
          multiply3(latticeFromCell(cell), turn),
          { steps: [1e-3, 1e-4] },
        );
      }),
      { numRuns: 50 },
    );
  });

  const impossible: readonly (readonly [readonly number[], string])[] = [
    [[0, 4, 4, 90, 90, 90], 'a is 0'],
    [[4, -4, 4, 90, 90, 90], 'b is -4'],
    [[4, 4, Infinity, 90, 90, 90], 'c is Infinity'],
    [[4, 4, 4, 0, 90, 90], 'alpha is 0'],
    [[4, 4, 4, 90, 180, 90], 'beta is 180'],
    [[4, 4, 4, 90, 90, Number.NaN], 'gamma is NaN'],
    [[4, 4, 4, 30, 30, 90], 'enclose no volume'],
    [[4, 4, 4, 120, 120, 120], 'enclose no volume'],
  ];
  for (const [cell, says] of impossible) {
    it(`refuse ${cell.join(', ')}`, () => {
      const fault = faultOf(() => checkCell(cell, 'start.cif:3'));
      expect(fault.code).to.equal('cell.impossible');
      expect(fault.report).to.contain(says).and.contain('start.cif:3');
    });
  }
});
