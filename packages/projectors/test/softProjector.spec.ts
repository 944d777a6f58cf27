import { expect } from 'chai';
import { randomFromSeed } from '@braggscape/core';
import { familyProjector, rampProjector, softProjector, spaceGroupProjector } from '@braggscape/projectors';
import { checkProjector, crystals, faultOf, randomStructure, structureToVector } from '@braggscape/testing';

const structures = [1, 2].map((seed) => randomStructure(randomFromSeed(seed), { sites: 3 }));
const projectors = [familyProjector('tetragonal'), familyProjector('hexagonal', { average: 'metric' }), spaceGroupProjector(crystals.rutile)];
const at = (id: string) => (id === 'spacegroup' ? [1, 2].map((seed) => ({ ...crystals.rutile, frac: crystals.rutile.frac.map((x, i) => x + 0.02 * Math.sin(seed * i)) })) : structures);

describe('part of the way to a constraint', () => {
  for (const projector of projectors) {
    it(`is the identity at strength 0 and ${projector.id} at strength 1`, () => {
      for (const structure of at(projector.id)) {
        expect(softProjector(projector, 0).project(structure)).to.equal(structure);
        expect(softProjector(projector, 1)).to.equal(projector);
      }
    });

    it(`has right gradients towards ${projector.id} and moves violations by its strength`, async () => {
      for (const strength of [0, 0.3, 0.9]) {
        const soft = softProjector(projector, strength);
        await checkProjector(soft, at(projector.id));
        for (const structure of at(projector.id)) {
          const [free, bound, between] = [structure, projector.project(structure), soft.project(structure)].map(structureToVector);
          between.forEach((value, i) => expect(value).to.be.closeTo(free[i] + strength * (bound[i] - free[i]), 1e-12));
          expect(soft.feasible?.(structure)).to.equal(structure);
          expect(soft.violation(soft.project(structure))).to.be.lessThan(projector.violation(structure) * (1 - strength) * 1.3 + 1e-12);
        }
      }
    });
  }

  it('grows in stages', () => {
    const ramp = rampProjector(projectors[0], [0, 0.5, 1]);
    expect(ramp.stages?.map((stage) => stage.violation(stage.project(structures[0])))).to.satisfy(([a, b, c]: number[]) => a > b && b > c && c < 1e-12);
    expect(ramp.project(structures[0])).to.deep.equal(projectors[0].project(structures[0]));
  });

  it('refuses strengths outside 0 to 1, and none', () => {
    expect(faultOf(() => softProjector(projectors[0], 1.2)).report).to.contain('1.2');
    expect(faultOf(() => rampProjector(projectors[0], [0, Number.NaN])).code).to.equal('option.invalid');
    expect(faultOf(() => rampProjector(projectors[0], [])).code).to.equal('option.invalid');
  });
});
