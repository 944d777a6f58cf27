import { Option } from 'commander';
import type { Command } from 'commander';
import { defaultSettingOptions, paperLevels, paperSettings } from '@braggscape/benchmark';
import { parseLevels, parseNoise, parseSettings, parseShard } from '../benchmark/benchmarkOptions.js';
import type { BenchmarkOptions } from '../benchmark/benchmarkOptions.js';
import { runBenchmark } from '../benchmark/runBenchmark.js';
import { parseNumber } from '../options.js';
import { addBoardCommand } from './benchmarkBoard.js';
import { addCompareCommand } from './benchmarkCompare.js';
import { addMergeCommand } from './benchmarkMerge.js';
import { parsed, terminalFor, withCommonOptions } from './shared.js';
import { withInstrumentOptions } from './simulate.js';

/** `benchmark`: how often ways of recovering structures succeed. */
export function addBenchmarkCommand(program: Command): Command {
  const benchmark = program
    .command('benchmark')
    .description('Benchmarks of structure recovery: run them on one machine or many, merge their shards, compare their results (docs/benchmark.md).');
  addPaperCommand(benchmark);
  addBoardCommand(benchmark);
  addCompareCommand(benchmark);
  addMergeCommand(benchmark);
  return benchmark;
}

function addPaperCommand(benchmark: Command): void {
  const whole = (option: string, min: number) => parsed((text) => parseNumber(option, text, { min, integer: true }));
  const command = withCommonOptions(benchmark.command('paper'))
    .summary('the protocol of Segal et al. 2026: structures × noise × levels × samples × settings')
    .description(
      'Distort structures, recover them in each setting from their own pattern, and count how often the truth is found again.\n' +
        'Writes results.duckdb, results.parquet, tables and figures. Exit code: 0 done, 2 some tasks failed, 130 interrupted (--resume goes on), 1 bad input.',
    )
    .option('--structures <folder>', 'folder of structure files (default: ten crystals that come along)')
    .option('--noise <models>', 'lattice, coords, or both', parsed(parseNoise), parseNoise('lattice,coords'))
    .option('--levels <numbers>', `largest strain or fractional displacement (default: lattice ${paperLevels.lattice.join(',')}; coords ${paperLevels.coords.join(',')})`, parsed(parseLevels))
    .addOption(new Option('--distribution <law>', 'noise law').choices(['uniform', 'normal']).default('uniform'))
    .option('--samples <number>', 'starts for each structure, noise model and level', whole('--samples', 1), 50)
    .option(
      '--settings <list>',
      `metrics (descent on the pattern), metrics with +constraint, energy or a potential (relaxation), plans, files with a plan or configuration; @N: only the first N samples (default: ${paperSettings.join(',')})`,
      parsed(parseSettings),
      paperSettings,
    )
    .option('--optimizer <id>', 'optimizer of the descents', defaultSettingOptions.optimizer)
    .option('--steps <number>', 'most steps of a descent', whole('--steps', 1), defaultSettingOptions.steps)
    .option('--seed <number>', 'seed of everything random', whole('--seed', Number.MIN_SAFE_INTEGER), 0)
    .option('--energies <id>', 'potential that results are given energies by, or none', 'chgnet')
    .requiredOption('-o, --output <folder>', 'folder for the results')
    .option('--workers <number>', 'processes (default: one a core)', whole('--workers', 1))
    .option('--shard <i/n>', 'only the I-th of N parts; benchmark merge puts them together', parsed(parseShard))
    .option('--redis <url>', 'let the workers of a queue do the tasks (braggscape worker): redis://[:password@]host:port')
    .option('--resume', 'go on with a run in the output folder, or add tasks to it')
    .option('--no-figures', 'draw no figures');
  withInstrumentOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape benchmark paper -o paper                                       the full protocol: two hours on two cores
  $ braggscape benchmark paper --samples 2 --settings cosine,energy -o quick
  $ braggscape benchmark paper --resume -o paper
  $ braggscape benchmark paper --structures cifs --noise lattice --levels 0.05,0.1 --settings cosine,xrd,robust@5,./mine.yaml -o mine
  $ braggscape benchmark paper --shard 3/20 -o shard-3
  $ braggscape benchmark paper --redis redis://head-node:6379 -o paper          workers elsewhere: braggscape worker --redis redis://head-node:6379
`,
    )
    .action(async (options: BenchmarkOptions) => {
      process.exitCode = await runBenchmark(options, terminalFor(options));
    });
}
