import { expect } from 'chai';
import { determinant3, inverse3, multiply3, randomFromSeed, structureFrom } from '@braggscape/core';
import type { Random, Structure } from '@braggscape/core';
import { distortCoordinates, distortLattice, findSymmetry, nearGroups, settingCount, spaceGroupSetting } from '@braggscape/crystal';
import type { SymmetryOperation } from '@braggscape/crystal';
import { operationsProjector, spaceGroupProjector, symmetryParameterization } from '@braggscape/projectors';
import { checkProjector, crystals, faultOf, randomStructure } from '@braggscape/testing';

/** Point at a Wyckoff position such as `x,2x,z+1/4`, with random free coordinates. */
function pointOf(coordinates: string, random: Random): readonly number[] {
  const free: Readonly<Record<string, number>> = { x: random.between(0.05, 0.2), y: random.between(0.22, 0.4), z: random.between(0.05, 0.45) };
  return coordinates.split(',').map((component) =>
    [...component.replaceAll(' ', '').matchAll(/([+-]?)(\d+(?:\/\d+)?)?([xyz])?/g)].reduce((sum, [whole, sign, number, axis]) => {
      if (whole === '') return sum;
      const [top, bottom = '1'] = (number ?? '1').split('/');
      return sum + ((sign === '-' ? -1 : 1) * (Number(top) / Number(bottom)) * (axis === undefined ? 1 : free[axis]));
    }, 0),
  );
}

/** Sites of the orbit of a point, each once. */
function orbit(point: readonly number[], operations: readonly SymmetryOperation[]): number[][] {
  const sites: number[][] = [];
  for (const { rotation: w, translation: t } of operations) {
    const image = [0, 1, 2].map((r) => w[3 * r] * point[0] + w[3 * r + 1] * point[1] + w[3 * r + 2] * point[2] + t[r]);
    const known = sites.some((site) => site.every((value, x) => Math.abs(value - image[x] - Math.round(value - image[x])) < 1e-6));
    if (!known) sites.push(image.map((value) => value - Math.floor(value)));
  }
  return sites;
}

/** A crystal of a setting in a random cell: a special position and, if it is small enough, the general one. */
function crystalOf(hallNumber: number, random: Random, largest: number): { structure: Structure; operations: readonly SymmetryOperation[]; complete: boolean } {
  const { operations, wyckoffs } = spaceGroupSetting(hallNumber);
  const special = wyckoffs[wyckoffs.length - 1];
  const complete = wyckoffs[0].multiplicity <= largest;
  const middle = wyckoffs.find(({ multiplicity }) => multiplicity <= largest) ?? special;
  const sites = [special, middle].map(({ coordinates }) => orbit(pointOf(coordinates, random), operations));
  const any = structureFrom([[5, 0, 0], [0, 6, 0], [0, 0, 7]].map((row, i) => row.map((x, k) => (i === k ? x : random.between(-1, 1)))), [8], [[0, 0, 0]]);
  // The mean over the point group of some metric tensor, by the projector of a lattice of one atom.
  const centred = operations.map(({ rotation }) => ({ rotation, translation: new Float64Array(3) }));
  const { lattice } = operationsProjector(any, centred).project(any);
  return { structure: structureFrom([0, 3, 6].map((row) => [...lattice.subarray(row, row + 3)]), sites.flatMap((group, k) => group.map(() => [38, 8][k])), sites.flat()), operations, complete };
}

/** The same crystal on other axes: columns of P are the new axes, so that x = P·x′. */
function onAxes(structure: Structure, operations: readonly SymmetryOperation[], p: Float64Array): { structure: Structure; operations: readonly SymmetryOperation[] } {
  const inverse = inverse3(p);
  const columns = (m: Float64Array, v: ArrayLike<number>): number[] => [0, 1, 2].map((r) => m[3 * r] * v[0] + m[3 * r + 1] * v[1] + m[3 * r + 2] * v[2]);
  const transposed = Float64Array.of(p[0], p[3], p[6], p[1], p[4], p[7], p[2], p[5], p[8]);
  const frac = structure.frac.slice();
  for (let i = 0; i < frac.length; i += 3) frac.set(columns(inverse, structure.frac.subarray(i, i + 3)), i);
  return {
    structure: { ...structure, lattice: multiply3(transposed, structure.lattice), frac },
    operations: operations.map(({ rotation, translation }) => ({
      rotation: Int8Array.from(multiply3(multiply3(inverse, Float64Array.from(rotation)), p), Math.round),
      translation: Float64Array.from(columns(inverse, translation)),
    })),
  };
}

/** A random change of axes of determinant 1 with small entries. */
function shears(random: Random): Float64Array {
  let p: Float64Array = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  for (let k = 0; k < 2; k++) {
    const shear = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const [i, j] = [random.integer(3), random.integer(2)];
    shear[3 * i + ((i + 1 + j) % 3)] = random.uniform() < 0.5 ? 1 : -1;
    p = multiply3(p, shear);
  }
  return determinant3(p) > 0 ? p : p.map((x) => -x);
}

/** Every setting on several axes, with larger orbits: about a minute. */
const heavy = process.env.BRAGGSCAPE_ALL_SETTINGS === '1';

