import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { connectQueue, startQueueWorker } from '@braggscape/benchmark';
import type { QueueWorker, WorkerProgress } from '@braggscape/benchmark';
import { taskScript } from '../benchmark/taskScript.js';
import { createHost, programVersion } from '../compositionRoot.js';
import { parseNumber } from '../options.js';
import type { Terminal } from '../terminal.js';
import { interruptible } from './interruptible.js';
import { exitCode, parsed, terminalFor, withCommonOptions } from './shared.js';
import type { CommonOptions } from './shared.js';

interface WorkerOptions extends CommonOptions {
  readonly redis: string;
  readonly concurrency?: number;
  readonly exitWhenIdle?: number;
}

/** `worker`: do the tasks of benchmarks that others coordinate. */
export function addWorkerCommand(program: Command): Command {
  return withCommonOptions(program.command('worker'))
    .description(
      'Take tasks of benchmarks from a queue on a Redis server and do them, each in a process of its own (docs/cluster.md).\n' +
        'SIGTERM or Ctrl-C: it finishes its tasks and ends with exit code 0; a second time: it leaves at once, its tasks go back to the queue (130).\n' +
        'Tasks of another version of the program, or with plugins that are not named here by --plugin, are left to others.',
    )
    .requiredOption('--redis <url>', 'the queue: redis://[:password@]host:port, encrypted rediss://…; the password may stand in BRAGGSCAPE_REDIS_PASSWORD instead')
    .option('--concurrency <number>', 'tasks at a time (default: one a core)', parsed((text) => parseNumber('--concurrency', text, { min: 1, integer: true })))
    .option('--exit-when-idle <seconds>', 'end after so long without a task, for batch jobs', parsed((text) => parseNumber('--exit-when-idle', text, { min: 0 })))
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape worker --redis redis://head-node:6379
  $ braggscape worker --redis redis://head-node:6379 --concurrency 4 --exit-when-idle 300
  $ BRAGGSCAPE_REDIS_PASSWORD=… braggscape worker --redis rediss://queue.example.org:6380 --plugin braggscape-plugin-lion
  $ braggscape benchmark paper --redis redis://head-node:6379 -o paper            gives them something to do
  $ braggscape benchmark board --redis redis://head-node:6379                     shows what there is to do
`,
    )
    .action(async (options: WorkerOptions) => {
      process.exitCode = await work(options, terminalFor(options));
    });
}

async function work({ redis, concurrency = availableParallelism(), exitWhenIdle, plugin: plugins = [] }: WorkerOptions, terminal: Terminal): Promise<number> {
  let worker: QueueWorker | undefined;
  const interrupt = interruptible(terminal, async () => worker?.giveBack(), 'finishing the tasks at work');
  const note = (text: string): void => terminal.note(text);
  try {
    // A plugin that is not there is said now.
    await createHost(plugins);
    const connection = await connectQueue(redis, note);
    try {
      note(`${concurrency} tasks at a time from ${connection.address}`);
      interrupt.phase = 'running';
      worker = startQueueWorker(connection, {
        script: taskScript,
        version: programVersion,
        plugins,
        concurrency,
        idleSeconds: exitWhenIdle,
        signal: interrupt.signal,
        note,
        onProgress: (progress) => terminal.progress(progressText(progress)),
      });
      const { reason, done, failed, refused, seconds } = await worker.ended;
      terminal.endProgress();
      terminal.result({ reason, done, failed, refused, seconds });
      terminal.line(`${reason === 'idle' ? 'nothing left to do' : 'stopped'}: ${done} tasks done, ${failed} attempts failed, ${seconds.toFixed(0)} s`);
      return exitCode.done;
    } finally {
      connection.close();
    }
  } finally {
    terminal.endProgress();
    interrupt.release();
  }
}

function progressText({ done, failed, active, seconds }: WorkerProgress): string {
  const rate = done / seconds;
  return `${done} tasks done${failed === 0 ? '' : `, ${failed} attempts failed`}, ${active} at work, ${rate.toFixed(rate < 10 ? 2 : 0)} a second`;
}
