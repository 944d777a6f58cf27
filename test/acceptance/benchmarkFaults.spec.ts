import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { randomFromSeed } from '@braggscape/core';
import { cheapBenchmark, countRows, rows, slowPlugin } from './benchmarkRows.js';
import { childrenOf, start, until } from './processes.js';
import type { Running } from './processes.js';
import { braggscape, withFolder } from './program.js';
import { hasRedis, startRedis } from './redisServer.js';

/** Bytes of the small disk. */
const DISK = 16 << 20;

/** Makes a run of the coordinator meet a full disk, and makes room again. */
interface SmallDisk {
  readonly kind: 'small file system' | 'limit of file size';
  /** What the shell does before the program starts. */
  fill(): Promise<string>;
  makeRoom(): Promise<void>;
  remove(): void;
}

/** A folder on a file system of its own, where it may be mounted; elsewhere files that may not grow. */
async function smallDisk(folder: string): Promise<SmallDisk> {
  await mkdir(folder);
  const journal = join(folder, 'journal/results.jsonl');
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder]).status !== 0) {
    // In blocks of 512 bytes.
    return { kind: 'limit of file size', fill: async () => `ulimit -f ${Math.ceil((await stat(journal)).size / 512) + 4}`, makeRoom: async () => undefined, remove: () => undefined };
  }
  const ballast = join(folder, 'ballast');
  return {
    kind: 'small file system',
    async fill() {
      await writeFile(ballast, Buffer.alloc(2 * DISK)).catch((error: unknown) => expect((error as { code?: string }).code).to.equal('ENOSPC'));
      return ':';
    },
    makeRoom: () => rm(ballast),
    remove: () => void spawnSync('umount', [folder]),
  };
}

/** Every result the same, and every file of tables, byte for byte. */
function expectSameTables(output: string, undisturbed: string): void {
  expect(rows(output)).to.deep.equal(rows(undisturbed));
  for (const name of ['table.csv', 'tables.md', 'tables.tex', 'summary.json']) expect(readFileSync(join(output, name), 'utf8'), name).to.equal(readFileSync(join(undisturbed, name), 'utf8'));
}

describe('a benchmark under faults', function () {
  // A minute on an idle machine with two cores.
  this.timeout(240000);

  it('on a queue: 20 workers and 5 coordinators killed, Redis restarted with and without its data, a full disk; the table is that of an undisturbed run', async function () {
    if (!hasRedis()) this.skip();
    await withFolder(async (folder) => {
      const args = await cheapBenchmark(folder, { samples: 65 });
      const undisturbed = join(folder, 'undisturbed');
      expect((await braggscape([...args, '-o', undisturbed])).code).to.equal(0);

      const data = join(folder, 'redis');
      await mkdir(data);
      const redis = await startRedis(data);
      const output = join(folder, 'disturbed');
      const disk = await smallDisk(output);
      const random = randomFromSeed(5);
      const workers: Running[] = [];
      const startWorker = (): void => void workers.push(start(['worker', '--redis', redis.url, '--concurrency', '1', '--plugin', slowPlugin], { env: { BRAGGSCAPE_TEST_PAUSE: '3', TMPDIR: folder } }));
      let coordinator: Running | undefined;
      const startCoordinator = (shell?: string): Running => start([...args, '--redis', redis.url, '-o', output, '--resume'], shell === undefined ? {} : { shell });
      const end = async (running: Running): Promise<void> => {
        running.kill('SIGKILL');
        await running.ended;
      };
      const faults = {
        worker: async () => {
          const working = workers.filter((one) => childrenOf(one.pid).length > 0);
          const victim = working[Math.floor(random.uniform() * working.length)] ?? workers[0];
          workers.splice(workers.indexOf(victim), 1);
          await end(victim);
          startWorker();
        },
        coordinator: async () => {
          await end(coordinator!);
          coordinator = startCoordinator();
        },
        redis: async () => {
          await redis.kill();
          await setTimeout(300);
          await redis.start();
        },
        redisLoss: async () => {
          await redis.kill();
          await rm(data, { recursive: true });
          await mkdir(data);
          await redis.start();
        },
        disk: async () => {
          await end(coordinator!);
          coordinator = startCoordinator(await disk.fill());
          const { code, stderr } = await coordinator.ended;
          expect(code, stderr).to.equal(1);
          expect(stderr).to.match(/(ENOSPC|EFBIG)/);
          await disk.makeRoom();
          coordinator = startCoordinator();
        },
      };
      const plan: (keyof typeof faults)[] = [...Array<'worker'>(20).fill('worker'), ...Array<'coordinator'>(5).fill('coordinator'), 'redis', 'redisLoss', 'disk'];
      for (let i = plan.length - 1; i > 0; i--) {
        const j = Math.floor(random.uniform() * (i + 1));
        [plan[i], plan[j]] = [plan[j], plan[i]];
      }
      try {
        for (let i = 0; i < 3; i++) startWorker();
        coordinator = startCoordinator();
        await until('the first results', () => countRows(output) > 2);
        for (const fault of plan) {
          const before = countRows(output);
          await faults[fault]();
          await until(`results after the fault of ${fault}`, () => countRows(output) >= before + 3);
          expect(countRows(output), 'it hits a run that is not done').to.be.below(260);
        }
        const { code, stderr } = await coordinator.ended;
        expect(code, stderr).to.equal(0);
        expectSameTables(output, undisturbed);
        expect(rows(output)).to.have.length(260);
      } finally {
        await Promise.all([...workers, ...(coordinator === undefined ? [] : [coordinator])].filter((one) => one.isRunning()).map(end));
        await redis.kill();
        disk.remove();
      }
    });
  });

  it('on one machine: processes of the pool killed 10 times, the program 3 times; the table is that of an undisturbed run', () =>
    withFolder(async (folder) => {
      const args = [...(await cheapBenchmark(folder, { samples: 25 })), '--workers', '2'];
      const [undisturbed, output] = [join(folder, 'undisturbed'), join(folder, 'disturbed')];
      expect((await braggscape([...args, '-o', undisturbed])).code).to.equal(0);
      const random = randomFromSeed(11);
      const startProgram = (): Running => start([...args, '-o', output, '--resume'], { env: { BRAGGSCAPE_TEST_PAUSE: '3' } });
      let program = startProgram();
      await until('the first results', () => countRows(output) > 2);
      for (let fault = 0; fault < 13; fault++) {
        const before = countRows(output);
        if (fault % 4 === 3) {
          program.kill('SIGKILL');
          await program.ended;
          program = startProgram();
        } else {
          const children = childrenOf(program.pid);
          process.kill(children[Math.floor(random.uniform() * children.length)], 'SIGKILL');
        }
        await until('results after the fault', () => countRows(output) >= before + 3);
      }
      expect(countRows(output)).to.be.below(100);
      const { code, stderr } = await program.ended;
      expect(code, stderr).to.equal(0);
      expectSameTables(output, undisturbed);
    }));
});
