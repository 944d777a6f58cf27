import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { graphPotential } from '@braggscape/energy';
import { checkPotential, crystals } from '@braggscape/testing';

const CUTOFF = 4;

/** E = Σ over pairs of (1 − r²/rc²)⁴ in hartree and bohr, with forces and stress in the graph. */
async function writePositionsModel(folder: string): Promise<void> {
  const nodes: Record<string, unknown>[] = [];
  const constants: { name: string; shape: number[]; data: Float32Array | Int32Array }[] = [];
  const node = (name: string, op: string, input: readonly string[], attr: Record<string, unknown> = {}): string => {
    nodes.push({ name, op, input, attr });
    return name;
  };
  const input = (name: string, type: string, shape: readonly number[]): string => node(name, 'Placeholder', [], { dtype: { type }, shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } } });
  const constant = (name: string, data: Float32Array | Int32Array, shape: number[]): string => {
    constants.push({ name, shape, data });
    return node(name, 'Const', [], { dtype: { type: data instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32' } });
  };
  const number = (name: string, value: number): string => constant(name, Float32Array.of(value), []);
  const [, x, lattice, images] = [input('z', 'DT_INT32', [-1]), input('x', 'DT_FLOAT', [-1, 3]), input('lattice', 'DT_FLOAT', [3, 3]), input('images', 'DT_FLOAT', [-1, 3])];
  const one = constant('one', Int32Array.of(1), []);
  const [i, j] = ['i', 'j'].map((name) => node(`${name}Column`, 'ExpandDims', [input(name, 'DT_INT32', [-1]), one]));
  const keep = { keep_dims: { b: true } };
  const [rows, columns] = [constant('rows', Int32Array.of(0), [1]), constant('columns', Int32Array.of(1), [1])];
  const there = node('there', 'AddV2', [node('xj', 'GatherNd', [x, j]), node('shift', 'MatMul', [images, lattice], { transpose_a: { b: false }, transpose_b: { b: false } })]);
  const d = node('d', 'Sub', [there, node('xi', 'GatherNd', [x, i])]);
  const square = node('square', 'Sum', [node('dd', 'Mul', [d, d]), columns], keep);
  const left = node('left', 'ClipByValue', [node('room', 'Sub', [number('unit', 1), node('part', 'Mul', [square, number('inverse', 1 / CUTOFF ** 2)])]), number('zero', 0), number('top', 1)]);
  const left2 = node('left2', 'Mul', [left, left]);
  node('energy', 'Sum', [node('pairs', 'Mul', [left2, left2]), constant('both', Int32Array.of(0, 1), [2])]);
  const g = node('g', 'Mul', [d, node('slope', 'Mul', [node('left3', 'Mul', [left2, left]), number('eight', -8 / CUTOFF ** 2)])]);
  const shape = node('shape', 'Shape', [x]);
  node('forces', 'Sub', [node('onFirst', 'ScatterNd', [i, g, shape]), node('onSecond', 'ScatterNd', [j, g, shape])]);
  // Volume: a·(b × c), rows taken out by products with unit vectors and turned by permutations.
  const row = (k: number): string => node(`row${k}`, 'Sum', [node(`masked${k}`, 'Mul', [lattice, constant(`mask${k}`, Float32Array.from([0, 1, 2], (r) => (r === k ? 1 : 0)), [3, 1])]), rows], keep);
  const turned = (name: string, from: string, by: number): string => node(name, 'MatMul', [from, constant(`${name}By`, Float32Array.from({ length: 9 }, (_, n) => ((Math.floor(n / 3) - (n % 3) + 6) % 3 === by ? 1 : 0)), [3, 3])], { transpose_a: { b: false }, transpose_b: { b: false } });
  const [a, b, c] = [row(0), row(1), row(2)];
  const cross = node('cross', 'Sub', [node('cross1', 'Mul', [turned('b1', b, 1), turned('c2', c, 2)]), node('cross2', 'Mul', [turned('b2', b, 2), turned('c1', c, 1)])]);
  const volume = node('volume', 'Abs', [node('triple', 'Sum', [node('products', 'Mul', [a, cross]), columns], keep)]);
  node('stress', 'RealDiv', [node('virial', 'MatMul', [d, g], { transpose_a: { b: true }, transpose_b: { b: false } }), volume]);
  const info = (name: string): unknown => ({ name, dtype: 'DT_FLOAT' });
  const model = {
    format: 'graph-model',
    signature: { inputs: {}, outputs: { energy: info('energy'), forces: info('forces'), stress: info('stress') } },
    modelTopology: { node: nodes, versions: { producer: 1 } },
    weightsManifest: [{ paths: ['shard.bin'], weights: constants.map(({ name, shape: size, data }) => ({ name, shape: size, dtype: data instanceof Float32Array ? 'float32' : 'int32' })) }],
  };
  const signature = {
    format: 'braggscape-potential/1',
    name: 'positions',
    level: 'positions',
    units: { length: 'bohr', energy: 'hartree' },
    cutoff: CUTOFF,
    inputs: { atomicNumbers: 'z', positions: 'x', lattice: 'lattice', bondFirst: 'i', bondSecond: 'j', bondImages: 'images' },
    outputs: { energy: 'energy', forces: 'forces', stress: 'stress' },
  };
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
  await writeFile(join(folder, 'shard.bin'), Buffer.concat(constants.map(({ data }) => Buffer.from(data.buffer))));
  await writeFile(join(folder, 'signature.json'), JSON.stringify(signature));
}

describe('graph models from positions', () => {
  it('keep the laws, in other units too, on wasm and cpu of TensorFlow.js', async function () {
    this.timeout(60_000);
    const folder = await mkdtemp(join(tmpdir(), 'braggscape-model-'));
    try {
      await writePositionsModel(folder);
      const { lattice, frac } = crystals.rutile;
      const close = { ...crystals.rutile, lattice: lattice.map((value, k) => 0.75 * value + 0.05 * (k % 2)), frac: frac.map((value, k) => value + 0.01 * ((k * 7) % 3)) };
      for (const backend of ['wasm', 'cpu'] as const) {
        const potential = await graphPotential(folder, { backend });
        expect(potential.backend).to.equal(`${backend} (TensorFlow.js)`);
        await checkPotential(potential, [close], { tolerance: 2e-3 });
        expect((await potential.compute(close)).energy).to.be.greaterThan(1);
        potential.dispose?.();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
