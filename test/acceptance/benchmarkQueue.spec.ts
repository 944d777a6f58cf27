import { expect } from 'chai';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connectQueue, queueExecutor } from '@braggscape/benchmark';
import type { Protocol } from '@braggscape/benchmark';
import { readFile } from 'node:fs/promises';
import { cheapBenchmark, countRows, rows, slowPlugin } from './benchmarkRows.js';
import { childrenOf, isAlive, start, until } from './processes.js';
import { braggscape, withFolder } from './program.js';
import { freePort, hasRedis, startRedis } from './redisServer.js';
import type { RedisServer } from './redisServer.js';

const quiet = (): void => undefined;

async function withRedis(use: (server: RedisServer, folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const server = await startRedis(folder);
    try {
      await use(server, folder);
    } finally {
      await server.kill();
    }
  });
}

describe('a benchmark on many machines', function () {
  this.timeout(60000);
  before(function () {
    if (!hasRedis()) this.skip();
  });

  it('says that Redis cannot be reached, without the password', async () => {
    const port = await freePort();
    const verbs = [['worker'], ['benchmark', 'board'], ['benchmark', 'paper', '-o', '/nonexistent/never']];
    for (const { code, stderr } of await Promise.all(verbs.map((verb) => braggscape([...verb, '--redis', `redis://:sesame@127.0.0.1:${port}`])))) {
      expect(code).to.equal(1);
      expect(stderr).to.match(/cannot be reached \(.*ECONNREFUSED.*check host and port/).and.include(`127.0.0.1:${port}`).and.not.include('sesame');
    }
    const wrong = await braggscape(['worker', '--redis', 'localhost:6379']);
    expect(wrong.code).to.equal(1);
    expect(wrong.stderr).to.include('redis://HOST:PORT');
  });

  it('gives the results of one machine, tells the numbers, and ends its workers in good order', () =>
    withRedis(async ({ url }, folder) => {
      const args = await cheapBenchmark(folder, { samples: 3 });
      const worker = start(['worker', '--redis', url, '--concurrency', '2', '--plugin', slowPlugin, '--json'], { env: { BRAGGSCAPE_TEST_PAUSE: '10' } });
      const queued = await braggscape([...args, '--redis', url, '-o', join(folder, 'queued'), '--json']);
      expect(queued.code, queued.stderr).to.equal(0);
      expect(JSON.parse(queued.stdout)).to.include({ state: 'complete', total: 12, done: 12 });
      expect((await braggscape([...args, '-o', join(folder, 'local')])).code).to.equal(0);
      expect(rows(join(folder, 'queued'))).to.deep.equal(rows(join(folder, 'local')));

      // Interrupted, the coordinator takes back what nobody has begun; asked to end, the worker finishes what it has.
      const more = start([...(await cheapBenchmark(folder, { samples: 50, levels: '0.1' })), '--redis', url, '-o', join(folder, 'more')]);
      await until('tasks at work', () => countRows(join(folder, 'more')) >= 4);
      const board = JSON.parse((await braggscape(['benchmark', 'board', '--redis', url, '--json'])).stdout);
      expect(board.waiting).to.be.above(50);
      expect(board.active).to.be.within(1, 2);
      expect(board.workers).to.have.length(1);
      more.kill('SIGINT');
      const { code, stderr } = await more.ended;
      expect(code, stderr).to.equal(130);
      expect(stderr).to.include('go on with --resume');
      const left = JSON.parse((await braggscape(['benchmark', 'board', '--redis', url, '--json'])).stdout);
      expect(left).to.include({ waiting: 0, active: 0, completed: 0, failed: 0 });
      worker.kill('SIGTERM');
      const ended = await worker.ended;
      expect(ended.code, ended.stderr).to.equal(0);
      expect(JSON.parse(ended.stdout)).to.include({ reason: 'stopped', done: 12 + countRows(join(folder, 'more')), failed: 0 });
    }));

  it('tries a task that fails three times, then says why', () =>
    withRedis(async ({ url }, folder) => {
      const args = [...(await cheapBenchmark(folder, { samples: 1, noise: 'lattice', levels: '0.02', optimizer: 'test/broken' })), '--redis', url, '-o', join(folder, 'out')];
      const worker = start(['worker', '--redis', url, '--concurrency', '1', '--plugin', slowPlugin, '--json']);
      const { code, stdout, stderr } = await braggscape([...args, '--json']);
      expect(code, stderr).to.equal(2);
      expect(stderr).to.match(/failed: lattice 0.02 #0 U2Ti cosine: .*this optimizer is broken/);
      expect(JSON.parse(stdout).failed[0]).to.include({ attempts: 3 });
      const board = JSON.parse((await braggscape(['benchmark', 'board', '--redis', url, '--json'])).stdout);
      expect(board.failed).to.equal(1);
      expect(board.failures[0].error).to.include('this optimizer is broken');
      worker.kill('SIGTERM');
      const ended = await worker.ended;
      expect(ended.code, ended.stderr).to.equal(0);
      expect(JSON.parse(ended.stdout)).to.include({ done: 0, failed: 3 });
    }));

  it('leaves tasks of another version, or with plugins that it lacks, to other workers', () =>
    withRedis(async ({ url }, folder) => {
      const args = await cheapBenchmark(folder, { samples: 1, noise: 'lattice', levels: '0.02' });
      expect((await braggscape([...args, '-o', join(folder, 'local')])).code).to.equal(0);
      const protocol = JSON.parse(await readFile(join(folder, 'local/protocol.json'), 'utf8')) as Protocol;
      const stop = new AbortController();
      const executor = queueExecutor(await connectQueue(url, quiet), { ...protocol, version: '0.0.1' }, quiet);
      const execution = executor.execute([0], stop.signal, async () => true);
      await setTimeout(300);
      const refusing = await braggscape(['worker', '--redis', url, '--plugin', slowPlugin, '--exit-when-idle', '1', '--json']);
      expect(JSON.parse(refusing.stdout).reason).to.equal('idle');
      expect(refusing.stderr).to.match(/refused tasks .* of version 0\.0\.1, this worker is .*install the same version/);
      expect(JSON.parse(refusing.stdout)).to.include({ done: 0, failed: 0, refused: 1 });
      stop.abort();
      await execution;
      await executor.close();

      const queued = start([...args, '--redis', url, '-o', join(folder, 'queued')]);
      await until('a task enqueued', () => queued.said().includes('1 tasks:'));
      const lacking = await braggscape(['worker', '--redis', url, '--exit-when-idle', '1', '--json']);
      expect(lacking.stderr).to.match(/it needs --plugin .*slowPlugin\.mjs, which this worker was not given/);
      expect(JSON.parse(lacking.stdout)).to.include({ done: 0, failed: 0 });
      const able = await braggscape(['worker', '--redis', url, '--plugin', slowPlugin, '--exit-when-idle', '2', '--json']);
      expect(JSON.parse(able.stdout)).to.include({ done: 1, failed: 0, refused: 0 });
      expect((await queued.ended).code).to.equal(0);
      expect(rows(join(folder, 'queued'))).to.deep.equal(rows(join(folder, 'local')));
    }));

  it('leaves no process behind when a worker is killed', () =>
    withRedis(async ({ url }, folder) => {
      const run = start([...(await cheapBenchmark(folder, { samples: 50 })), '--redis', url, '-o', join(folder, 'out')]);
      const worker = start(['worker', '--redis', url, '--concurrency', '2', '--plugin', slowPlugin], { env: { BRAGGSCAPE_TEST_PAUSE: '20', TMPDIR: folder } });
      await until('results', () => countRows(join(folder, 'out')) >= 2);
      const children = childrenOf(worker.pid);
      expect(children).to.have.length(2);
      worker.kill('SIGKILL');
      await until('its processes ending', () => !children.some(isAlive), 10);
      run.kill('SIGINT');
      await run.ended;
    }));
});
