import { expect } from 'chai';
import fc from 'fast-check';
import { boxOf, dominates, hypervolume, insert, kneeOf, near, nonDominated, normalized, sorted } from '@braggscape/pipeline';
import type { Archive, ArchiveEntry } from '@braggscape/pipeline';

/** Small whole numbers, so that ties and equal points are met. */
const vector = (n: number) => fc.array(fc.integer({ min: 0, max: 6 }), { minLength: n, maxLength: n });
const vectors = (n: number, most = 12) => fc.array(vector(n), { minLength: 1, maxLength: most });
const itself = <T>(value: T): T => value;
const filled = (points: readonly (readonly number[])[], tolerances?: readonly number[]): Archive<ArchiveEntry> =>
  points.reduce<Archive<ArchiveEntry>>((archive, values) => insert(archive, { values }, tolerances).archive, []);

describe('dominance', () => {
  it('is a strict partial order', () => {
    fc.assert(fc.property(vector(3), vector(3), vector(3), (a, b, c) => {
      expect(dominates(a, a)).to.equal(false);
      expect(dominates(a, b) && dominates(b, a)).to.equal(false);
      if (dominates(a, b) && dominates(b, c)) expect(dominates(a, c)).to.equal(true);
    }));
  });

  it('is never won by values that are not finite', () => {
    expect(dominates([Number.NaN, 0], [1, 1])).to.equal(false);
    expect(nonDominated([[1, 1], [Number.NaN, 0], [0, Infinity]], itself)).to.deep.equal([[1, 1]]);
  });

  it('leaves points that do not dominate each other, and drops none without a better one', () => {
    fc.assert(fc.property(vectors(3), (points) => {
      const front = nonDominated(points, itself);
      for (const a of front) for (const b of front) expect(dominates(a, b)).to.equal(false);
      for (const point of points) expect(front.some((kept) => dominates(kept, point) || near(kept, point, [0, 0, 0]))).to.equal(true);
    }));
  });
});

describe('archive', () => {
  it('is the non-dominated set of what it was offered, in any order', () => {
    fc.assert(fc.property(vectors(2), (points) => {
      const expected = sorted(nonDominated(points, itself).map((values) => ({ values }))).map(({ values }) => values);
      expect(sorted(filled(points)).map(({ values }) => values)).to.deep.equal(expected);
      expect(sorted(filled([...points].reverse())).map(({ values }) => values)).to.deep.equal(expected);
    }));
  });

  it('sorted by the first of two objectives falls strictly in the second', () => {
    fc.assert(fc.property(vectors(2, 20), (points) => {
      const front = sorted(filled(points)).map(({ values }) => values);
      for (let i = 1; i < front.length; i++) {
        expect(front[i][0]).to.be.greaterThan(front[i - 1][0]);
        expect(front[i][1]).to.be.lessThan(front[i - 1][1]);
      }
    }));
  });

  it('keeps within a tolerance one of nearly equal points, and says what leaves', () => {
    const tolerances = [0.1, 0.1];
    const archive = filled([[0, 1], [1, 0]], tolerances);
    expect(insert(archive, { values: [0.05, 0.95] }, tolerances).accepted).to.equal(false);
    expect(insert(archive, { values: [0.5, 0.5] }, tolerances).accepted).to.equal(true);
    const better = insert(archive, { values: [0, 0.95] }, tolerances);
    expect(better.accepted).to.equal(true);
    expect(better.removed).to.deep.equal([{ values: [0, 1] }]);
    expect(insert(archive, { values: [0, Number.NaN] }).accepted).to.equal(false);
  });
});

describe('hypervolume', () => {
  it('of known sets', () => {
    expect(hypervolume([[1, 2]], [3, 5])).to.equal(6);
    expect(hypervolume([[0, 2], [1, 1], [2, 0]], [3, 3])).to.equal(6);
    expect(hypervolume([[0, 0, 0]], [2, 3, 4])).to.equal(24);
    // Three unit boxes less their common corner pieces: 3·4 − 3·2 + 1.
    expect(hypervolume([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [2, 2, 2])).to.equal(7);
    expect(hypervolume([[3, 0], [0, 5]], [3, 5])).to.equal(0);
    expect(hypervolume([], [1, 1])).to.equal(0);
  });

  it('counts the cells of a grid that are dominated, in two to four dimensions', () => {
    for (const n of [2, 3, 4]) {
      fc.assert(fc.property(vectors(n, 8), (points) => {
        const side = 5;
        let cells = 0;
        for (let cell = 0; cell < side ** n; cell++) {
          const corner = Array.from({ length: n }, (_, axis) => Math.floor(cell / side ** axis) % side);
          if (points.some((point) => point.every((value, axis) => value <= corner[axis]))) cells++;
        }
        expect(hypervolume(points, corner(n, side))).to.be.closeTo(cells, 1e-9);
      }), { numRuns: 60 });
    }
  });

  it('grows with any point that is not dominated, and with no other', () => {
    fc.assert(fc.property(vectors(3), vector(3), (points, extra) => {
      const reference = [7, 7, 7];
      const gain = hypervolume([...points, extra], reference) - hypervolume(points, reference);
      const covered = points.some((point) => dominates(point, extra) || near(point, extra, [0, 0, 0]));
      if (covered) expect(gain).to.be.closeTo(0, 1e-9);
      else expect(gain).to.be.greaterThan(0.5);
    }));
  });
});

describe('knee', () => {
  it('is the corner of an angular front, whatever the units', () => {
    const front = [[0, 10], [0.1, 4], [0.2, 1], [2, 0.8], [5, 0]];
    expect(kneeOf(front)).to.equal(2);
    fc.assert(fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), fc.double({ min: -100, max: 100, noNaN: true }), (factor, shift) => {
      expect(kneeOf(front.map(([x, y]) => [x, y * factor + shift]))).to.equal(2);
    }));
  });

  it('lies farthest from the chord of a circle’s quadrant: on its diagonal', () => {
    const quadrant = Array.from({ length: 31 }, (_, i) => [1 - Math.sin((i * Math.PI) / 60), 1 - Math.cos((i * Math.PI) / 60)]);
    expect(kneeOf(quadrant)).to.equal(15);
  });

  it('of one point is that point, of none is none, and of two an end', () => {
    expect(kneeOf([[3, 4]])).to.equal(0);
    expect(kneeOf([])).to.equal(-1);
    expect(kneeOf([[0, 1], [1, 0]])).to.equal(0);
  });

  it('measures in the box between ideal and nadir', () => {
    const box = boxOf([[0, 10], [4, 2]]);
    expect(box).to.deep.equal({ ideal: [0, 2], nadir: [4, 10] });
    expect(normalized([1, 4], box)).to.deep.equal([0.25, 0.25]);
    expect(normalized([3, 3], boxOf([[3, 3]]))).to.deep.equal([0, 0]);
    expect(boxOf([])).to.deep.equal({ ideal: [], nadir: [] });
  });
});

function corner(n: number, side: number): number[] {
  return Array.from({ length: n }, () => side);
}
