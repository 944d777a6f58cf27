import { expect } from 'chai';
import fc from 'fast-check';
import { determinant3, randomFromSeed, structureFrom } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { cellFromLattice, distortCoordinates, distortLattice, latticeFromCell } from '@braggscape/crystal';
import { boundsPresets, boundsProjector, composeProjectors, familyProjector, minimumDistanceProjector, rampProjector, softProjector, spaceGroupProjector } from '@braggscape/projectors';
import { checkProjector, crystals, faultOf, randomStructure } from '@braggscape/testing';

const seeds = fc.integer({ min: 0, max: 1e6 });
/** Strongly distorted, often far outside every bound. */
const wild = (structure: Structure, seed: number): Structure => {
  const random = randomFromSeed(seed);
  const stretched = { ...structure, lattice: structure.lattice.map((x, i) => x * Math.exp(0.6 * Math.sin(seed + Math.floor(i / 3)))) };
  return distortCoordinates(distortLattice(stretched, 0.3, random), 0.1, random);
};
const cellOf = (lattice: Float64Array): Structure => ({ ...crystals.copper, lattice });
const volumeOf = ({ lattice }: Structure): number => determinant3(lattice);

describe('bounds', () => {
  for (const [name, bounds] of Object.entries(boundsPresets)) {
    it(`${name}: keep the laws of a projector inside and outside, with the derivative from the inside on them`, async () => {
      await fc.assert(
        fc.asyncProperty(seeds, async (seed) => {
          const start = randomStructure(randomFromSeed(seed), { sites: 2 });
          await checkProjector(boundsProjector(start, bounds), [start, wild(start, seed)], { seed, tolerance: 1e-5 });
        }),
        { numRuns: 30 },
      );
    });

    it(`${name}: hold whatever cell comes`, () => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const start = randomStructure(randomFromSeed(seed), { sites: 2 });
          const projector = boundsProjector(start, bounds);
          const held = projector.project(wild(start, seed + 1));
          const [before, after] = [start, held].map(({ lattice }) => cellFromLattice(lattice));
          for (let i = 0; i < 3; i++) {
            expect(after[i] / before[i]).to.be.within(bounds.lengths[0] * (1 - 1e-8), bounds.lengths[1] * (1 + 1e-8));
            expect(after[3 + i]).to.be.within(Math.min(bounds.angles[0], before[3 + i]) - 1e-6, Math.max(bounds.angles[1], before[3 + i]) + 1e-6);
            expect(Math.abs(after[3 + i] - before[3 + i])).to.be.at.most(bounds.angleChange + 1e-6);
          }
          expect(volumeOf(held) / volumeOf(start)).to.be.within(bounds.volume[0] * (1 - 1e-6), bounds.volume[1] * (1 + 1e-6));
        }),
        { numRuns: 200 },
      );
    });
  }

  it('leave what is inside untouched, and say where they are reached', () => {
    const start = cellOf(latticeFromCell([4, 5, 6, 90, 90, 90]));
    const projector = boundsProjector(start, boundsPresets.tight);
    expect(projector.project(start)).to.equal(start);
    expect(projector.atBound?.(start)).to.deep.equal([]);
    const held = projector.project(cellOf(latticeFromCell([4.4, 5, 6, 90, 97, 90])));
    expect([...cellFromLattice(held.lattice)].map((x) => Number(x.toFixed(9)))).to.deep.equal([4.2, 5, 6, 90, 95, 90]);
    expect(projector.atBound?.(held)).to.deep.equal(['cell.a', 'cell.beta']);
  });

  it('make the volume fit by all lengths that may still move', () => {
    const start = cellOf(latticeFromCell([4, 4, 4, 90, 90, 90]));
    const held = boundsProjector(start).project(cellOf(latticeFromCell([8, 8, 4, 90, 90, 90])));
    expect(volumeOf(held)).to.be.closeTo(2.5 * 64, 1e-6);
    const [a, b, c] = cellFromLattice(held.lattice);
    expect(a / c).to.be.closeTo(2, 1e-9);
    expect(a).to.be.closeTo(b, 1e-9);
  });

  it('are refused where they are none', () => {
    const fault = (change: object): string => faultOf(() => boundsProjector(crystals.copper, { ...boundsPresets.wide, ...change })).path ?? '';
    expect(fault({ lengths: [1.1, 2] })).to.equal('lengths');
    expect(fault({ volume: [0, 2] })).to.equal('volume');
    expect(fault({ angles: [120, 60] })).to.equal('angles');
    expect(fault({ angleChange: -1 })).to.equal('angleChange');
    expect(fault({ minimumDistance: 2 })).to.equal('minimumDistance');
  });
});

