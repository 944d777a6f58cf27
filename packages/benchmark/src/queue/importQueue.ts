import { BraggscapeError } from '@braggscape/core';
import type * as Bullmq from 'bullmq';
import type * as Ioredis from 'ioredis';

/** The packages of the queue, which do not come along: 16 MB that only a benchmark on many machines needs. */
export async function importQueue(): Promise<{ readonly bullmq: typeof Bullmq; readonly Redis: typeof Ioredis.Redis }> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis };
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    throw new BraggscapeError('backend.unavailable', missing ? 'a queue needs the packages bullmq and ioredis, which are not installed' : `bullmq or ioredis fails to load: ${(cause as Error).message}`, {
      hint: missing ? 'npm install bullmq@6 ioredis@6 beside braggscape' : 'install them anew',
      cause,
    });
  }
}
