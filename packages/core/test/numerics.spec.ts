import { expect } from 'chai';
import fc from 'fast-check';
import {
  allFinite,
  determinant3,
  dot,
  identity3,
  inverse3,
  maxAbs,
  multiply3,
  rowTimes3,
  transpose3,
} from '@braggscape/core';

// Hundredths, not arbitrary doubles: those are mostly tiny, and so are the determinants made of them.
const component = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 100);
const matrix = fc.array(component, { minLength: 9, maxLength: 9 }).map((values) => Float64Array.from(values));
const row = fc.array(component, { minLength: 3, maxLength: 3 });

function expectClose(a: Float64Array, b: Float64Array, tolerance: number): void {
  expect(a.length).to.equal(b.length);
  a.forEach((value, i) => {
    expect(Math.abs(value - b[i]), `component ${i}: ${value} against ${b[i]}`).to.be.at.most(tolerance);
  });
}

describe('3×3 matrices', () => {
  const a = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 10);

  it('multiply, invert and take determinants as on paper', () => {
    expect(determinant3(a)).to.equal(-3);
    expect([...multiply3(a, Float64Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0))]).to.deep.equal([3, 1, 2, 6, 4, 5, 10, 7, 8]);
    expectClose(inverse3(a), Float64Array.of(-2 / 3, -4 / 3, 1, -2 / 3, 11 / 3, -2, 1, -2, 1), 1e-14);
    expect([...rowTimes3([1, 0, -1], a)]).to.deep.equal([-6, -6, -7]);
    expect([...transpose3(a)]).to.deep.equal([1, 4, 7, 2, 5, 8, 3, 6, 10]);
  });

  it('are associative, and the identity is neutral', () => {
    fc.assert(
      fc.property(matrix, matrix, matrix, (x, y, z) => {
        expectClose(multiply3(multiply3(x, y), z), multiply3(x, multiply3(y, z)), 1e-10);
        expect([...multiply3(x, identity3())].map((value) => value + 0)).to.deep.equal([...x].map((value) => value + 0));
      }),
    );
  });

  it('have the laws of transpose and determinant', () => {
    fc.assert(
      fc.property(matrix, matrix, (x, y) => {
        expectClose(transpose3(multiply3(x, y)), multiply3(transpose3(y), transpose3(x)), 1e-10);
        expect(determinant3(transpose3(x))).to.be.closeTo(determinant3(x), 1e-9);
        expect(determinant3(multiply3(x, y))).to.be.closeTo(determinant3(x) * determinant3(y), 1e-6);
      }),
    );
  });

  it('times their inverse are the identity', () => {
    fc.assert(
      fc.property(matrix, (x) => {
        fc.pre(Math.abs(determinant3(x)) > 1);
        expectClose(multiply3(x, inverse3(x)), identity3(), 1e-9);
      }),
    );
  });

  it('act on rows from the right', () => {
    fc.assert(
      fc.property(row, matrix, matrix, (v, x, y) => {
        expectClose(rowTimes3(rowTimes3(v, x), y), rowTimes3(v, multiply3(x, y)), 1e-9);
      }),
    );
  });

  it('have no finite inverse where singular', () => {
    expect(allFinite(inverse3(Float64Array.of(1, 2, 3, 2, 4, 6, 1, 0, 1)))).to.equal(false);
  });
});

describe('vectors', () => {
  const vector = fc.float64Array({ noNaN: true, min: -1e6, max: 1e6, maxLength: 20 });

  it('have |a|² = a·a and a largest component that bounds the rest', () => {
    fc.assert(
      fc.property(vector, (a) => {
        expect(dot(a, a)).to.be.at.least(0);
        expect(a.every((value) => Math.abs(value) <= maxAbs(a))).to.equal(true);
        expect(a.length === 0 || a.some((value) => Math.abs(value) === maxAbs(a))).to.equal(true);
      }),
    );
    expect(dot(Float64Array.of(1, 2, 3), Float64Array.of(4, -5, 6))).to.equal(12);
    expect(maxAbs(new Float64Array(0))).to.equal(0);
  });

  it('do not hide what is not finite', () => {
    expect(maxAbs(Float64Array.of(1, Number.NaN, 3))).to.deep.equal(Number.NaN);
    expect(maxAbs(Float64Array.of(1, -Infinity))).to.equal(Infinity);
    expect(allFinite([1, 2, 3])).to.equal(true);
    expect(allFinite([1, Infinity])).to.equal(false);
    expect(allFinite(Float64Array.of(Number.NaN))).to.equal(false);
  });
});
