// Benchmarks of speed. Prints tables, and one JSON object as the last line.
//
//   npm run bench                  the cost of a step, and how near it is to what the machine can do
//   npm run bench -- --peers       also against other codes, set up in a temporary folder (--keep-peers leaves it there)
//   npm run bench -- --scaling     also how the time grows with reflections, atoms and points
import { parseArgs } from 'node:util';
import { benchBroadening } from './broadening.mjs';
import { benchRoofline } from './roofline.mjs';
import { benchSteps } from './step.mjs';

const { values: options } = parseArgs({
  options: { peers: { type: 'boolean' }, 'keep-peers': { type: 'boolean' }, scaling: { type: 'boolean' } },
});

const steps = benchSteps();
const geometricMean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
const result = { steps, ratios: { centralDifferences: geometricMean(steps.map(({ centralDifferences }) => centralDifferences)) }, roofline: benchRoofline(steps), broadening: benchBroadening() };
if (options.scaling) {
  const { benchScaling } = await import('./scaling.mjs');
  result.scaling = benchScaling();
}
if (options.peers) {
  const { benchPeers } = await import('./peers/peers.mjs');
  const { ratios, peers } = await benchPeers({ keep: options['keep-peers'] === true });
  Object.assign(result.ratios, ratios);
  result.peers = peers;
}
console.log(JSON.stringify(result));
