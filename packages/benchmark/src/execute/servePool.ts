import { readFile } from 'node:fs/promises';
import type { PluginHost } from '@braggscape/core';
import workerpool from 'workerpool';
import type { Protocol } from '../protocol/protocol.js';
import { taskRunner } from '../run/taskRunner.js';
import { tasksOf } from '../tasks/task.js';
import type { RunTask } from './processPool.js';

/**
 * Make this process one of a pool's: it runs the tasks that it is sent, one after the other, and ends with its parent.
 * @param createHost a host with the plugins of a protocol; it may throw where what they hold is not what the protocol says
 */
export function servePool(createHost: (protocol: Protocol) => Promise<PluginHost>): void {
  // A Ctrl-C reaches every process of a terminal; the parent says when to end.
  for (const name of ['SIGINT', 'SIGHUP'] as const) process.on(name, () => undefined);
  let current: { readonly file: string; readonly run: Promise<(index: number) => ReturnType<RunTask>>; dispose(): void } | undefined;
  const open = (file: string): NonNullable<typeof current> => {
    let dispose = (): void => undefined;
    const run = readFile(file, 'utf8').then(async (text) => {
      const protocol = JSON.parse(text) as Protocol;
      const runner = taskRunner(protocol, await createHost(protocol));
      dispose = () => runner.dispose();
      const tasks = tasksOf(protocol);
      return (index: number) => runner.run(tasks[index]);
    });
    return { file, run, dispose: () => dispose() };
  };
  const runTask: RunTask = async (file, index) => {
    if (current?.file !== file) {
      current?.dispose();
      current = open(file);
    }
    const { run } = current;
    // What could not be opened is tried anew by the next task.
    run.catch(() => (current = undefined));
    return (await run)(index);
  };
  workerpool.worker({ runTask });
}
