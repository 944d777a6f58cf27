import { expect } from 'chai';
import fc from 'fast-check';
import { randomFromSeed } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { cellFromLattice, findSymmetry, latticeFromCell } from '@braggscape/crystal';
import { families, familyProjector, noProjector, projectorsPlugin, spaceGroupProjector } from '@braggscape/projectors';
import type { Average, UniqueAxis } from '@braggscape/projectors';
import { checkPlugin, checkProjector, crystals, faultOf, randomStructure } from '@braggscape/testing';

const averages: readonly Average[] = ['parameters', 'metric'];
const axes: readonly UniqueAxis[] = ['a', 'b', 'c'];
const variants = families.flatMap((family) =>
  averages.flatMap((average) => (family === 'monoclinic' ? axes : (['b'] as const)).map((uniqueAxis) => ({ family, average, uniqueAxis }))),
);
const triclinic = fc.integer().map((seed) => randomStructure(randomFromSeed(seed), { sites: 2 }));

/** Equalities a family's cell obeys, as numbers that must vanish. */
function residuals(family: string, [a, b, c, alpha, beta, gamma]: Float64Array, uniqueAxis: UniqueAxis): readonly number[] {
  const right = [alpha - 90, beta - 90, gamma - 90];
  switch (family) {
    case 'cubic':
      return [a - b, b - c, ...right];
    case 'tetragonal':
      return [a - b, ...right];
    case 'orthorhombic':
      return right;
    case 'hexagonal':
      return [a - b, alpha - 90, beta - 90, gamma - 120];
    case 'rhombohedral':
      return [a - b, b - c, alpha - beta, beta - gamma];
    case 'monoclinic':
      return right.filter((_, i) => i !== 'abc'.indexOf(uniqueAxis));
    default:
      return [];
  }
}

