import { expect } from 'chai';
import { randomFromSeed } from '@braggscape/core';
import type { StructureGradient } from '@braggscape/core';
import { cellFromLattice, findSymmetry } from '@braggscape/crystal';
import { axisLimits, axisPosition, makeSlice, scanAxis } from '@braggscape/pipeline';
import { rutile, u2ti } from './scanStructures.js';

const cellAt = (text: string, value: number): number[] => [...cellFromLattice(makeSlice(u2ti, [scanAxis(text, u2ti, { seed: 0 })]).structureAt([value]).lattice)];

describe('axes of a scan', () => {
  it('a cell parameter moves alone, and tied ones together', () => {
    expect(cellAt('a', 5)[0]).to.be.closeTo(5, 1e-12);
    expect(cellAt('a', 5)[1]).to.be.closeTo(4.828, 1e-9);
    expect(cellAt('gamma', 118)[5]).to.be.closeTo(118, 1e-9);
    const tied = cellAt('a=b', 5);
    expect(tied[0]).to.be.closeTo(5, 1e-12);
    expect(tied[1]).to.be.closeTo(5, 1e-9);
    const ratio = cellAt('a=c', 5);
    expect(ratio[2] / ratio[0]).to.be.closeTo(2.847 / 4.828, 1e-9);
    const angles = cellAt('alpha=beta', 87);
    expect(angles[3]).to.be.closeTo(87, 1e-9);
    expect(angles[4]).to.be.closeTo(87, 1e-9);
  });

  it('a Wyckoff parameter moves all equivalent sites and keeps the space group; a coordinate alone does not', () => {
    const at = (text: string): ReturnType<typeof findSymmetry> => findSymmetry(makeSlice(rutile, [scanAxis(text, rutile, { seed: 0 })]).structureAt([0.28]));
    expect(findSymmetry(rutile).number).to.equal(136);
    expect(at('wyckoff:O1.x').number).to.equal(136);
    expect(at('O1.x').number).to.be.below(136);
    expect(() => scanAxis('wyckoff:Ti1.x', rutile, { seed: 0 })).to.throw(/symmetry fixes Ti1\.x/);
  });

  it('random directions are of unit length in Å, repeat with the seed and leave out what they are told to', () => {
    const length = (text: string, seed: number): { readonly scale: number; readonly direction: Float64Array } => {
      const axis = scanAxis(text, rutile, { seed });
      return { scale: makeSlice(rutile, [axis]).scales[0], direction: axis.direction };
    };
    for (const text of ['random:1', 'random-cell:1', 'random-coords:2']) expect(length(text, 3).scale).to.be.closeTo(1, 1e-12);
    expect(length('random:1', 3).direction).to.deep.equal(length('random:1', 3).direction);
    expect(length('random:1', 4).direction).to.not.deep.equal(length('random:1', 3).direction);
    expect(length('random:2', 3).direction).to.not.deep.equal(length('random:1', 3).direction);
    expect(length('random-coords:1', 3).direction.subarray(0, 6).every((value) => value === 0)).to.equal(true);
    expect(length('random-cell:1', 3).direction.subarray(6).every((value) => value === 0)).to.equal(true);
  });

  it('a path leads from one structure to another, the short way round', () => {
    const there = { ...rutile, lattice: rutile.lattice.map((value) => 1.05 * value), frac: rutile.frac.map((value, i) => (i === 0 ? 0.98 : value)) };
    const slice = makeSlice(rutile, [scanAxis('to:other', rutile, { seed: 0, structureOf: () => there })]);
    const end = slice.structureAt([1]);
    end.lattice.forEach((value, i) => expect(value).to.be.closeTo(there.lattice[i], 1e-9));
    expect(end.frac[0]).to.be.closeTo(-0.02, 1e-12);
    expect(slice.structureAt([0.5]).frac[0]).to.be.closeTo(-0.01, 1e-12);
    expect(() => scanAxis('to:other', u2ti, { seed: 0, structureOf: () => rutile })).to.throw(/other sites/);
  });

  it('modes are directions in Å, counted from the softest', () => {
    const modes = [new Float64Array(24).fill(0, 0).map((_, i) => (i === 6 ? 3 : 0))];
    const axis = scanAxis('mode:1', rutile, { seed: 0, modes });
    expect(axis.direction[6]).to.be.closeTo(1 / 4.594, 1e-12);
    expect(() => scanAxis('mode:2', rutile, { seed: 0, modes })).to.throw(/none of 1 modes/);
  });

  it('ranges are factors or Å for lengths, degrees for angles, fractions for coordinates, or offsets', () => {
    const [a, gamma, x] = ['a', 'gamma', 'O1.x'].map((text) => scanAxis(text, rutile, { seed: 0 }));
    const range = (from: number, to: number, offsets = false): { from: number; to: number; offsets: boolean } => ({ from, to, offsets });
    expect(axisLimits(a, range(0.5, 1.5))).to.deep.equal([0.5 * 4.594, 1.5 * 4.594]);
    expect(axisLimits(a, range(4, 5))).to.deep.equal([4, 5]);
    expect(axisLimits(gamma, range(70, 110))).to.deep.equal([70, 110]);
    expect(axisLimits(gamma, range(-5, 5, true))).to.deep.equal([85, 95]);
    expect(axisLimits(x, range(0.1, 0.4))).to.deep.equal([0.1, 0.4]);
    expect(axisLimits(a)[0]).to.be.closeTo(0.8 * 4.594, 1e-12);
    expect(() => axisLimits(a, range(0, 1.2))).to.throw(/begins at 0 Å/);
    expect(() => axisLimits(a, range(-5, 5, true))).to.throw(/begins at -0.406 Å/);
    expect(() => axisLimits(a, range(1.2, 0.8))).to.throw(/runs from 1.2 to 0.8/);
  });

  it('positions are read as the range of their axis is', () => {
    const [a, gamma] = ['a', 'gamma'].map((text) => scanAxis(text, rutile, { seed: 0 }));
    expect(axisPosition(a, 1.1, { from: 0.8, to: 1.2, offsets: false })).to.equal(1.1 * 4.594);
    expect(axisPosition(a, 4.8, { from: 4, to: 5, offsets: false })).to.equal(4.8);
    expect(axisPosition(a, 1.5, { from: 1, to: 5, offsets: false })).to.equal(1.5);
    expect(axisPosition(a, 0.1, { from: -0.2, to: 0.2, offsets: true })).to.equal(4.594 + 0.1);
    expect(axisPosition(a, 1.1)).to.equal(1.1 * 4.594);
    expect(axisPosition(gamma, -5, { from: -10, to: 10, offsets: true })).to.equal(85);
  });

  it('names what is no axis, with what there is', () => {
    expect(() => scanAxis('alfa', rutile, { seed: 0 })).to.throw(/no axis/);
    expect(() => scanAxis('a=alpha', rutile, { seed: 0 })).to.throw(/ties lengths, angles/);
    expect(() => scanAxis('a=a', rutile, { seed: 0 })).to.throw(/no axis/);
    for (const text of ['random:', 'random-cell:', 'random-coords:x']) expect(() => scanAxis(text, rutile, { seed: 0 })).to.throw(/has no number/);
    expect(() => scanAxis('warp:1', rutile, { seed: 0 })).to.throw(/no axis/);
  });
});

