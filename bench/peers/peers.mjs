// Our step and stick pattern against other codes, in one run on the same structures: per structure, each code takes its turn several times.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { elementSymbol } from '@braggscape/crystal';
import { listReflections } from '@braggscape/diffraction';
import { mean, median, row, timesOf } from '../measure.mjs';
import { benchStructures, prepareStep, range, readCase, wavelength, width } from '../step.mjs';
import { startPython } from './pythonProcess.mjs';
import { setUpPeers } from './setup.mjs';

/** Turns per structure, and the least time of each. */
const rounds = 3;
const seconds = 0.15;
/** Degrees: reflections this far beyond the window still reach into it. */
const guard = 1.2;

/**
 * Set up, check and time the peers; print the tables.
 * @returns ratios mean(peer)/mean(ours), and the times of every structure
 */
export async function benchPeers({ keep }) {
  let set;
  try {
    set = setUpPeers({ keep });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const cases = benchStructures().map(prepareCase);
  const python = startPython(set.python, join(dirname(fileURLToPath(import.meta.url)), 'peers.py'), set.folder);
  const { threads, torch } = await python.ask({ setting: { ...range, wavelength, fwhmSquared: width.w, guarded: range.stop + guard }, cases: cases.map(({ json }) => json) });
  const matterviz = await loadMatterviz(set.matterviz);

  await checkPeers(cases, python, matterviz);

  const most = threads === 1 ? [1] : [threads, 1];
  const inTorch = ['crystalyze', 'braggcalculator', 'braggcalculatorPrimitive'].flatMap((code) => most.map((n) => ({ name: `${code} ${n}t`, code, threads: n })));
  const codes = [{ name: 'ours', run: ({ step }) => step }, ...inTorch, { name: 'our sticks', run: ({ sticks }) => sticks }, { name: 'pymatgenSticks', code: 'pymatgenSticks', threads: 1 }];
  codes.push({ name: 'mattervizSticks', run: ({ crystal }) => () => matterviz(crystal) });
  const load = loadavg()[0];
  const times = [];
  const fastest = [];
  for (const [index, given] of cases.entries()) {
    const pooled = Object.fromEntries(codes.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const { name, run, code, threads: n } of codes) {
        pooled[name].push(...(run ? timesOf(run(given), seconds) : await python.ask({ code, case: index, threads: n, seconds, least: 3 })));
      }
    }
    times.push(Object.fromEntries(codes.map(({ name }) => [name, median(pooled[name])])));
    fastest.push(Object.fromEntries(codes.map(({ name }) => [name, Math.min(...pooled[name])])));
  }
  python.stop();

  const means = Object.fromEntries(codes.map(({ name }) => [name, mean(times.map((time) => time[name]))]));
  const ratios = ratiosOf(times, most);
  const ratiosOfFastest = ratiosOf(fastest, most);
  const print = (title, names) => {
    console.log(`${title}\n`);
    console.log(row(['structure', ...names.map((name) => name.replace('calculatorPrimitive', ' prim.').replace('calculator', '').replace('Sticks', ''))], 17));
    const line = (label, time) => console.log(row([label, ...names.map((name) => time[name].toPrecision(3))], 17));
    times.forEach((time, i) => line(cases[i].json.name, time));
    line('mean', means);
    console.log('');
  };
  print(`one loss-and-gradient step, ms: ours on one core; peers in torch ${torch} with ${most.join(' and ')} threads (t)`, ['ours', ...inTorch.map(({ name }) => name)]);
  print('stick pattern without gradient, ms', ['our sticks', 'pymatgenSticks', 'mattervizSticks']);
  console.log('mean time of the peer over ours, each structure with the faster number of threads:\n');
  console.log(row(['peer', 'medians', 'fastest calls']));
  for (const name of Object.keys(ratios)) console.log(row([name, ratios[name].toPrecision(3), ratiosOfFastest[name].toPrecision(3)]));
  console.log(`\nload average ${load.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after; other work on the machine slows threaded code most: then look at the fastest calls`);
  console.log('braggcalculator reduces centred cells to primitive ones by default (prim.): fewer atoms and reflections, and the gradient of that cell; without, it is our step\n');
  return { ratios, peers: { torch, threads: most, ratiosOfFastest, means, times: times.map((time, i) => ({ structure: cases[i].json.name, ...time })) } };
}

/** Mean over the structures of a peer's time over the mean of ours, with the faster of its thread counts: a slower one would flatter us. */
function ratiosOf(times, threads) {
  const over = (peers, ours) => mean(times.map((time) => Math.min(...peers.map((name) => time[name])))) / mean(times.map((time) => time[ours]));
  const stepRatio = (code) => over(threads.map((n) => `${code} ${n}t`), 'ours');
  return {
    crystalyze: stepRatio('crystalyze'),
    braggcalculator: stepRatio('braggcalculator'),
    braggcalculatorPrimitive: stepRatio('braggcalculatorPrimitive'),
    pymatgenSticks: over(['pymatgenSticks'], 'our sticks'),
    mattervizSticks: over(['mattervizSticks'], 'our sticks'),
  };
}