describe('minimum distances', () => {
  const near = (seed: number): Structure => randomStructure(randomFromSeed(seed), { sites: 4, elements: [8, 14], disordered: false });

  it('keep the laws of a projector, with gradients through every push', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const structure = near(seed);
      const projector = minimumDistanceProjector(structure, 0.7);
      const projected = projector.project(structure);
      if (seed === 0) expect(projected.frac).not.to.deep.equal(structure.frac);
      await checkProjector({ ...projector, violation: (s) => Math.max(0, projector.violation(s)) }, [structure], { tolerance: 1e-5 });
    }
  });

  it('part atoms that lie on top of each other, and name the pair', () => {
    const start = structureFrom([[5, 0, 0], [0, 5, 0], [0, 0, 5]], [8, 8], [[0.2, 0.2, 0.2], [0.2, 0.2, 0.2]]);
    const projector = minimumDistanceProjector(start, 0.5);
    const parted = projector.project(start);
    const d = [0, 1, 2].map((x) => 5 * (parted.frac[3 + x] - parted.frac[x]));
    expect(Math.hypot(...d)).to.be.closeTo(0.66, 1e-6);
    expect(projector.atBound?.(parted)).to.deep.equal(['distance O1–O2']);
  });

  it('give up with a typed error where there is no room', () => {
    const crowd = structureFrom([[2, 0, 0], [0, 2, 0], [0, 0, 2]], [38, 38, 38], [[0, 0, 0], [0.5, 0.1, 0], [0, 0.4, 0.5]]);
    expect(faultOf(() => minimumDistanceProjector(crowd, 1).project(crowd)).code).to.equal('structure.unsupported');
  });
});

describe('composed projectors', () => {
  const start = randomStructure(randomFromSeed(5), { sites: 3 });

  it('satisfy all of them at a fixed point, with right gradients', async () => {
    const both = composeProjectors([familyProjector('tetragonal', { average: 'metric' }), boundsProjector(start, { ...boundsPresets.wide, lengths: [0.8, 1.3], volume: [0.9, 1.2] })]);
    for (const seed of [1, 2, 3]) await checkProjector(both, [wild(start, seed)], { tolerance: 1e-5 });
  });

  it('keep a crystal symmetric while they hold it within bounds', () => {
    const projector = composeProjectors([spaceGroupProjector(crystals.rutile), boundsProjector(crystals.rutile, boundsPresets.tight)]);
    const held = projector.project(wild(crystals.rutile, 2));
    expect(spaceGroupProjector(crystals.rutile).violation(held)).to.be.lessThan(1e-9);
    expect(boundsProjector(crystals.rutile, boundsPresets.tight).violation(held)).to.be.lessThan(1e-9);
    expect(projector.atBound?.(held)).to.include('cell.a');
  });

  it('say that there is no fixed point', () => {
    // A start that is far from square, held within 5 %, cannot become tetragonal.
    const oblong = cellOf(latticeFromCell([4, 6, 5, 90, 90, 90]));
    const projector = composeProjectors([familyProjector('tetragonal'), boundsProjector(oblong, boundsPresets.tight)]);
    const fault = faultOf(() => projector.project(oblong));
    expect(fault.code).to.equal('structure.unsupported');
    expect(fault.message).to.contain('tetragonal and bounds');
    expect(faultOf(() => composeProjectors([])).code).to.equal('option.invalid');
  });

  it('have the stages of their parts, soft parts first', async () => {
    const ramp = composeProjectors([boundsProjector(start), rampProjector(familyProjector('cubic'), [0.5, 1])]);
    expect(ramp.stages).to.have.length(2);
    const [soft, strict] = ramp.stages ?? [];
    const structure = wild(start, 8);
    expect(soft.feasible?.(structure).lattice).to.deep.equal(boundsProjector(start).project(structure).lattice);
    await checkProjector(soft, [structure], { tolerance: 1e-5 });
    expect(familyProjector('cubic').violation(strict.project(structure))).to.be.lessThan(1e-9);
    expect(softProjector(familyProjector('cubic'), 0.5).id).to.equal('cubic');
  });
});
