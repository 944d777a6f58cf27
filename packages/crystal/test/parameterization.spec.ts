import { expect } from 'chai';
import fc from 'fast-check';
import { dot, multiply3, randomFromSeed } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { structureParameterization, variedBlocks } from '@braggscape/crystal';
import type { VariedBlock } from '@braggscape/crystal';
import { checkGradient, crystals, faultOf, gradientToVector, randomStructure, structureBlocks, structureFromVector, structureToVector } from '@braggscape/testing';

const structures = fc.integer().map((seed) => randomStructure(randomFromSeed(seed)));
const choices: readonly (readonly VariedBlock[])[] = [['cell'], ['coords'], ['uIso'], ['occupancy'], ['cell', 'coords'], variedBlocks];
const turn = Float64Array.of(0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6);

function close(a: Structure, b: Structure, tolerance = 1e-12): void {
  for (const block of structureBlocks) a[block].forEach((value, i) => expect(value).to.be.closeTo(b[block][i], tolerance * 10));
}

describe('structure parameterization', () => {
  for (const vary of choices) {
    for (const units of ['angstrom', 'natural'] as const) {
      it(`of ${vary.join(', ')} in ${units} units gives back what was packed`, () => {
        fc.assert(
          fc.property(structures, (structure) => {
            const parameters = structureParameterization(structure, { vary, units });
            const x = parameters.pack(structure);
            expect(x.length).to.equal(parameters.size);
            expect(parameters.names.length).to.equal(parameters.size);
            expect(parameters.units.length).to.equal(parameters.size);
            close(parameters.unpack(x), structure);
            // The other way round, away from the start.
            const moved = x.map((value, i) => value + 0.01 * Math.sin(i + 1));
            parameters.pack(parameters.unpack(moved)).forEach((value, i) => expect(value).to.be.closeTo(moved[i], 1e-10));
          }),
        );
      });

      it(`of ${vary.join(', ')} in ${units} units pulls gradients back by the transposed derivative`, async () => {
        await fc.assert(
          fc.asyncProperty(structures, fc.integer(), async (structure, seed) => {
            const random = randomFromSeed(seed);
            const parameters = structureParameterization(structure, { vary, units });
            const size = structureToVector(structure).length;
            const cotangent = Float64Array.from({ length: size }, () => random.normal());
            const gradient = structureFromVector(cotangent, structure);
            await checkGradient(
              {
                value: (x) => dot(structureToVector(parameters.unpack(x)), cotangent),
                gradient: (x) => parameters.pullback(x, gradient),
              },
              parameters.pack(structure).map((value) => value + random.between(-0.05, 0.05)),
              { steps: [1e-3, 1e-4] },
            );
          }),
          { numRuns: 15 },
        );
      });
    }
  }

  it('keeps the orientation of the start, right- or left-handed', () => {
    for (const matrix of [turn, turn.map((x) => -x)]) {
      const start: Structure = { ...crystals.rutile, lattice: multiply3(crystals.rutile.lattice, matrix) };
      const parameters = structureParameterization(start, { vary: ['cell'] });
      close(parameters.unpack(parameters.pack(start)), start);
    }
  });

  it('measures everything in Å, so that one step suits lengths, angles and coordinates', () => {
    const start = crystals.rutile;
    const parameters = structureParameterization(start, { vary: ['cell', 'coords'] });
    const x = parameters.pack(start);
    const oxygen = parameters.names.findIndex((name) => name.endsWith('.x') && parameters.names.indexOf(name) >= 12);
    const moved = parameters.unpack(x.map((value, i) => (i === oxygen ? value + 0.1 : value)));
    const shift = (moved.frac[oxygen - 6] - start.frac[oxygen - 6]) * 4.593;
    expect(shift).to.be.closeTo(0.1, 1e-12);
    expect(parameters.units.every((unit) => unit === 'Å')).to.equal(true);
  });

  it('moves species that share a position together', () => {
    const shared: Structure = {
      lattice: Float64Array.of(4, 0, 0, 0, 4, 0, 0, 0, 4),
      frac: Float64Array.of(0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.6, 0.6, 0.6),
      numbers: Uint8Array.of(26, 28, 8),
      occupancy: Float64Array.of(0.5, 0.5, 1),
      uIso: new Float64Array(3),
    };
    const parameters = structureParameterization(shared, { vary: ['coords'] });
    expect(parameters.size).to.equal(6);
    const moved = parameters.unpack(parameters.pack(shared).map((value) => value + 0.2));
    expect([...moved.frac.subarray(0, 3)]).to.deep.equal([...moved.frac.subarray(3, 6)]);
    const gradient = { lattice: new Float64Array(9), frac: new Float64Array(9).fill(1) };
    const pulled = parameters.pullback(parameters.pack(shared), gradient);
    expect(pulled[0] / pulled[3]).to.be.closeTo(2, 1e-12);
    expect(gradientToVector(gradient, shared).length).to.equal(9 + 9 + 6);
  });

  it('says what is wrong', () => {
    const code = (run: () => unknown): string => faultOf(run).code;
    expect(code(() => structureParameterization(crystals.copper, { vary: [] }))).to.equal('option.invalid');
    expect(code(() => structureParameterization(crystals.copper, { vary: ['cel' as never] }))).to.equal('option.invalid');
    const parameters = structureParameterization(crystals.copper, { vary: ['cell'], units: 'natural' });
    expect(code(() => parameters.unpack(Float64Array.of(4, 4, -4, 90, 90, 90)))).to.equal('cell.impossible');
    expect(code(() => parameters.unpack(Float64Array.of(4, 4, 4, 90, 90, Number.NaN)))).to.equal('cell.impossible');
    expect(code(() => parameters.pack(crystals.rutile))).to.equal('structure.invalid');
  });
});
