// Time of scans of U2Ti along a and c: a pattern's loss on 101 × 101 points, and the energy (CHGNet) on 41 × 41, against what single evaluations predict.
//
//   npm run bench:landscape
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chgnet } from '@braggscape/chgnet';
import { makeSlice, scanAxis } from '@braggscape/pipeline';
import { createHost, loadStructure } from 'braggscape';
import { mean, median, row } from './measure.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'examples/recover-u2ti/U2Ti.cif');
/** Turns; the median counts. */
const rounds = 3;
const [patternGrid, energyGrid] = [101, 41];
const threads = Math.min(2, availableParallelism());

const { structure } = await loadStructure(file, await createHost());
const single = await singleEvaluation();
const pattern = scans(['--objective', 'cosine', '--wavelength', '1.5406', '--grid', `${patternGrid}x${patternGrid}`, '--no-curvature', '--no-figures']);
const energy = scans(['--objective', 'chgnet', '--grid', `${energyGrid}x${energyGrid}`, '--workers', String(threads), '--no-curvature', '--no-figures']);
const predicted = (energyGrid ** 2 * single.wall) / 1000 / threads;
const predictedCpu = (energyGrid ** 2 * single.cpu) / 1000;

console.log(`load ${loadavg().map((value) => value.toFixed(1)).join(' ')}, ${availableParallelism()} cores, median of ${rounds}\n`);
console.log(row(['', 'points', 'scan (s)', 'CPU (s)', 'command (s)']));
for (const [name, { seconds, cpu, command }, grid] of [['cosine', pattern, patternGrid], ['chgnet', energy, energyGrid]]) {
  console.log(row([`${name}, ${grid} × ${grid}`, grid ** 2, seconds.toFixed(2), cpu.toFixed(2), command.toFixed(2)]));
}
console.log(`\nchgnet, evaluated singly: ${single.wall.toFixed(2)} ms (${single.cpu.toFixed(2)} ms of CPU), mean over the slice; ${energyGrid ** 2} of them on ${threads} threads: ${predicted.toFixed(2)} s (${predictedCpu.toFixed(2)} s of CPU)`);
console.log(`the scan takes ${(energy.seconds / predicted).toFixed(2)} times as long as that, and ${(energy.cpu / predictedCpu).toFixed(2)} times as much CPU, the start of the threads included\n`);
console.log(
  JSON.stringify({
    seconds: { pattern: pattern.seconds, energy: energy.seconds },
    cpuSeconds: { pattern: pattern.cpu, energy: energy.cpu },
    command: { pattern: pattern.command, energy: energy.command },
    predicted: { seconds: predicted, cpuSeconds: predictedCpu },
    ratios: { energyScanOverPrediction: energy.seconds / predicted, energyScanOverPredictionCpu: energy.cpu / predictedCpu },
  }),
);

/** Milliseconds of an evaluation by itself, over a part of the slice's points. */
async function singleEvaluation() {
  const potential = await chgnet();
  const axes = ['a', 'c'].map((text) => scanAxis(text, structure, { seed: 0 }));
  const slice = makeSlice(structure, axes);
  const times = { wall: [], cpu: [] };
  for (let turn = 0; turn < 2; turn++)
    for (let i = 0; i < energyGrid ** 2; i += 7) {
      const at = axes.map(({ origin }, k) => origin * (0.8 + (0.4 * (k === 0 ? i % energyGrid : Math.floor(i / energyGrid))) / (energyGrid - 1)));
      const one = slice.structureAt(at);
      const [began, cpu] = [performance.now(), process.cpuUsage()];
      await potential.compute(one);
      if (turn === 0) continue;
      times.wall.push(performance.now() - began);
      const { user, system } = process.cpuUsage(cpu);
      times.cpu.push((user + system) / 1000);
    }
  potential.dispose?.();
  return { wall: mean(times.wall), cpu: mean(times.cpu) };
}

/** Seconds of the evaluation, and of the whole command. */
function scans(options) {
  const [seconds, cpu, command] = [[], [], []];
  for (let turn = 0; turn < rounds; turn++) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-landscape-'));
    const began = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'packages/cli/bin/braggscape.js'), 'scan', file, '--axes', 'a,c', ...options, '-o', folder, '--json'], { encoding: 'utf8', maxBuffer: 1e9 });
    command.push((performance.now() - began) / 1000);
    rmSync(folder, { recursive: true, force: true });
    if (status !== 0) throw new Error(stderr);
    const result = JSON.parse(stdout);
    seconds.push(result.seconds);
    cpu.push(result.cpuSeconds);
  }
  return { seconds: median(seconds), cpu: median(cpu), command: median(command) };
}
