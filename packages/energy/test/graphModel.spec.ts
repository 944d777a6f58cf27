import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { randomFromSeed } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { graphPotential } from '@braggscape/energy';
import * as tf from '@tensorflow/tfjs-core';
import { checkPotential, crystals, randomStructure, rejectionOf } from '@braggscape/testing';
import { inModelFolder } from './modelFolder.js';
import type { ModelChanges } from './modelFolder.js';

const crystal = (seed: number): Structure => ({ ...randomStructure(randomFromSeed(seed), { disordered: false }), frac: Float64Array.of(0.02, 0.05, 0.01, 0.48, 0.55, 0.03, 0.52, 0.04, 0.47, 0.03, 0.51, 0.56) });

describe('graph models', () => {
  for (const gradientSign of [1, 0]) {
    const title = gradientSign === 1 ? 'with their gradient' : 'with energies only, differentiated here';
    it(`${title}, keep the laws`, () =>
      inModelFolder({ gradientSign }, async (folder) => {
        const potential = await graphPotential(folder);
        expect(potential.backend).to.equal('wasm');
        await checkPotential(potential, [crystal(1), crystal(2), crystals.rutile], { tolerance: 2e-4 });
      }));

    it(`${title}, are the same compiled, by TensorFlow.js on wasm and on cpu, and leave no tensor behind`, () =>
      inModelFolder({ gradientSign }, async (folder) => {
        const compiled = await graphPotential(folder);
        for (const backend of ['cpu', 'wasm'] as const) {
          const other = await graphPotential(folder, { backend, compile: false });
          expect(other.backend).to.contain('TensorFlow.js');
          const structure = crystal(3);
          await other.compute(structure);
          const before = tf.memory().numTensors;
          const [a, b] = await Promise.all([compiled.compute(structure), other.compute(structure)]);
          expect(a.energy).to.be.closeTo(b.energy, 1e-5);
          a.forces?.forEach((value, k) => expect(value).to.be.closeTo(b.forces?.[k] ?? NaN, 1e-5));
          a.stress?.forEach((value, k) => expect(value).to.be.closeTo(b.stress?.[k] ?? NaN, 1e-6));
          expect(tf.memory().numTensors).to.equal(before);
        }
      }));
  }

  it('that are not compiled are left to TensorFlow.js on wasm, without a leak', () =>
    inModelFolder({ operation: 'Elu' }, async (folder) => {
      const potential = await graphPotential(folder, { check: false });
      expect(potential.backend).to.contain('TensorFlow.js');
      const structure = crystal(3);
      await potential.compute(structure);
      const before = tf.memory().numTensors;
      for (let k = 0; k < 5; k++) await potential.compute(structure);
      expect(tf.memory().numTensors).to.equal(before);
      potential.dispose?.();
      expect(tf.memory().numTensors).to.be.lessThan(before);
    }));

  it('give several structures in one call what they give one by one', () =>
    inModelFolder({}, async (folder) => {
      const potential = await graphPotential(folder);
      const structures = [crystal(1), crystals.rutile, crystal(2), crystals.copper];
      const together = await potential.computeMany?.(structures);
      for (const [k, structure] of structures.entries()) {
        const alone = await potential.compute(structure);
        expect(together?.[k].energy).to.be.closeTo(alone.energy, 1e-5);
        together?.[k].forces?.forEach((value, i) => expect(value).to.be.closeTo(alone.forces?.[i] ?? NaN, 1e-5));
      }
      expect(await potential.computeMany?.([])).to.deep.equal([]);
    }));

  it('in other units are converted', () =>
    inModelFolder({ signature: { units: { length: 'bohr', energy: 'hartree' } } }, async (folder) => {
      const potential = await graphPotential(folder);
      await checkPotential(potential, [{ ...crystal(1), lattice: crystal(1).lattice.map((x) => 0.6 * x) }], { tolerance: 2e-4 });
    }));

  it('take a structure without a bond', () =>
    inModelFolder({}, async (folder) => {
      const alone: Structure = { lattice: Float64Array.of(9, 0, 0, 0, 9, 0, 0, 0, 9), frac: new Float64Array(3), numbers: Uint8Array.of(18), occupancy: Float64Array.of(1), uIso: new Float64Array(1) };
      for (const backend of ['wasm', 'cpu'] as const) {
        const { energy, forces } = await (await graphPotential(folder, { backend })).compute(alone);
        expect([energy, ...(forces ?? [1])].every((value) => Math.abs(value) < 1e-6), backend).to.equal(true);
      }
    }));

  const faults: readonly (readonly [string, ModelChanges, string])[] = [
    ['a gradient of the wrong sign', { gradientSign: -1 }, 'a force'],
    ['a gradient of zeros', { gradientSign: 1e-20 }, 'a force'],
    ['a wrong unit in which nothing fits', { signature: { units: { energy: 'furlong' } } }, 'units.energy'],
    ['a misspelled key', { signature: { cutof: 3 } }, 'cutof'],
    ['a wrong dtype', { signature: { dtype: 'float64' } }, 'dtype'],
    ['a level with an input that is not named', { signature: { level: 'angles', angleCutoff: 2 } }, 'shortBonds'],
    ['an input that the graph has not', { signature: { inputs: { atomicNumbers: 'z', bondVectors: 'vectors', bondFirst: 'i', bondSecond: 'j' } } }, 'no input "vectors"'],
    ['an output that the graph has not', { signature: { outputs: { siteEnergies: 'energies' } } }, 'no output "energies"'],
    ['an input of another shape', { signature: { inputs: { atomicNumbers: 'd', bondVectors: 'd', bondFirst: 'i', bondSecond: 'j' } } }, 'shape'],
    ['a shard that is cut off', { shard: (bytes) => bytes.subarray(0, bytes.length - 8) }, 'shard ends before'],
    ['a shard that is too long', { shard: (bytes) => Buffer.concat([bytes, Buffer.alloc(4)]) }, 'manifest has'],
    ['weights that are not finite', { shard: (bytes) => Buffer.from(bytes.map((byte, k) => (k >= 8 && k < 28 ? 0xff : byte))) }, 'not finite'],
    ['a shard that its hash does not fit', { signature: { files: { 'shard.bin': '00' } } }, 'SHA-256'],
    ['a layers model', { model: () => ({ format: 'layers-model', modelTopology: {}, weightsManifest: [] }) }, 'graph model'],
    ['energies that cannot be differentiated', { gradientSign: 0, operation: 'Softplus' }, 'Softplus'],
  ];
  for (const [title, changes, text] of faults) {
    it(`with ${title} are refused with the reason`, () =>
      inModelFolder(changes, async (folder) => {
        const error = await rejectionOf(graphPotential(folder));
        expect(error.code).to.equal('potential.invalid');
        expect(error.report).to.contain(text).and.contain(folder);
      }));
  }

  it('without a file, or with one that is no JSON, are refused by its name', () =>
    inModelFolder({}, async (folder) => {
      await writeFile(join(folder, 'model.json'), '{ "nodes": ');
      expect((await rejectionOf(graphPotential(folder))).report).to.contain('model.json').and.contain('not JSON');
      await rm(join(folder, 'signature.json'));
      const error = await rejectionOf(graphPotential(folder));
      expect([error.code, error.report.includes('signature.json')]).to.deep.equal(['file.missing', true]);
    }));

  it('on a backend that is not installed say what to install', () =>
    inModelFolder({}, async (folder) => {
      for (const [backend, name] of [['node', '@tensorflow/tfjs-node'], ['node-gpu', '@tensorflow/tfjs-node-gpu'], ['webgpu', '@tensorflow/tfjs-backend-webgpu']] as const) {
        const error = await rejectionOf(graphPotential(folder, { backend }));
        expect(error.code).to.equal('backend.unavailable');
        expect(error.report).to.contain(`npm install ${name}`);
      }
    }));
});
