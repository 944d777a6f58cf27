// Two objectives, one configuration: the front between the pattern of rutile and its energy, from a distorted start.
// The energy alone leads to a cell of its own, which the pattern contradicts; the pattern alone knows nothing of energies. Between them lie the structures that no other one beats in both.
//
//   node examples/combine-energy-and-diffraction/run.mjs [--points 15] [--output folder]
import { mkdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createBraggscape, drawFront, frontReport, loadConfig } from 'braggscape';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: { points: { type: 'string', default: '15' }, output: { type: 'string', default: join(here, '../../results/combine-energy-and-diffraction') } },
});
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

const braggscape = await createBraggscape({ directory: here });
const { config } = await loadConfig(join(here, 'combine.yaml'));
const finished = await braggscape.front(config, {
  points: Number(options.points),
  signal: controller.signal,
  onEvent(event) {
    if (event.kind === 'refined') process.stderr.write(`${event.seconds.toFixed(1).padStart(6)} s  ${event.point.method.kind}: ${event.accepted ? 'on the front' : 'not on the front'}\n`);
  },
});

await mkdir(options.output, { recursive: true });
const files = await braggscape.writeFront(finished, options.output);
await drawFront(finished, options.output, 'Rutile: pattern of the published cell against CHGNet’s energy');
console.log(`\n${frontReport(finished, { ...files, front: relative(process.cwd(), files.front), figures: files.figures.map((path) => relative(process.cwd(), path)) })}`);
