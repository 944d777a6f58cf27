import { BraggscapeError } from '@braggscape/core';
import type * as Bullmq from 'bullmq';
import type { Redis } from 'ioredis';
import { importQueue } from './importQueue.js';

/** Variable of the environment with the password, for those who do not want it on a command line that every user of the machine can read. */
const PASSWORD_VARIABLE = 'BRAGGSCAPE_REDIS_PASSWORD';

/** Milliseconds to wait for the first connection; longest pause between two attempts to get a lost one back. */
const CONNECT_TIMEOUT = 10_000;
const LONGEST_PAUSE = 3000;

/** An open connection to the Redis server that holds the queue. It comes back by itself when it is lost. */
export interface QueueConnection {
  /** The address without its password. */
  readonly address: string;
  readonly redis: Redis;
  readonly bullmq: typeof Bullmq;
  close(): void;
}

/**
 * Connect to Redis.
 * @param url `redis://[user:password@]host[:port][/database]`, with `rediss:` encrypted
 * @param note told when the connection is lost and when it is back
 * @throws BraggscapeError `option.invalid` for what is no such URL, `queue.unreachable` when nobody answers or the password is wrong, `backend.unavailable` when the packages are not installed
 */
export async function connectQueue(url: string, note: (text: string) => void): Promise<QueueConnection> {
  const parsed = parseUrl(url);
  const address = redacted(parsed);
  const { bullmq, Redis } = await importQueue();
  const password = parsed.password === '' ? process.env[PASSWORD_VARIABLE] : undefined;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT,
    keepAlive: 10_000,
    // Commands wait until the connection is back.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * 2 ** times, LONGEST_PAUSE),
    ...(password === undefined ? {} : { password }),
  });
  let last: Error | undefined;
  redis.on('error', (error: Error) => (last = error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (cause) {
    redis.disconnect();
    throw unreachable(address, last ?? (cause as Error));
  }
  let lost = false;
  let closed = false;
  redis.on('close', () => {
    if (!lost && !closed) note(`Redis at ${address} is away; trying again until it is back`);
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) note(`Redis at ${address} is back`);
    lost = false;
  });
  return {
    address,
    redis,
    bullmq,
    close() {
      closed = true;
      redis.disconnect();
    },
  };
}

function parseUrl(url: string): URL {
  try {
    const parsed = new URL(url);
    if ((parsed.protocol === 'redis:' || parsed.protocol === 'rediss:') && parsed.hostname !== '') return parsed;
  } catch {
    // Said below. The text is not echoed: it may be a password with a slip beside it.
  }
  throw new BraggscapeError('option.invalid', '--redis got what is no address of a Redis server', { hint: 'write redis://HOST:PORT, with a password redis://:PASSWORD@HOST:PORT, encrypted rediss://…' });
}

/** The address as it may be shown: neither names nor passwords, wherever in it they stand. */
function redacted({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function unreachable(address: string, cause: Error): BraggscapeError {
  const refused = /WRONGPASS|NOAUTH|NOPERM|invalid username-password|authentication/i.test(cause.message);
  return new BraggscapeError('queue.unreachable', refused ? `Redis at ${address} refuses the password (${cause.message})` : `Redis at ${address} cannot be reached (${cause.message === '' ? cause.name : cause.message})`, {
    hint: refused ? `check the password in the address or in ${PASSWORD_VARIABLE}` : 'check host and port, that the server runs (redis-server) and that nothing between blocks the port',
    cause,
  });
}
