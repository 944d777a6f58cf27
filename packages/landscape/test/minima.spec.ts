import { expect } from 'chai';
import { localMinima, minimumDepths, steepestDescent, surface, gridAxis } from '@braggscape/landscape';
import { line, plane, twoWells } from './surfaces.js';

describe('minima and basins', () => {
  it('a bowl has one minimum, whose basin is the whole slice', () => {
    const { minima, basins } = localMinima(plane((x, y) => (x - 0.2) ** 2 + (y / 10) ** 2, [-1, 1, 21], [-10, 10, 41]));
    expect(minima).to.have.length(1);
    const [only] = minima;
    expect(only.at[0]).to.be.closeTo(0.2, 1e-12);
    expect(only.at[1]).to.be.closeTo(0, 1e-12);
    expect(only.basinFraction).to.be.closeTo(1, 1e-12);
    expect(only.basinArea).to.be.closeTo(2 * 20, 1e-9);
    expect(only.depth).to.be.closeTo(1.2 ** 2 + 1, 1e-12);
    expect(only.onEdge).to.equal(false);
    expect(new Set(basins).size).to.equal(1);
  });

  it('depth is the climb to a lower minimum, basins meet at the pass, volumes are what a basin holds', () => {
    const slice = line(twoWells, -5, 5, 2001);
    const { minima } = localMinima(slice);
    expect(minima.map(({ at }) => Number(at[0].toFixed(2)))).to.deep.equal([-2, 2]);
    // The pass between two Gaussians, found by bisection of the slope.
    let [low, high] = [-1, 1.9];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (twoWells(middle + 1e-6) > twoWells(middle - 1e-6)) low = middle;
      else high = middle;
    }
    const pass = twoWells(low);
    expect(minima[1].depth).to.be.closeTo(pass - twoWells(2), 1e-4);
    expect(minima[1].basinArea).to.be.closeTo(5 - low, 0.01);
    expect(minima[0].basinArea + minima[1].basinArea).to.be.closeTo(10, 1e-9);
    let held = 0;
    for (let x = low; x < 5; x += 1e-3) held += Math.max(0, pass - twoWells(x)) * 1e-3;
    expect(minima[1].basinVolume).to.be.closeTo(held, 1e-3);
    expect(minima[0].depth).to.be.closeTo(0 - twoWells(-2), 1e-3);
  });

  it('counts the minima of an egg box, and tells those on the edge', () => {
    const box = plane((x, y) => Math.cos(2 * Math.PI * x) + Math.cos(2 * Math.PI * y), [0, 3, 61], [0, 3, 61]);
    const { minima } = localMinima(box);
    expect(minima).to.have.length(9);
    expect(minima.filter(({ onEdge }) => onEdge)).to.have.length(0);
    for (const { basinFraction } of minima) expect(basinFraction).to.be.closeTo(1 / 9, 0.02);
    const shifted = localMinima(plane((x, y) => -Math.cos(2 * Math.PI * x) - Math.cos(2 * Math.PI * y), [0, 2, 41], [0, 2, 41]));
    expect(shifted.minima).to.have.length(9);
    expect(shifted.minima.filter(({ onEdge }) => onEdge)).to.have.length(8);
  });

  it('minima as shallow as rounding are none, and their basins join the one they run over into', () => {
    const rough = line((x) => x * x + 2e-5 * Math.sin(1e4 * x), -1, 1, 4001);
    expect(localMinima(rough, { tolerance: 0 }).minima.length).to.be.above(1);
    const { minima, basins } = localMinima(rough);
    expect(minima).to.have.length(1);
    expect(minima[0].basinFraction).to.be.closeTo(1, 1e-12);
    expect(basins.every((basin) => basin === minima[0].index)).to.equal(true);
  });

  it('a plateau belongs to its way down; one without is a single minimum', () => {
    const step = line((x) => (x < 0.5 ? 1 : 1 - (x - 0.5)), 0, 1, 11);
    expect([...steepestDescent(step)]).to.deep.equal(new Array(11).fill(10));
    const trough = line((x) => Math.max(0, Math.abs(x) - 0.5), -1, 1, 21);
    const { minima } = localMinima(trough);
    expect(minima).to.have.length(1);
    expect(minima[0].basinFraction).to.be.closeTo(1, 1e-12);
    const constant = localMinima(line(() => 3, 0, 1, 5));
    expect(constant.minima).to.have.length(1);
  });

  it('points without a value are walls that belong to no basin', () => {
    const wall = line((x) => (Math.abs(x) < 0.11 ? Number.NaN : (Math.abs(x) - 0.6) ** 2), -1, 1, 21);
    const { minima, basins } = localMinima(wall);
    expect(minima.map(({ at }) => Math.abs(at[0]).toFixed(1))).to.deep.equal(['0.6', '0.6']);
    expect(basins[10]).to.equal(-1);
    expect(minimumDepths(wall).size).to.equal(2);
  });

  it('basins do not depend on the units of the axes', () => {
    const f = (x: number, y: number): number => Math.sin(5 * x) + Math.sin(4 * y + x) + 0.3 * x;
    const one = localMinima(plane(f, [0, 3, 31], [0, 3, 37]));
    const other = localMinima(plane((x, y) => f(x / 1000, 20 * y), [0, 3000, 31], [0, 0.15, 37]));
    expect([...other.basins]).to.deep.equal([...one.basins]);
  });

  it('refuses what is no surface', () => {
    const axis = gridAxis('a', 'Å', 0, 1, 3);
    expect(() => surface([], new Float64Array(0))).to.throw(/one or two axes/);
    expect(() => surface([axis], new Float64Array(4))).to.throw(/4 values for 3 points/);
    expect(() => surface([{ ...axis, values: Float64Array.of(0, 1, 3) }], new Float64Array(3))).to.throw(/even steps/);
  });
});
