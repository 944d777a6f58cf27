import { Option } from 'commander';
import type { Command } from 'commander';
import { compareRuns, criteria, readRuns } from '@braggscape/benchmark';
import type { Comparison, Criterion } from '@braggscape/benchmark';
import { parseSettings } from '../benchmark/benchmarkOptions.js';
import { readingGuide } from '../benchmark/comparison/comparisonMarkdown.js';
import { leaderboardRows, sectionTitle } from '../benchmark/comparison/comparisonTables.js';
import { writeComparison } from '../benchmark/comparison/writeComparison.js';
import { table } from '../terminal.js';
import type { Terminal } from '../terminal.js';
import { exitCode, parsed, terminalFor } from './shared.js';

/** Options of `benchmark compare`. */
interface CompareCommandOptions {
  readonly settings?: readonly string[];
  readonly by: Criterion;
  readonly detail?: boolean;
  readonly output?: string;
  readonly json?: boolean;
}

/** `benchmark compare`: a leaderboard of the settings of one or more benchmarks. */
export function addCompareCommand(benchmark: Command): void {
  benchmark
    .command('compare')
    .summary('rank the settings of one or more benchmarks on the starts that they share')
    .description(
      'Compare settings start by start: a leaderboard with intervals, and for every two of them how probable it is that one is better.\n' +
        'FOLDER is the output of benchmark paper. Starts are the same where structures, noise, levels, samples, --seed and --distribution are.\n' +
        'Exit code: 0 done, 1 bad input, also where two folders share no start.',
    )
    .argument('<folder...>', 'folders of benchmark paper; one compares its own settings')
    .option('--settings <list>', 'only these settings, or FOLDER/SETTING', parsed(parseSettings))
    .addOption(new Option('--by <criterion>', 'rank by the rate of matches or strict matches, or by the displacement, evaluations or CPU seconds of matches').choices(criteria).default('match'))
    .option('--detail', 'also for each level')
    .option('-o, --output <folder>', 'write comparison.md, comparison.json, leaderboard.csv, pairs.csv and a figure')
    .option('--json', 'print one JSON object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape benchmark compare paper                                        the settings of one benchmark
  $ braggscape benchmark compare paper --by evaluations --detail
  $ braggscape benchmark compare adam lbfgs --settings cosine -o adam-or-lbfgs

A plugin of your own (optimizer, loss, potential, objective, projector) on the public yardstick:
  $ cat mine.yaml
  objectives: [{ use: my-plugin/my-loss }]
  optimizer: { use: my-plugin/my-optimizer }
  $ braggscape benchmark paper --samples 10 --settings cosine,xrd -o known
  $ braggscape benchmark paper --samples 10 --settings ./mine.yaml --plugin ./my-plugin -o mine
  $ braggscape benchmark compare known mine -o leaderboard
`,
    )
    .action(async (folders: readonly string[], options: CompareCommandOptions) => {
      process.exitCode = await runCompare(folders, options, terminalFor(options));
    });
}

async function runCompare(folders: readonly string[], { settings, by, detail, output }: CompareCommandOptions, terminal: Terminal): Promise<number> {
  const comparison = compareRuns(await readRuns(folders), { criterion: by, ...(settings === undefined ? {} : { settings }), detail: detail === true });
  const files = output === undefined ? [] : await writeComparison(comparison, output);
  terminal.result({ ...comparison, files });
  print(comparison, terminal);
  if (files.length > 0) terminal.line(`\nwrote ${files.join(', ')}`);
  return exitCode.done;
}

function print(comparison: Comparison, terminal: Terminal): void {
  for (const note of comparison.notes) terminal.note(note);
  for (const section of comparison.sections) {
    terminal.line(`\n${sectionTitle(section)}: ${section.starts} that all entries share`);
    if (section.rows.length > 0) terminal.line(table(leaderboardRows(section, comparison.criterion)));
  }
  terminal.line(`\n${readingGuide(comparison).join('\n')}`);
}
