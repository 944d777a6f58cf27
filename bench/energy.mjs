// Cost of energy, forces and stress by CHGNet, and how well relaxation on it brings structures home.
//
//   npm run bench:energy                     time of an evaluation, singly and in batches, where it goes, two workers, load time
//   npm run bench:energy -- --peers          also against CHGNet in PyTorch with one thread, taking turns (set up in a temporary folder; --keep-peers leaves it)
//   npm run bench:energy -- --relax          also match rates after relaxation from seeded noise; with --peers, of CHGNet's own relaxer too
//   npm run bench:energy -- --memory         also memory over 10,000 evaluations
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { loadavg } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { lastValueFrom } from 'rxjs';
import { chgnet } from '@braggscape/chgnet';
import { randomFromSeed, structureFromJson } from '@braggscape/core';
import { distortCoordinates, distortLattice, elementSymbol, matchStructures, readStructures, strictTolerances } from '@braggscape/crystal';
import { neighbourSearch, angleSearch } from '@braggscape/energy';
import { asMinimizer, fire, lbfgs } from '@braggscape/optimizers';
import { relax$ } from '@braggscape/pipeline';
import { median, row } from './measure.mjs';
import { measureProducts } from './products.mjs';
import { startPython } from './peers/pythonProcess.mjs';
import { setUpChgnet } from './peers/setup.mjs';
import { benchStructures } from './step.mjs';

const { values: options } = parseArgs({
  options: { peers: { type: 'boolean' }, 'keep-peers': { type: 'boolean' }, relax: { type: 'boolean' }, memory: { type: 'boolean' }, seeds: { type: 'string', default: '5' } },
});
const here = dirname(fileURLToPath(import.meta.url));
/** Turns per structure, CPU seconds of each. */
const [rounds, seconds] = [3, 0.3];
/** Structures in a batch. */
const batch = 8;

const cases = benchStructures().map((file) => {
  const truth = readStructures(readFileSync(file, 'utf8'), { name: file })[0].structure;
  // Forces should not be zero by symmetry.
  const structure = { ...distortCoordinates(truth, 0.01, randomFromSeed(1)), uIso: new Float64Array(truth.numbers.length) };
  return { name: basename(file, '.cif'), truth, structure };
});

const geometricMean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
const result = { ratios: {} };

const loadTimes = await timeLoading();
const potential = await chgnet();
const python = options.peers ? startChgnet() : undefined;
if (python !== undefined) await python.ask({ cases: cases.map(({ structure }) => jsonOf(structure)) });

await benchEvaluations();
await benchKernels();
await benchWorkers();
console.log(`loading the model ${loadTimes.load.toFixed(0)} ms (modules ${loadTimes.modules.toFixed(0)} ms), first evaluation ${loadTimes.first.toFixed(0)} ms, in a fresh process\n`);
if (options.memory) await benchMemory();
if (options.relax) await benchRelaxation();
python?.stop();
console.log(JSON.stringify(result));

/** CPU milliseconds of one call, over at least `least` calls. */
async function cpuOf(run, least = 3) {
  const began = process.cpuUsage();
  let count = 0;
  let used = 0;
  while (count < least || used < 1000 * seconds) {
    await run();
    count++;
    const { user, system } = process.cpuUsage(began);
    used = (user + system) / 1000;
  }
  return used / count;
}

