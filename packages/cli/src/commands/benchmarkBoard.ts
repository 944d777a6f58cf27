import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { connectQueue, readBoard } from '@braggscape/benchmark';
import type { Board } from '@braggscape/benchmark';
import { parseNumber } from '../options.js';
import type { Terminal } from '../terminal.js';
import { parsed, terminalFor } from './shared.js';

interface BoardOptions {
  readonly redis: string;
  readonly watch?: number;
  readonly json?: boolean;
}

/** `benchmark board`: what there is in the queue. */
export function addBoardCommand(benchmark: Command): void {
  benchmark
    .command('board')
    .summary('what there is in the queue: tasks by state, failures, workers')
    .description('Show the tasks in the queue of a Redis server by their state, those that failed with their errors, and the workers connected.')
    .requiredOption('--redis <url>', 'the queue: redis://[:password@]host:port')
    .option('--json', 'print one JSON object on standard output; with --watch one a line')
    .option('--watch <seconds>', 'show it again and again', parsed((text) => parseNumber('--watch', text, { min: 0.1 })))
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape benchmark board --redis redis://head-node:6379
  $ braggscape benchmark board --redis redis://head-node:6379 --watch 5
`,
    )
    .action(async ({ redis, watch, ...options }: BoardOptions) => {
      const terminal = terminalFor(options);
      const connection = await connectQueue(redis, (text) => terminal.note(text));
      try {
        for (;;) {
          show(await readBoard(connection), terminal);
          if (watch === undefined) break;
          await pause(1000 * watch);
        }
      } finally {
        connection.close();
      }
    });
}

function show(board: Board, terminal: Terminal): void {
  terminal.result(board);
  const { waiting, active, delayed, completed, failed, failures, workers } = board;
  terminal.line(`${waiting} waiting, ${active} at work, ${delayed} waiting for another try, ${completed} done and not collected, ${failed} failed`);
  terminal.line(`${workers.length} workers${workers.length === 0 ? '' : `: ${workers.join(', ')}`}`);
  for (const { task, attempts, error } of failures) terminal.line(`failed after ${attempts} attempts: ${task}: ${error.split('\n')[0]}`);
}