describe('slices', () => {
  const axes = ['b', 'wyckoff:O1.x'].map((text) => scanAxis(text, rutile, { seed: 0 }));
  const skewed = [axes[0], scanAxis('random:1', rutile, { seed: 5 })];

  it('give the position of their own structures back, also where axes are not perpendicular', () => {
    for (const slice of [makeSlice(rutile, axes), makeSlice(rutile, skewed)]) {
      const position = slice.origin.map((value, k) => value + (k === 0 ? 0.3 : -0.1));
      slice.positionOf(slice.structureAt(position)).forEach((value, k) => expect(value).to.be.closeTo(position[k], 1e-9));
    }
    const shifted = { ...rutile, frac: rutile.frac.map((value, i) => (i === 6 ? value + 3 : value)) };
    makeSlice(rutile, axes).positionOf(shifted).forEach((value, k) => expect(value).to.be.closeTo(axes[k].origin, 1e-9));
  });

  it('pull gradients back as central differences have them', () => {
    const random = randomFromSeed(11);
    const gradient: StructureGradient = { lattice: Float64Array.from({ length: 9 }, () => random.normal()), frac: Float64Array.from({ length: 18 }, () => random.normal()) };
    const slice = makeSlice(rutile, skewed);
    // A function with that gradient at the position: linear in the structure's numbers.
    const value = (position: readonly number[]): number => {
      const { lattice, frac } = slice.structureAt(position);
      return lattice.reduce((sum, x, i) => sum + x * gradient.lattice[i], 0) + frac.reduce((sum, x, i) => sum + x * gradient.frac[i], 0);
    };
    const at = [4.7, 0.2];
    slice.pullback(at, gradient).forEach((slope, k) => {
      const [up, down] = [1e-5, -1e-5].map((step) => value(at.map((x, i) => (i === k ? x + step : x))));
      expect(slope).to.be.closeTo((up - down) / 2e-5, 1e-6);
    });
  });
});