async function benchEvaluations() {
  const load = loadavg()[0];
  const rows = [];
  for (const [index, { name, structure }] of cases.entries()) {
    const search = neighbourSearch(6);
    const angles = angleSearch(3);
    const several = Array.from({ length: batch }, () => structure);
    const ours = {
      single: () => potential.compute(structure),
      batched: () => potential.computeMany(several),
      graph: async () => angles(search(structure), structure.numbers.length),
    };
    const kinds = ['single', 'graph', 'batched'];
    const times = Object.fromEntries(kinds.flatMap((kind) => [[kind, []], [`torch ${kind}`, []]]));
    for (const kind of kinds) for (let k = 0; k < 5; k++) await ours[kind]();
    for (let round = 0; round < rounds; round++)
      for (const kind of kinds) {
        times[kind].push((await cpuOf(ours[kind])) / (kind === 'batched' ? batch : 1));
        if (python !== undefined) times[`torch ${kind}`].push(await python.ask({ time: kind, case: index, seconds, batch }));
      }
    const bonds = search(structure);
    const { energy } = await potential.compute(structure);
    const check = python === undefined ? undefined : Math.abs((await python.ask({ energy: index })) - energy / structure.numbers.length);
    rows.push({ name, sites: structure.numbers.length, bonds: 2 * bonds.count, angles: angles(bonds, structure.numbers.length).count, check, ...Object.fromEntries(Object.entries(times).map(([key, values]) => [key, values.length === 0 ? undefined : median(values)])) });
  }
  console.log(`energy, forces and stress, CPU ms a structure on one core${python === undefined ? '' : '; PyTorch with one thread, taking turns'}; in batches of ${batch}\n`);
  console.log(row(['structure', 'sites', 'bonds', 'angles', 'ours', 'batched', 'graph', ...(python === undefined ? [] : ['PyTorch', 'its batches', 'its graph', 'ratio'])], 12));
  for (const line of rows) {
    const own = [line.single, line.batched, line.graph].map((value) => value.toFixed(2));
    const peer = python === undefined ? [] : [...[line['torch single'], line['torch batched'], line['torch graph']].map((value) => value.toFixed(1)), (line['torch single'] / line.single).toFixed(2)];
    console.log(row([line.name, line.sites, line.bonds, line.angles, ...own, ...peer], 12));
  }
  result.evaluations = rows;
  if (python !== undefined) {
    const smallest = [...rows].sort((a, b) => a.sites - b.sites || a.bonds - b.bonds).slice(0, 6);
    const ratios = {
      pytorchOneThread: geometricMean(rows.map((line) => line['torch single'] / line.single)),
      // One PyTorch evaluation over one of ours in a batch; and PyTorch's own batches over ours.
      pytorchOneThreadBatched: geometricMean(smallest.map((line) => line['torch single'] / line.batched)),
      pytorchBatchesBatched: geometricMean(smallest.map((line) => line['torch batched'] / line.batched)),
      graph: geometricMean(rows.map((line) => line.graph / line['torch graph'])),
    };
    Object.assign(result.ratios, ratios);
    console.log(`\ngeometric means of PyTorch's time over ours: singly ${ratios.pytorchOneThread.toFixed(2)}; the six smallest cells in batches, over single evaluations ${ratios.pytorchOneThreadBatched.toFixed(2)}, over PyTorch's own batches ${ratios.pytorchBatchesBatched.toFixed(2)}`);
    console.log(`graph building takes ${ratios.graph.toFixed(3)} of CHGNet's time; energies agree to ${Math.max(...rows.map(({ check }) => check)).toExponential(1)} eV/atom`);
  }
  console.log(`load average ${load.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after\n`);
}

