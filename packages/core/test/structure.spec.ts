import { expect } from 'chai';
import fc from 'fast-check';
import {
  siteCount,
  structureFrom,
  structureFromJson,
  structureToJson,
  twoThetaAxis,
  withFields,
  zeroGradient,
} from '@braggscape/core';
import type { Structure } from '@braggscape/core';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const triple = fc.tuple(finite, finite, finite);
const site = fc.record({ z: fc.integer({ min: 1, max: 118 }), frac: triple, occupancy: finite, uIso: finite, label: fc.string() });
const structures: fc.Arbitrary<Structure> = fc
  .tuple(fc.tuple(triple, triple, triple), fc.array(site, { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([lattice, sites, labelled]) =>
    structureFrom(
      lattice,
      sites.map(({ z }) => z),
      sites.map(({ frac }) => frac),
      {
        occupancy: sites.map(({ occupancy }) => occupancy),
        uIso: sites.map(({ uIso }) => uIso),
        ...(labelled ? { labels: sites.map(({ label }) => label) } : {}),
      },
    ),
  );

const cubic = structureFrom([[4, 0, 0], [0, 4, 0], [0, 0, 4]], [11, 17], [[0, 0, 0], [0.5, 0.5, 0.5]]);

describe('structures', () => {
  it('survive the object form exactly', () => {
    fc.assert(
      fc.property(structures, (structure) => {
        expect(structureFromJson(structureToJson(structure))).to.deep.equal(structure);
      }),
    );
  });

  it('survive JSON text; only the sign of zero is lost', () => {
    fc.assert(
      fc.property(structures, (structure) => {
        const back = structureFromJson(JSON.parse(JSON.stringify(structureToJson(structure))) as never);
        for (const key of ['lattice', 'frac', 'occupancy', 'uIso'] as const) {
          expect(back[key].every((value, i) => value === structure[key][i])).to.equal(true);
        }
        expect(back.numbers).to.deep.equal(structure.numbers);
        expect(back.labels).to.deep.equal(structure.labels);
      }),
    );
  });

  it('have full occupancy and no displacement unless told', () => {
    expect([...cubic.occupancy]).to.deep.equal([1, 1]);
    expect([...cubic.uIso]).to.deep.equal([0, 0]);
    expect('labels' in cubic).to.equal(false);
    expect(siteCount(cubic)).to.equal(2);
    expect([...cubic.lattice]).to.deep.equal([4, 0, 0, 0, 4, 0, 0, 0, 4]);
  });

  it('are replaced, not changed', () => {
    const moved = withFields(cubic, { frac: Float64Array.of(0.1, 0, 0, 0.5, 0.5, 0.5) });
    expect(cubic.frac[0]).to.equal(0);
    expect(moved.frac[0]).to.equal(0.1);
    expect(moved.lattice).to.equal(cubic.lattice);
  });

  it('have a zero gradient of their shape', () => {
    const { lattice, frac, uIso, occupancy } = zeroGradient(cubic);
    expect([lattice.length, frac.length, uIso.length, occupancy.length]).to.deep.equal([9, 6, 2, 2]);
    expect([...lattice, ...frac, ...uIso, ...occupancy].every((value) => value === 0)).to.equal(true);
  });
});

describe('twoThetaAxis', () => {
  it('runs evenly from one end to the other', () => {
    const axis = twoThetaAxis({ start: 5, stop: 90, count: 8501 });
    expect(axis).to.have.length(8501);
    expect(axis[0]).to.equal(5);
    expect(axis[8500]).to.be.closeTo(90, 1e-12);
    expect(axis[1] - axis[0]).to.be.closeTo(0.01, 1e-12);
  });

  it('ascends strictly', () => {
    const angle = fc.double({ min: 1, max: 80, noNaN: true });
    fc.assert(
      fc.property(angle, angle, fc.integer({ min: 2, max: 500 }), (start, width, count) => {
        const axis = twoThetaAxis({ start, stop: start + width, count });
        expect(axis.every((angle, i) => i === 0 || angle > axis[i - 1])).to.equal(true);
      }),
    );
  });

  it('of one point is its start', () => {
    expect([...twoThetaAxis({ start: 7, stop: 9, count: 1 })]).to.deep.equal([7]);
  });
});
