import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BraggscapeError } from '@braggscape/core';
import type { PluginHost } from '@braggscape/core';
import { connectQueue, journalFile, openJournal, processPool, queueExecutor, runTasks, shardOf, tasksByKey, tasksOf } from '@braggscape/benchmark';
import type { BenchmarkProgress, Journal, Protocol, QueueConnection, RunOutcome, TaskExecutor } from '@braggscape/benchmark';
import { interruptible } from '../commands/interruptible.js';
import { exitCode } from '../commands/shared.js';
import { createHost } from '../compositionRoot.js';
import { prepareFolder } from '../files/prepareFolder.js';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import { duration } from '../results/progress.js';
import type { Terminal } from '../terminal.js';
import type { BenchmarkOptions } from './benchmarkOptions.js';
import { makeProtocol } from './makeProtocol.js';
import { taskScript } from './taskScript.js';
import { noteMissingDuckDb, writeBenchmark } from './writeBenchmark.js';

/**
 * Prepare and run a benchmark or one shard of it, and write its results.
 * @returns the program's exit code
 */
export async function runBenchmark(options: BenchmarkOptions, terminal: Terminal): Promise<number> {
  const { output } = options;
  const interrupt = interruptible(terminal, () => Promise.resolve(), 'finishing the tasks at work and keeping all results');
  let queue: QueueConnection | undefined;
  try {
    const host = await createHost(options.plugin ?? []);
    queue = await queueOf(options, terminal);
    const protocol = await makeProtocol(options, host, terminal);
    await prepareFolder(output);
    if (options.resume !== true && existsSync(journalFile(output))) {
      throw new BraggscapeError('file.unwritable', 'the folder holds results of an earlier run', { path: output, hint: 'go on with --resume, which also adds tasks to what is there, or choose another folder' });
    }
    // From here on something is on the disk, and a signal ends in good order.
    interrupt.phase = 'running';
    const journal = await openJournal(output);
    let executor: TaskExecutor | undefined;
    try {
      const protocolFile = join(output, 'protocol.json');
      await writeFileAtomically(protocolFile, `${JSON.stringify(protocol, null, 1)}\n`);
      const tasks = tasksOf(protocol);
      const chosen = options.shard === undefined ? tasks : shardOf(tasks, options.shard.index, options.shard.count);
      executor =
        queue === undefined
          ? processPool(taskScript, protocolFile, options.workers ?? availableParallelism())
          : queueExecutor(queue, protocol, (text) => terminal.note(text));
      describe(protocol, chosen.length, terminal);
      noteStrays(protocol, journal, terminal);
      if (options.shard === undefined) await noteMissingDuckDb(terminal);
      const outcome = await runTasks(protocol, tasks, chosen, executor, journal, {
        signal: interrupt.signal,
        onProgress: (progress) => terminal.progress(progressText(progress)),
      });
      terminal.endProgress();
      interrupt.phase = 'writing';
      return await finish(protocol, outcome, host);
    } finally {
      await executor?.close();
      await journal.close();
    }
  } finally {
    queue?.close();
    terminal.endProgress();
    interrupt.release();
  }

  async function finish(protocol: Protocol, outcome: RunOutcome, host: PluginHost): Promise<number> {
    const { total, before, done, failed, state } = outcome;
    if (before > 0) terminal.note(`${before} results were there already`);
    const { cells, files } = await writeBenchmark(protocol, output, { state, failed, shard: options.shard !== undefined, figures: options.figures }, host, terminal);
    terminal.result({ state, total, before, done, failed, cells, files });
    terminal.line(`${before + done} of ${total} tasks done, ${failed.length} failed`);
    for (const { task, error } of failed) terminal.note(`failed: ${task}: ${error}`);
    if (state === 'interrupted') {
      terminal.note(`interrupted; ${before + done} of ${total} results are kept in ${output}: go on with --resume`);
      return exitCode.interrupted;
    }
    return failed.length > 0 ? exitCode.unconverged : exitCode.done;
  }
}

/** The queue that `--redis` names. */
async function queueOf({ redis, workers }: BenchmarkOptions, terminal: Terminal): Promise<QueueConnection | undefined> {
  if (redis === undefined) return undefined;
  if (workers !== undefined) throw new BraggscapeError('option.invalid', '--workers says how many processes work here, but with --redis the workers of the queue do the tasks', { hint: 'leave it out, and start workers with braggscape worker --redis URL' });
  return connectQueue(redis, (text) => terminal.note(text));
}

/** Say what is in the journal and in no table. */
function noteStrays(protocol: Protocol, { keys, broken }: Journal, terminal: Terminal): void {
  const known = tasksByKey(protocol);
  const strays = [...keys].filter((key) => !known.has(key)).length;
  if (strays > 0) terminal.note(`${strays} results in the folder belong to no task of this protocol (another seed, version, instrument, setting or structure): they are kept, and in no table`);
  if (broken > 0) terminal.note(`${broken} lines of the journal cannot be read; their tasks are done again`);
}

function describe({ structures, levels, samples, settings, instrument }: Protocol, tasks: number, terminal: Terminal): void {
  const noise = Object.entries(levels).map(([model, values]) => `${model} ${values.join(', ')}`);
  terminal.note(`${tasks} tasks: ${structures.length} structures, noise ${noise.join('; ')}, ${samples} samples, settings ${settings.map(({ name }) => name).join(', ')}; wavelength ${JSON.stringify(instrument.wavelength)}`);
}

/** Progress for a terminal. */
function progressText({ done, total, failed, rate, secondsLeft }: BenchmarkProgress): string {
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  const left = secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`;
  return `${done} of ${total} tasks${failures}, ${rate.toFixed(rate < 10 ? 2 : 0)} a second${left}`;
}