/** Self time by compiled function, from V8's sampling profiler, and the rate of the matrix products. */
async function benchKernels() {
  const machine = await measureProducts();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  result.kernels = {};
  for (const { name, structure } of [cases.reduce((a, b) => (a.structure.numbers.length < b.structure.numbers.length ? a : b)), cases.reduce((a, b) => (a.structure.numbers.length > b.structure.numbers.length ? a : b))]) {
    await session.post('Profiler.start');
    const began = performance.now();
    let count = 0;
    while (performance.now() - began < 1500) {
      await potential.compute(structure);
      count++;
    }
    const { profile } = await session.post('Profiler.stop');
    const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame.url.startsWith('wasm') ? callFrame.functionName : 'outside the graph']));
    const times = new Map();
    profile.samples.forEach((id, k) => times.set(names.get(id), (times.get(names.get(id)) ?? 0) + profile.timeDeltas[k] / 1000 / count));
    const total = [...times.values()].reduce((sum, value) => sum + value, 0);
    const sorted = [...times].sort(([, a], [, b]) => b - a);
    const products = sorted.filter(([key]) => key.startsWith('product')).reduce((sum, [, value]) => sum + value, 0);
    const rate = (await machine.flops(structure)) / products / 1e6;
    console.log(`where the time of ${name} goes, ms of ${total.toFixed(2)}\n`);
    for (const [key, value] of sorted.slice(0, 9)) console.log(`  ${value.toFixed(2).padStart(7)}  ${key}`);
    console.log(`  ${sorted.slice(9).reduce((sum, [, value]) => sum + value, 0).toFixed(2).padStart(7)}  ${Math.max(0, sorted.length - 9)} others`);
    console.log(`  matrix products: ${((100 * products) / total).toFixed(0)} % of the time at ${rate.toFixed(1)} GFLOP/s, ${((100 * rate) / machine.ours).toFixed(0)} % of the same kernel alone, ${((100 * rate) / machine.tensorflow).toFixed(0)} % of TensorFlow.js’s on its WebAssembly backend (${machine.tensorflow.toFixed(1)}), ${((100 * rate) / machine.peak).toFixed(0)} % of SIMD multiply-adds without memory (${machine.peak.toFixed(1)})\n`);
    result.kernels[name] = { total, products, rate, machine: { ours: machine.ours, tensorflow: machine.tensorflow, peak: machine.peak } };
  }
  session.disconnect();
}

/** Evaluations a second of one worker, and of two at the same time. */
async function benchWorkers() {
  const structure = jsonOf(cases.find(({ structure: { numbers } }) => numbers.length >= 8)?.structure ?? cases[0].structure);
  const workers = await Promise.all([0, 1].map(() => startWorker(structure)));
  const rates = { one: [], two: [] };
  for (let round = 0; round < 3; round++) {
    rates.one.push(await workers[0].run(1));
    rates.two.push((await Promise.all(workers.map((worker) => worker.run(1)))).reduce((a, b) => a + b, 0));
  }
  await Promise.all(workers.map((worker) => worker.stop()));
  const [one, two] = [median(rates.one), median(rates.two)];
  result.ratios.twoWorkers = two / one;
  console.log(`one worker ${one.toFixed(1)} evaluations/s, two workers ${two.toFixed(1)}: ${(two / one).toFixed(2)} times the throughput\n`);
}

async function startWorker(structure) {
  const worker = new Worker(new URL('energyWorker.mjs', import.meta.url), { workerData: { structure } });
  const next = () => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await next();
  return {
    run: (time) => {
      const answer = next();
      worker.postMessage(time);
      return answer;
    },
    stop: () => worker.terminate(),
  };
}

function timeLoading() {
  const script = `const a = performance.now(); const { chgnet } = await import('@braggscape/chgnet'); const b = performance.now(); const potential = await chgnet(); const c = performance.now();
    const s = ${JSON.stringify(jsonOf(cases[0].structure))}; await potential.compute({ lattice: Float64Array.from(s.lattice), frac: Float64Array.from(s.frac), numbers: Uint8Array.from(s.numbers), occupancy: new Float64Array(s.numbers.length).fill(1), uIso: new Float64Array(s.numbers.length) });
    console.log(JSON.stringify({ modules: b - a, load: c - b, first: performance.now() - c }));`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (data) => (text += data));
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error('the fresh process failed'))));
  });
}

async function benchMemory() {
  const { structure } = cases.reduce((a, b) => (a.structure.numbers.length < b.structure.numbers.length ? a : b));
  const used = [];
  for (let k = 0; k <= 10_000; k++) {
    await potential.compute(structure);
    if (k % 2500 !== 0) continue;
    globalThis.gc?.();
    used.push(process.memoryUsage().rss / 1e6);
  }
  result.memory = used;
  console.log(`resident memory after 0, 2500, 5000, 7500, 10,000 evaluations: ${used.map((value) => value.toFixed(0)).join(', ')} MB\n`);
}