/** A case of the bench, and what the peers need of it. Displacements are left out, because not every peer has them per site. */
function prepareCase(file) {
  const { name, ...both } = readCase(file);
  const [truth, structure] = [both.truth, both.structure].map((given) => ({ ...given, uIso: new Float64Array(given.numbers.length) }));
  const { calculator, compare, target, step } = prepareStep({ truth, structure });
  const { calc, pullback } = calculator.linearize(structure);
  const { value, dCalc } = compare(calc, 'gradient');
  const pattern = [...calc];
  const { lattice, frac } = pullback(dCalc);
  const arrays = (fields) => Object.fromEntries(Object.entries(fields).map(([key, values]) => [key, [...values]]));
  const { numbers, occupancy } = structure;
  return {
    step,
    sticks: () => listReflections(structure, wavelength, range.start, range.stop),
    crystal: pymatgenJson(structure),
    json: {
      name,
      ...arrays({ lattice: structure.lattice, frac: structure.frac, numbers, occupancy, target }),
      ours: { loss: value, pattern, ...arrays({ lattice, frac }) },
    },
  };
}

/** The structure in pymatgen's JSON form, which matterviz-wasm reads. */
function pymatgenJson({ lattice, frac, numbers, occupancy }) {
  const matrix = [0, 3, 6].map((i) => [...lattice.subarray(i, i + 3)]);
  const site = (z, i) => ({ species: [{ element: elementSymbol(z), occu: occupancy[i] }], abc: [...frac.subarray(3 * i, 3 * i + 3)], label: elementSymbol(z), properties: {} });
  return { lattice: { matrix, pbc: [true, true, true] }, sites: Array.from(numbers, site), properties: {} };
}

/** A function that gives matterviz-wasm's stick pattern. */
async function loadMatterviz({ module, wasm }) {
  const { default: init } = await import(module);
  const ferrox = await init({ module_or_path: readFileSync(wasm) });
  return (crystal) => {
    const { ok, error } = ferrox.compute_xrd(crystal, { wavelength, two_theta_range: [range.start, range.stop] });
    if (error !== undefined) throw new Error(`matterviz-wasm: ${error}`);
    return ok;
  };
}

/** Compare results before times: exits if one is not what it is timed as. */
async function checkPeers(cases, python, matterviz) {
  const worst = { loss: 0, lattice: 0, frac: 0, float32Loss: 0, braggcalculatorPattern: 0, pymatgenSticks: 0, mattervizSticks: 0 };
  for (const [index, { sticks, crystal }] of cases.entries()) {
    const { pymatgenLines, ...found } = await python.ask({ check: index });
    const { two_theta: angles, intensities } = matterviz(crystal);
    const ours = sticks();
    Object.assign(found, { pymatgenSticks: lineDifference(ours, ...pymatgenLines), mattervizSticks: lineDifference(ours, angles, intensities) });
    for (const key of Object.keys(worst)) worst[key] = Math.max(worst[key], found[key]);
  }
  const show = (key) => worst[key].toExponential(0);
  console.log('largest differences from ours over the structures:');
  console.log(`  crystalyze's design in float64   loss ${show('loss')}, gradient in lattice ${show('lattice')} and coordinates ${show('frac')} of the largest entry`);
  console.log(`  the same in float32, as timed    loss ${show('float32Loss')}`);
  console.log(`  braggcalculator                  1 − cosine of the patterns ${show('braggcalculatorPattern')}`);
  console.log(`  stick intensities                pymatgen ${show('pymatgenSticks')}, matterviz ${show('mattervizSticks')} of the strongest line (angles agree to 0.0001°)\n`);
  // Intensities of sticks are told, not judged: codes differ in their form factors.
  const same = [worst.loss, worst.lattice, worst.frac].every((difference) => difference < 1e-6) && worst.braggcalculatorPattern < 1e-4 && worst.pymatgenSticks < 1 && worst.mattervizSticks < 1;
  if (!same) {
    console.error('A peer does not compute what we do, so its time cannot be compared: see the differences above.');
    process.exit(1);
  }
}

/** Largest difference of line intensities, as part of the strongest, for lines of a peer that lie within 0.0001° of ours; 1 where ours has none. */
function lineDifference(ours, angles, intensities) {
  const strongest = ours.reduce((most, { intensity }) => Math.max(most, intensity), 0);
  const scale = intensities.reduce((most, value) => Math.max(most, value), 0);
  return angles.reduce((worst, angle, i) => {
    const near = ours.filter(({ twoTheta }) => Math.abs(twoTheta - angle) < 1e-4);
    const difference = near.map(({ intensity }) => Math.abs(intensity / strongest - intensities[i] / scale));
    return Math.max(worst, Math.min(1, ...difference));
  }, 0);
}
