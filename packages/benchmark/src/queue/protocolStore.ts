import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Protocol } from '../protocol/protocol.js';
import { prefix } from './jobs.js';

/** Seconds after which a protocol that no coordinator asked for any more is forgotten: a week. */
const LIFETIME = 7 * 24 * 3600;

/** A protocol as text, and the hash that it is found by. */
export interface StoredProtocol {
  readonly hash: string;
  readonly text: string;
}

/** A protocol as it is stored. */
export function storedProtocol(protocol: Protocol): StoredProtocol {
  // In the order of its keys: it is the order of the tasks, which jobs name by their index.
  const text = JSON.stringify(protocol);
  return { hash: hashOf(text), text };
}

/** Store a protocol once for all its jobs, or renew its lifetime. */
export async function putProtocol(redis: Redis, { hash, text }: StoredProtocol): Promise<void> {
  if ((await redis.expire(keyOf(hash), LIFETIME)) === 0) await redis.set(keyOf(hash), text, 'EX', LIFETIME);
}

/**
 * Read a protocol.
 * @returns undefined if it is not there, or is not what its hash says
 */
export async function getProtocol(redis: Redis, hash: string): Promise<string | undefined> {
  const text = await redis.get(keyOf(hash));
  return text !== null && hashOf(text) === hash ? text : undefined;
}

function keyOf(hash: string): string {
  return `${prefix}:protocol:${hash}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