async function benchRelaxation() {
  const ways = {
    ours: { minimizer: asMinimizer(fire({ timeStep: 0.1, maxTimeStep: 1, maxStep: 0.2 })) },
    tight: { minimizer: asMinimizer(lbfgs({ memory: 20, maxStep: 0.2, firstStep: 0.02, noise: 2e-7 })), stressTolerance: 0.1 / 160.21766208 },
  };
  const kinds = [['lattice noise 0.10', (s, seed) => distortLattice(s, 0.1, randomFromSeed(seed).derive('lattice'))], ['coordinate noise 0.05', (s, seed) => distortCoordinates(s, 0.05, randomFromSeed(seed).derive('coordinates'))]];
  console.log(`relaxation on CHGNet: ours by FIRE (0.05 eV/Å, stress of the same work) and by L-BFGS (0.05 eV/Å, 0.1 GPa)${python === undefined ? '' : ' and by its own relaxer (FIRE, fmax 0.05, 500 steps)'}; match / strict match with the truth, %\n`);
  console.log(row(['start', 'before', 'FIRE', 'L-BFGS, 0.1 GPa', ...(python === undefined ? [] : ['CHGNet', 'energy differs by'])], 22));
  result.relaxation = {};
  const relaxed = async (start, way) => {
    const { final, reason } = await lastValueFrom(relax$(start, potential, { ...way, forceTolerance: 0.05, maxSteps: 500 }));
    return { structure: structureFromJson(final.structure), energy: final.energy / start.numbers.length, reason };
  };
  const judge = async (tally, truth, structure) => {
    tally.runs++;
    if ((await matchStructures(truth, structure)).match) tally.match++;
    if ((await matchStructures(truth, structure, strictTolerances)).match) tally.strict++;
  };
  const percent = ({ match, strict, runs }) => `${((100 * match) / runs).toFixed(0)} / ${((100 * strict) / runs).toFixed(0)}`;
  for (const [title, distort] of [['the true structure', (s) => s], ...kinds]) {
    const tallies = { before: { runs: 0, match: 0, strict: 0 }, ours: { runs: 0, match: 0, strict: 0 }, tight: { runs: 0, match: 0, strict: 0 }, chgnet: { runs: 0, match: 0, strict: 0 } };
    const reasons = {};
    let difference = 0;
    for (const { truth } of cases)
      for (let seed = 0; seed < (title === 'the true structure' ? 1 : Number(options.seeds)); seed++) {
        const start = distort(truth, seed);
        await judge(tallies.before, truth, start);
        const own = await relaxed(start, ways.ours);
        reasons[own.reason] = (reasons[own.reason] ?? 0) + 1;
        await judge(tallies.ours, truth, own.structure);
        await judge(tallies.tight, truth, (await relaxed(start, ways.tight)).structure);
        if (python === undefined) continue;
        const peer = await python.ask({ relax: jsonOf(start) });
        await judge(tallies.chgnet, truth, { ...start, lattice: Float64Array.from(peer.lattice), frac: Float64Array.from(peer.frac) });
        if (title === 'the true structure') difference = Math.max(difference, Math.abs(own.energy - peer.energy));
      }
    const ends = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`).join(', ');
    console.log(row([title, percent(tallies.before), percent(tallies.ours), percent(tallies.tight), ...(python === undefined ? [] : [percent(tallies.chgnet), title === 'the true structure' ? `${(1000 * difference).toFixed(3)} meV/atom` : ''])], 22), ` ${ends}`);
    result.relaxation[title] = { ...tallies, reasons, ...(title === 'the true structure' ? { energyDifference: difference } : {}) };
  }
  console.log('');
}

function jsonOf({ lattice, frac, numbers }) {
  return { lattice: [...lattice], frac: [...frac], numbers: [...numbers], species: Array.from(numbers, elementSymbol) };
}

/** CHGNet in PyTorch, set up if need be. */
function startChgnet() {
  try {
    const { python: command, folder } = setUpChgnet({ keep: options['keep-peers'] === true });
    return startPython(command, join(here, 'peers/chgnetPeer.py'), folder, { OMP_NUM_THREADS: '1' });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
