import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A Redis server of a test's own. */
export interface RedisServer {
  readonly url: string;
  /** Kill it; what it has not written is lost. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Whether there is a server to start. Where there is none, says what to install. */
export function hasRedis(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true;
  process.stderr.write('no redis-server here: tests of the queue are skipped (Debian: apt-get install redis-server; macOS: brew install redis)\n');
  return false;
}

/** Start a server on a free port with its data in a folder, written at once. */
export async function startRedis(folder: string): Promise<RedisServer> {
  const port = await freePort();
  let child: ReturnType<typeof spawn> | undefined;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always', '--save', ''], { stdio: 'ignore' });
      for (let attempt = 0; attempt < 200; attempt++) {
        if (spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }).stdout.startsWith('PONG')) return;
        await setTimeout(50);
      }
      throw new Error(`redis-server does not answer on port ${port}`);
    },
    async kill() {
      if (child?.kill('SIGKILL') === true) await once(child, 'exit');
    },
  };
  await server.start();
  return server;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
