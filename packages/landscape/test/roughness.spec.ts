import { expect } from 'chai';
import { analyseSurface, autocorrelationLengths, barrierAlong, convexFraction, gradientAgreement, interpolate, nearestPoint, straightPaths, totalVariation } from '@braggscape/landscape';
import { line, plane, twoWells } from './surfaces.js';

describe('roughness of analytic surfaces', () => {
  it('total variation: 1 for a ramp, 2 n for n waves, in any units', () => {
    expect(totalVariation(line((x) => 5 - 3 * x, 0, 7, 11))).to.be.closeTo(1, 1e-12);
    expect(totalVariation(plane((x) => 4 * x, [0, 10, 11], [0, 1, 7]))).to.be.closeTo(1, 1e-12);
    expect(totalVariation(line((x) => Math.cos(2 * Math.PI * 3 * x), 0, 1, 601))).to.be.closeTo(6, 1e-3);
    expect(totalVariation(line(() => 1, 0, 1, 5))).to.equal(0);
    // A cone of slope 1 in scaled axes over its range √½.
    expect(totalVariation(plane((x, y) => Math.hypot(x - 0.5, y - 0.5), [0, 1, 201], [0, 1, 201]))).to.be.closeTo(Math.SQRT2, 0.01);
  });

  it('autocorrelation length: that of a cosine is where its cosine is 1/e, on the axis along which it varies', () => {
    const k = 2 * Math.PI * 10;
    const [along] = autocorrelationLengths(line((x) => Math.cos(k * x), 0, 1, 2001));
    expect(along).to.be.closeTo(Math.acos(Math.exp(-1)) / k, 5e-4);
    const [x, y] = autocorrelationLengths(plane((p) => Math.cos(k * p), [0, 1, 401], [0, 9, 11]));
    expect(x).to.be.closeTo(Math.acos(Math.exp(-1)) / k, 1e-3);
    expect(y).to.equal(9);
  });

  it('barriers: none downhill, the bump of a bump, walls where there is no value', () => {
    expect(barrierAlong([3, 2, 1])).to.deep.equal({ aboveStart: 0, climb: 0 });
    expect(barrierAlong([1, 0, 2, 0.5])).to.deep.equal({ aboveStart: 1, climb: 2 });
    expect(barrierAlong([1, Number.NaN, 0]).climb).to.equal(Infinity);
  });

  it('straight paths home: all downhill in a bowl; from the false well the climb is its depth', () => {
    const bowl = straightPaths(plane((x, y) => x * x + 3 * y * y, [-1, 1, 21], [-1, 1, 21]), [0, 0]);
    expect(bowl).to.deep.equal({ downhillFraction: 1, medianClimb: 0, largestClimb: 0 });
    const wells = line(twoWells, -5, 5, 1001);
    const { largestClimb, downhillFraction } = straightPaths(wells, [-2], { tolerance: 1e-9 });
    const { roughness } = analyseSurface(wells, [-2]);
    expect(largestClimb).to.be.closeTo(roughness.deepestFalseMinimum!, 1e-6);
    expect(downhillFraction).to.be.closeTo(roughness.basinFraction!, 2e-3);
  });

  it('straight paths from a part of the points of a large grid say the same', () => {
    const f = (x: number, y: number): number => twoWells(x) + 0.1 * y * y;
    const [some, all] = [plane(f, [-5, 5, 301], [-3, 3, 251]), plane(f, [-5, 5, 151], [-3, 3, 126])].map((slice) => straightPaths(slice, [-2, 0]));
    expect(some.downhillFraction).to.be.closeTo(all.downhillFraction, 0.01);
    expect(some.largestClimb).to.be.closeTo(all.largestClimb, 0.01);
  });

  it('gradient agreement: 1 in a round bowl, −1 on a hill, 0 across the way', () => {
    const centred = [0, 0];
    expect(gradientAgreement(plane((x, y) => x * x + y * y, [-1, 1, 41], [-1, 1, 41]), centred).meanCosine).to.be.closeTo(1, 5e-3);
    const hill = gradientAgreement(plane((x, y) => -x * x - y * y, [-1, 1, 41], [-1, 1, 41]), centred);
    expect(hill.meanCosine).to.be.closeTo(-1, 5e-3);
    expect(hill.towardsHome).to.equal(0);
    const twist = gradientAgreement(plane((x, y) => Math.atan2(y, x), [-1, -0.5, 21], [-0.25, 0.25, 21]), centred);
    expect(Math.abs(twist.meanCosine)).to.be.below(0.3);
    const valley = gradientAgreement(plane((x, y) => 100 * x * x + y * y, [-1, 1, 41], [-1, 1, 41]), centred);
    expect(valley.towardsHome).to.be.closeTo(1, 1e-9);
    expect(valley.meanCosine).to.be.within(0.5, 0.9);
  });

  it('convexity: all of a bowl, nothing of a saddle or a hill, half of a wave, the quarter of an egg box', () => {
    expect(convexFraction(plane((x, y) => x * x + x * y + y * y, [-1, 1, 21], [-1, 1, 31]))).to.equal(1);
    expect(convexFraction(plane((x, y) => x * x + 3 * x * y + y * y, [-1, 1, 21], [-1, 1, 21]))).to.equal(0);
    expect(convexFraction(plane((x, y) => -x * x - y * y, [-1, 1, 21], [-1, 1, 21]))).to.equal(0);
    expect(convexFraction(line((x) => Math.cos(2 * Math.PI * x), 0, 5, 2001))).to.be.closeTo(0.5, 0.01);
    expect(convexFraction(plane((x, y) => Math.cos(2 * Math.PI * x) + Math.cos(2 * Math.PI * y), [0, 2, 201], [0, 2, 201]))).to.be.closeTo(0.25, 0.02);
    // Flat along one axis is convex still.
    expect(convexFraction(plane((x) => x ** 4, [-1, 1, 21], [-1, 1, 21]))).to.equal(1);
  });

  it('all numbers of two wells together', () => {
    const { roughness, trueMinimum, minima } = analyseSurface(line(twoWells, -5, 5, 1001), [-2]);
    expect(roughness.localMinima).to.equal(2);
    expect(roughness.edgeMinima).to.equal(0);
    expect(trueMinimum).to.equal(minima[0]);
    expect(roughness.offset).to.be.closeTo(0, 2e-3);
    expect(roughness.atTruth).to.be.closeTo(-2, 1e-6);
    expect(roughness.basinArea! + minima[1].basinArea).to.be.closeTo(10, 1e-9);
    // 2 down, 2 up, 1 down and 1 up over a range of 2.
    expect(roughness.totalVariation).to.be.closeTo(3, 1e-2);
    const without = analyseSurface(line(twoWells, -5, 5, 101)).roughness;
    expect([without.basinFraction, without.straightMedianClimb, without.gradientMeanCosine]).to.deep.equal([null, null, null]);
    expect(analyseSurface(line(twoWells, -5, 5, 101), [7]).roughness.basinFraction).to.equal(null);
  });

  it('there is nothing to analyse where there is no value', () => {
    expect(() => analyseSurface(line(() => Number.NaN, 0, 1, 5))).to.throw(/no value anywhere/);
  });

  it('interpolation is linear between points and exact on them', () => {
    const slice = plane((x, y) => 2 * x - y, [0, 1, 3], [0, 10, 5]);
    expect(interpolate(slice, [0.3, 7.1])).to.be.closeTo(0.6 - 7.1, 1e-12);
    expect(interpolate(slice, [1, 10])).to.equal(-8);
    expect(interpolate(slice, [1.2, 5])).to.be.NaN;
    expect(nearestPoint(slice.axes, [0.6, 9])).to.equal(1 + 3 * 4);
    expect(nearestPoint(slice.axes, [2, 9])).to.equal(undefined);
  });
});