describe('projectors of all space groups', function () {
  this.timeout(300000);

  it('keep their laws in all 530 settings of the tables, on random axes, in distorted cells', async () => {
    const random = randomFromSeed(8);
    const groups = new Set<number>();
    for (let hallNumber = 1; hallNumber <= settingCount; hallNumber++) {
      const { structure, operations } = crystalOf(hallNumber, random, heavy ? 48 : 16);
      const { number, symbol } = spaceGroupSetting(hallNumber);
      groups.add(number);
      const turned = heavy ? [onAxes(structure, operations, shears(random)), onAxes(structure, operations, shears(random))] : hallNumber % 3 === 0 ? [onAxes(structure, operations, shears(random))] : [];
      for (const given of [{ structure, operations }, ...turned]) {
        const projector = operationsProjector(given.structure, given.operations);
        expect(projector.violation(given.structure), symbol).to.be.lessThan(1e-9);
        const distorted = distortCoordinates(distortLattice(given.structure, 0.15, random), 0.05, random);
        try {
          await checkProjector(projector, [distorted], { directions: 3, seed: hallNumber });
        } catch (error) {
          throw new Error(`setting ${hallNumber}, ${symbol}: ${String(error)}`, { cause: error });
        }
        const projected = projector.project(distorted);
        expect(determinant3(projected.lattice), symbol).to.be.greaterThan(0);
      }
    }
    expect(groups.size).to.equal(230);
  });

  it('give structures of the group, as the symmetry finder sees them', () => {
    const random = randomFromSeed(9);
    for (let hallNumber = 1; hallNumber <= settingCount; hallNumber += heavy ? 1 : 7) {
      const { structure, operations, complete } = crystalOf(hallNumber, random, heavy ? 192 : 48);
      const distorted = distortCoordinates(distortLattice(structure, 0.1, random), 0.02, random);
      const found = findSymmetry(operationsProjector(structure, operations).project(distorted), { symprec: 1e-4 });
      const { number, symbol } = spaceGroupSetting(hallNumber);
      if (complete) expect(found.number, symbol).to.equal(number);
      expect(found.operations.length, symbol).to.be.at.least(operations.length);
    }
  });

  it('are those that a search with a tolerance leads to, with the same degrees of freedom in a vector', () => {
    const random = randomFromSeed(10);
    for (let hallNumber = 3; hallNumber <= settingCount; hallNumber += heavy ? 1 : 40) {
      const { structure, operations } = crystalOf(hallNumber, random, 24);
      const nearly = distortCoordinates(structure, 0.0005, random);
      const projector = spaceGroupProjector(nearly, 0.05);
      const symmetric = projector.project(nearly);
      expect(nearGroups(symmetric, { distance: 1e-6, strain: 1e-6 }).some((group) => group.operations.length >= operations.length) || operations.length === 1, String(hallNumber)).to.equal(true);
      const { free: freed } = operationsProjector(structure, operations);
      expect(projector.removedDof(nearly), String(hallNumber)).to.be.at.least(6 + 3 * structure.numbers.length - freed.cell - freed.coordinates);
      const { free } = operationsProjector(structure, operations);
      const map = symmetryParameterization(structure, operations);
      expect(map.size).to.equal(free.cell + free.coordinates);
      const x = Float64Array.from({ length: map.size }, () => random.between(-0.2, 0.2));
      map.pack(map.unpack(x)).forEach((value, i) => expect(value).to.be.closeTo(x[i], 1e-9));
    }
  });

  it('keep the orientation and what they need not change', () => {
    const structure = randomStructure(randomFromSeed(2), { sites: 2 });
    const inversion = operationsProjector({ ...structure, frac: Float64Array.of(0.1, 0.2, 0.3, -0.1, -0.2, -0.3), numbers: Uint8Array.of(8, 8), occupancy: Float64Array.of(1, 1) }, [
      { rotation: Int8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), translation: new Float64Array(3) },
      { rotation: Int8Array.of(-1, 0, 0, 0, -1, 0, 0, 0, -1), translation: new Float64Array(3) },
    ]);
    inversion.project(structure).lattice.forEach((value, i) => expect(value).to.be.closeTo(structure.lattice[i], 1e-12));
    expect(inversion.removedDof(structure)).to.equal(3);
  });

  it('refuse operations that are no group, or that the sites do not follow', () => {
    const { operations } = spaceGroupSetting(16);
    const four = [...operations.slice(0, 3)];
    const site = (x: readonly number[]): Structure => structureFrom([[4, 0, 0], [0, 5, 0], [0, 0, 6]], [8, 8, 8, 8], orbit(x, operations));
    expect(faultOf(() => operationsProjector(site([0.1, 0.2, 0.3]), four)).code).to.equal('option.invalid');
    expect(faultOf(() => operationsProjector(crystals.rutile, spaceGroupSetting(16).operations.map((o) => ({ ...o, translation: Float64Array.of(0.1, 0, 0) })))).code).to.equal('symmetry.failed');
    expect(faultOf(() => spaceGroupSetting(531)).path).to.equal('hallNumber');
  });
});
