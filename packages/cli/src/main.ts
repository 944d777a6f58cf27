import { Command, CommanderError } from 'commander';
import { isBraggscapeError } from '@braggscape/core';
import { addEnergyCommand } from './commands/energy.js';
import { addEvaluateCommand } from './commands/evaluate.js';
import { addFrontCommand } from './commands/front.js';
import { addMatchCommand } from './commands/match.js';
import { addPluginsCommand } from './commands/plugins.js';
import { addRefineCommand } from './commands/refine.js';
import { addRelaxCommand } from './commands/relax.js';
import { addRunCommand } from './commands/run.js';
import { exitCode } from './commands/shared.js';
import { addScanCommand } from './commands/scan.js';
import { addSimulateCommand } from './commands/simulate.js';
import { programVersion } from './compositionRoot.js';

/** Verbs whose packages are loaded only where they are named, as every start of the program would pay for them. */
const lateVerbs = {
  benchmark: { summary: 'measure how often ways of recovering structures succeed', add: async (program: Command) => (await import('./commands/benchmark.js')).addBenchmarkCommand(program) },
  worker: { summary: 'do tasks of benchmarks from a queue, on as many machines as there are', add: async (program: Command) => (await import('./commands/worker.js')).addWorkerCommand(program) },
} as const;

/**
 * Build the command line.
 * @param words what was typed: verbs that are not among it may be there by name and summary only
 */
async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('braggscape')
    .description('Recover crystal structures from powder diffraction patterns on several objectives at once.')
    .version(programVersion)
    .showSuggestionAfterError(true)
    .configureHelp({ helpWidth: 110 })
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape simulate quartz.cif --wavelength CuKa1 -o quartz.xye
  $ braggscape refine start.cif --pattern scan.xye --wavelength CuKa1 -o out
  $ braggscape relax start.cif --potential chgnet -o relaxed
  $ braggscape front start.cif --pattern scan.xye --wavelength CuKa1 -o front
  $ braggscape match out/refined.cif published.cif
Each verb has its own --help with more.`,
    );
  addSimulateCommand(program);
  addEvaluateCommand(program);
  addEnergyCommand(program);
  addRelaxCommand(program);
  addMatchCommand(program);
  addRefineCommand(program);
  addFrontCommand(program);
  addRunCommand(program);
  addScanCommand(program);
  for (const [name, { summary, add }] of Object.entries(lateVerbs)) (words.includes(name) ? await add(program) : program.command(name)).summary(summary);
  addPluginsCommand(program);
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) command.exitOverride();
  return program;
}

/** Run the program; faults of the input end in one clear message and exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that closes the pipe early, such as head, is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCode.done);
    process.stderr.write(`braggscape: standard output cannot be written (${error.code ?? error.message})\n`);
    process.exit(exitCode.badInput);
  });
  try {
    const program = await createProgram(argv.slice(2));
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = reportFault(error);
  }
}

function reportFault(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.badInput;
  if (isBraggscapeError(error)) {
    process.stderr.write(`braggscape: ${error.report}\n`);
    return exitCode.badInput;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`braggscape: this is a fault of the program, please report it:\n${text}\n`);
  return exitCode.badInput;
}