describe('family projectors', () => {
  for (const { family, average, uniqueAxis } of variants) {
    const projector = familyProjector(family, { average, uniqueAxis });
    const title = `${family}${family === 'monoclinic' ? ` (unique ${uniqueAxis})` : ''} by ${average}`;

    it(`${title} obeys the projector laws at random triclinic structures`, async () => {
      await fc.assert(
        fc.asyncProperty(triclinic, async (structure) => {
          await checkProjector(projector, [structure]);
        }),
        { numRuns: 12 },
      );
    });

    it(`${title} gives cells of the family and keeps everything else`, () => {
      fc.assert(
        fc.property(triclinic, (structure) => {
          const projected = projector.project(structure);
          for (const residual of residuals(family, cellFromLattice(projected.lattice), uniqueAxis)) expect(Math.abs(residual)).to.be.lessThan(1e-10);
          expect(projected.frac).to.deep.equal(structure.frac);
          expect(projected.uIso).to.deep.equal(structure.uIso);
        }),
      );
    });

    it(`${title} leaves a cell of the family where it is, orientation included`, () => {
      fc.assert(
        fc.property(triclinic, (structure) => {
          const projected = projector.project(structure);
          const again = projector.project(projected);
          again.lattice.forEach((value, i) => expect(value).to.be.closeTo(projected.lattice[i], 1e-12 * 10));
        }),
      );
    });
  }

  it('takes the means of the paper', () => {
    const lattice = latticeFromCell([4, 5, 6.3, 80, 95, 110]);
    const structure: Structure = { ...crystals.copper, lattice };
    const cell = (family: (typeof families)[number]): number[] => [...cellFromLattice(familyProjector(family).project(structure).lattice)];
    const close = (actual: readonly number[], expected: readonly number[]): void => expected.forEach((value, i) => expect(actual[i]).to.be.closeTo(value, 1e-10));
    close(cell('cubic'), [5.1, 5.1, 5.1, 90, 90, 90]);
    close(cell('tetragonal'), [4.5, 4.5, 6.3, 90, 90, 90]);
    close(cell('hexagonal'), [4.5, 4.5, 6.3, 90, 90, 120]);
    close(cell('rhombohedral'), [5.1, 5.1, 5.1, 95, 95, 95]);
    close(cell('monoclinic'), [4, 5, 6.3, 90, 95, 90]);
    close(cell('orthorhombic'), [4, 5, 6.3, 90, 90, 90]);
    close(cell('triclinic'), [4, 5, 6.3, 80, 95, 110]);
  });

  it('averages the metric tensor: mean squares of equal lengths', () => {
    const structure: Structure = { ...crystals.copper, lattice: latticeFromCell([4, 5, 6.3, 80, 95, 110]) };
    const [a, b, c] = cellFromLattice(familyProjector('tetragonal', { average: 'metric' }).project(structure).lattice);
    expect(a).to.be.closeTo(Math.sqrt((16 + 25) / 2), 1e-12);
    expect(b).to.be.closeTo(a, 1e-12);
    expect(c).to.be.closeTo(6.3, 1e-12);
  });

  it('measures how far a cell is from its family', () => {
    const stretched: Structure = { ...crystals.copper, lattice: latticeFromCell([4.1, 4, 4, 90, 90, 90]) };
    expect(familyProjector('orthorhombic').violation(stretched)).to.be.lessThan(1e-14);
    expect(familyProjector('tetragonal').violation(stretched)).to.be.closeTo(0.05 / 4, 1e-12);
    const sheared: Structure = { ...crystals.copper, lattice: latticeFromCell([4, 4, 4, 90, 92, 90]) };
    expect(familyProjector('cubic').violation(sheared)).to.be.closeTo((2 * Math.PI) / 180, 1e-12);
  });

  it('counts the degrees of freedom it takes', () => {
    const removed = Object.fromEntries(families.map((family) => [family, familyProjector(family).removedDof(crystals.copper)]));
    expect(removed).to.deep.equal({ cubic: 5, hexagonal: 4, rhombohedral: 4, tetragonal: 4, orthorhombic: 3, monoclinic: 2, triclinic: 0 });
  });

  it('keeps the hand of a left-handed lattice', () => {
    const left: Structure = { ...crystals.rutile, lattice: crystals.rutile.lattice.map((x, i) => (i >= 6 ? -x : x)) };
    const projected = familyProjector('tetragonal').project(left);
    projected.lattice.forEach((value, i) => expect(value).to.be.closeTo(left.lattice[i], 1e-12));
  });

  it('refuses an unknown family with the nearest name', () => {
    expect(faultOf(() => familyProjector('hexagnal' as never)).report).to.contain('did you mean "hexagonal"');
  });

  it('has a projector that does nothing', async () => {
    await checkProjector(noProjector, [crystals.rutile]);
    expect(noProjector.project(crystals.rutile)).to.equal(crystals.rutile);
  });

  it('passes the plugin check', async () => {
    const options = { compose: { of: [{ use: 'spacegroup' }, { use: 'bounds' }] }, ramp: { of: { use: 'tetragonal' } }, operations: { operations: ['x,y,z'] } };
    expect(await checkPlugin(projectorsPlugin, { options })).to.have.members([...families, 'none', 'spacegroup', 'auto', 'operations', 'bounds', 'compose', 'ramp']);
  });
});

describe('the space-group projector', () => {
  const moved = (structure: Structure, seed: number, size: number): Structure => {
    const random = randomFromSeed(seed);
    return { ...structure, lattice: structure.lattice.map((x) => x + random.between(-size, size)), frac: structure.frac.map((x) => x + random.between(-size, size) / 4) };
  };

  it('brings a distorted crystal back to its symmetry, and takes away what symmetry fixes', () => {
    for (const [structure, symbol, free] of [[crystals.copper, 'Fm-3m', 1], [crystals.rockSalt, 'Fm-3m', 1], [crystals.rutile, 'P4_2/mnm', 3]] as const) {
      const projector = spaceGroupProjector(structure);
      expect(6 + 3 * structure.numbers.length - projector.removedDof(structure), symbol).to.equal(free);
      expect(findSymmetry(projector.project(moved(structure, 5, 0.1)), { symprec: 1e-5 }).symbol).to.equal(symbol);
      expect(projector.violation(structure)).to.be.lessThan(1e-12);
      expect(projector.violation(moved(structure, 5, 0.1))).to.be.greaterThan(1e-3);
    }
  });

  it('keeps the laws at distorted crystals', async () => {
    for (const structure of [crystals.copper, crystals.rockSalt, crystals.rutile]) {
      await checkProjector(spaceGroupProjector(structure), [moved(structure, 1, 0.1), moved(structure, 2, 0.2)]);
    }
  });
});
