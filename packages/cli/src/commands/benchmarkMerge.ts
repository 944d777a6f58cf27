import type { Command } from 'commander';
import { mergeBenchmarks } from '../benchmark/mergeBenchmarks.js';
import type { MergeOptions } from '../benchmark/mergeBenchmarks.js';
import { terminalFor } from './shared.js';

/** `benchmark merge`: shards, or several runs of one protocol, put together. */
export function addMergeCommand(benchmark: Command): void {
  benchmark
    .command('merge')
    .summary('put shards or several runs of one protocol together')
    .description(
      'Copy the results of folders into a new one, each once, and write all tables and figures.\n' +
        'Folders must agree in version, structures, seed, noise law, instrument and energies; levels, settings and samples add up.\n' +
        'Exit code: 0 all tasks have results, 2 some are missing (benchmark paper --resume does them), 1 bad input.',
    )
    .argument('<folders...>', 'output folders of benchmark paper')
    .requiredOption('-o, --output <folder>', 'folder for the results of all')
    .option('--resume', 'add to the results that the output folder holds')
    .option('--no-figures', 'draw no figures')
    .option('--json', 'print one JSON object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape benchmark merge shard-1 shard-2 shard-3 -o paper
  $ braggscape benchmark merge shard-4 --resume -o paper
`,
    )
    .action(async (folders: readonly string[], options: MergeOptions) => {
      process.exitCode = await mergeBenchmarks(folders, options, terminalFor(options));
    });
}
