// Evaluates one structure for the seconds it is told, and answers with evaluations a second.
import { parentPort, workerData } from 'node:worker_threads';
import { chgnet } from '@braggscape/chgnet';

const { lattice, frac, numbers } = workerData.structure;
const structure = { lattice: Float64Array.from(lattice), frac: Float64Array.from(frac), numbers: Uint8Array.from(numbers), occupancy: new Float64Array(numbers.length).fill(1), uIso: new Float64Array(numbers.length) };
const potential = await chgnet();
for (let k = 0; k < 20; k++) await potential.compute(structure);
parentPort.on('message', async (seconds) => {
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < 1000 * seconds) {
    await potential.compute(structure);
    count++;
  }
  parentPort.postMessage((1000 * count) / (performance.now() - began));
});
parentPort.postMessage('ready');
