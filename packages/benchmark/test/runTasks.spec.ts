import { expect } from 'chai';
import type { BenchmarkProgress, Journal, TaskExecutor, TaskResult } from '@braggscape/benchmark';
import { runTasks, taskKeys, tasksOf } from '@braggscape/benchmark';
import { rejectionOf } from '@braggscape/testing';
import { BraggscapeError } from '@braggscape/core';
import { smallProtocol } from './smallProtocol.js';

const protocol = smallProtocol(['cosine', 'mse']);
const tasks = tasksOf(protocol);
const keyOf = taskKeys(protocol);

/** Results out of thin air; the index in `faulty` fails, every result comes twice where `twice`. */
function fakeExecutor({ faulty = -1, twice = false }: { faulty?: number; twice?: boolean } = {}): TaskExecutor & { readonly done: number[] } {
  const done: number[] = [];
  return {
    done,
    async execute(indices, signal, onOutcome) {
      for (const index of indices) {
        if (signal.aborted) return;
        done.push(index);
        const result = { key: keyOf(tasks[index]), setting: tasks[index].setting.name, seconds: index % 2 === 0 ? 1 : 3 } as unknown as TaskResult;
        for (let i = 0; i < (twice ? 2 : 1); i++) await onOutcome(index === faulty ? { kind: 'failed', index, error: 'no luck', attempts: 3 } : { kind: 'done', result });
      }
    },
    close: () => Promise.resolve(),
  };
}

function memoryJournal(append: (result: TaskResult) => void = () => undefined): Journal {
  const keys = new Set<string>();
  return {
    keys,
    broken: 0,
    append(result) {
      if (keys.has(result.key)) return Promise.resolve(false);
      return Promise.resolve().then(() => {
        append(result);
        keys.add(result.key);
        return true;
      });
    },
    close: () => Promise.resolve(),
  };
}

const open = new AbortController().signal;

describe('running a benchmark', () => {
  it('does what is not done yet, counts what comes twice once, and lists what fails', async () => {
    const journal = memoryJournal();
    await journal.append({ key: keyOf(tasks[0]) } as TaskResult);
    const executor = fakeExecutor({ faulty: 5, twice: false });
    const outcome = await runTasks(protocol, tasks, tasks, executor, journal, { signal: open });
    expect(executor.done).to.deep.equal(tasks.map((_, i) => i).slice(1));
    expect(outcome).to.deep.include({ total: tasks.length, before: 1, done: tasks.length - 2, state: 'complete' });
    expect(outcome.failed).to.deep.equal([{ key: keyOf(tasks[5]), task: `lattice 0.05 #0 CsCl mse`, error: 'no luck', attempts: 3 }]);
    const again = await runTasks(protocol, tasks, tasks, fakeExecutor({ twice: true }), journal, { signal: open });
    expect(again).to.deep.include({ before: tasks.length - 1, done: 1, state: 'complete' });
  });

  it('estimates the time left from what each setting took', async () => {
    const seen: BenchmarkProgress[] = [];
    await runTasks(protocol, tasks, tasks, fakeExecutor(), memoryJournal(), { signal: open, onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).to.deep.include({ done: 0, rate: 0, secondsLeft: undefined });
    const last = seen[seen.length - 1];
    expect(last.done).to.equal(tasks.length);
    expect(last.secondsLeft).to.be.closeTo(0, 1e-12);
    for (const { secondsLeft } of seen.slice(1)) expect(secondsLeft).to.be.a('number');
  });

  it('ends in good order when it is interrupted, and when results cannot be written', async () => {
    const controller = new AbortController();
    const journal = memoryJournal(() => {
      if (journal.keys.size === 3) controller.abort();
    });
    const outcome = await runTasks(protocol, tasks, tasks, fakeExecutor(), journal, { signal: controller.signal });
    expect(outcome).to.deep.include({ done: 4, state: 'interrupted' });
    const executor = fakeExecutor();
    const full = memoryJournal(() => {
      throw new BraggscapeError('file.unwritable', 'full');
    });
    expect((await rejectionOf(runTasks(protocol, tasks, tasks, executor, full, { signal: open }))).code).to.equal('file.unwritable');
    expect(executor.done).to.deep.equal([0]);
  });
});
