// Rates of matrix products [1944, 64] · [64, 64] in single precision: the compiled kernel, TensorFlow.js on its WebAssembly backend, and SIMD multiply-adds that
// touch no memory; and how many operations the products of an evaluation have.
import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { chgnetFolder } from '@braggscape/chgnet';
import { angleSearch, loadGraphModel, neighbourSearch } from '@braggscape/energy';
import { dimensionValue } from '../packages/energy/dist/graph/compiled/dimension.js';
import { readGraph } from '../packages/energy/dist/graph/compiled/graphReading.js';
import { matrixKernelFunction } from '../packages/energy/dist/graph/compiled/matrixKernel.js';
import { code, wasmModule } from '../packages/energy/dist/graph/compiled/wasmCode.js';
import { levelInputs } from '../packages/energy/dist/graph/potentialSignature.js';

const [rows, inner, columns] = [1944, 64, 64];

/** GFLOP/s of each, and the operations of the products of an evaluation. */
export async function measureProducts() {
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await tf.setBackend('wasm');
  const [a, b] = [tf.randomNormal([rows, inner]), tf.randomNormal([inner, columns])];
  const ours = await compiledProduct();
  const peak = await multiplyAdds();
  const best = { ours: 0, tensorflow: 0, peak: 0 };
  const flops = 2 * rows * inner * columns;
  for (let round = 0; round < 200; round++) {
    const times = [performance.now()];
    ours();
    times.push(performance.now());
    tf.matMul(a, b).dispose();
    times.push(performance.now());
    const done = peak();
    times.push(performance.now());
    best.ours = Math.max(best.ours, flops / (times[1] - times[0]) / 1e6);
    best.tensorflow = Math.max(best.tensorflow, flops / (times[2] - times[1]) / 1e6);
    best.peak = Math.max(best.peak, done / (times[3] - times[2]) / 1e6);
  }
  tf.dispose([a, b]);
  const { model, signature } = await loadGraphModel(chgnetFolder);
  const shapes = new Map(Object.entries(signature.inputs).map(([key, name]) => [name, levelInputs[signature.level][key]]));
  const readings = readGraph(model, shapes);
  const products = [...readings].flatMap(([name, reading]) => (reading.kind === 'rows' && reading.name === name && reading.made.by === 'product' ? [reading] : []));
  return {
    ...best,
    async flops(structure) {
      const bonds = neighbourSearch(signature.cutoff)(structure);
      const angles = angleSearch(signature.angleCutoff)(bonds, structure.numbers.length);
      const sizes = new Map([['atoms', structure.numbers.length], ['bonds', bonds.count], ['shortBonds', angles.shortCount], ['angles', angles.count]]);
      return products.reduce((sum, { rows: count, made: { matrix } }) => sum + 2 * dimensionValue(count, sizes) * matrix.shape[0] * matrix.shape[1], 0);
    },
  };
}

async function instantiate(functions, pages) {
  const memory = new WebAssembly.Memory({ initial: pages });
  const { instance } = await WebAssembly.instantiate(wasmModule(functions, []), { env: { memory } });
  return { memory, run: instance.exports.run };
}

async function compiledProduct() {
  const run = code(1);
  for (let k = 0; k < 4; k++) run.get(0).load('i32.load', 4 * k);
  run.call(0);
  const { memory, run: call } = await instantiate([matrixKernelFunction(inner, columns), { name: 'run', parameters: 1, code: run }], 32);
  const addresses = [1024, 1024 + 4 * rows * inner, 1024 + 4 * (rows * inner + inner * columns)];
  new Int32Array(memory.buffer).set([rows, ...addresses]);
  new Float32Array(memory.buffer, 1024, rows * inner).forEach((_, i, all) => (all[i] = Math.sin(i)));
  return () => call(0);
}

/** Multiply-adds on ten vectors in registers. */
async function multiplyAdds() {
  const turns = 100_000;
  const run = code(1);
  const sums = Array.from({ length: 10 }, () => run.local('v128'));
  const [factor, count] = [run.local('v128'), run.local('i32')];
  run.splat(0.999999).set(factor).i32(turns).set(count);
  sums.forEach((sum, k) => run.splat(k + 1).set(sum));
  run.loop(() => {
    for (const sum of sums) run.get(sum).get(factor).op('f32x4.mul').get(factor).op('f32x4.add').set(sum);
    run.get(count).i32(1).op('i32.sub').tee(count);
  });
  sums.forEach((sum, k) => run.i32(16 * k).get(sum).load('v128.store'));
  const { run: call } = await instantiate([{ name: 'run', parameters: 1, code: run }], 1);
  return () => {
    call(0);
    return 2 * 4 * sums.length * turns;
  };
}
