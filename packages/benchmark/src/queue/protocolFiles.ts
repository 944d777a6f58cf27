import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Protocol } from '../protocol/protocol.js';
import { getProtocol } from './protocolStore.js';

/** A protocol in a file, for the processes of a pool, or why this worker cannot do its tasks. */
export type ProtocolFile = { readonly path: string; readonly refused?: undefined } | { readonly refused: string };

/** Protocols of a queue as files in a temporary folder, each written once. */
export interface ProtocolFiles {
  /** @throws Error if the protocol is not in the queue */
  of(hash: string): Promise<ProtocolFile>;
  remove(): Promise<void>;
}

/** Files of the protocols that a worker of this version with these plugins meets. */
export function protocolFiles(redis: Redis, own: { readonly version: string; readonly plugins: readonly string[] }): ProtocolFiles {
  const known = new Map<string, Promise<ProtocolFile>>();
  let folder: Promise<string> | undefined;
  const write = async (hash: string): Promise<ProtocolFile> => {
    const text = await getProtocol(redis, hash);
    if (text === undefined) throw new Error(`the protocol ${hash} is not in the queue; its coordinator stores it again`);
    const refused = refusal(JSON.parse(text) as Protocol, own);
    if (refused !== undefined) return { refused };
    folder ??= mkdtemp(join(tmpdir(), 'braggscape-worker-'));
    const path = join(await folder, `${hash}.json`);
    await writeFile(path, text);
    return { path };
  };
  return {
    of(hash) {
      let file = known.get(hash);
      if (file === undefined) {
        file = write(hash);
        known.set(hash, file);
        // What could not be read or written is tried again.
        file.catch(() => known.delete(hash));
      }
      return file;
    },
    async remove() {
      if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
    },
  };
}

function refusal({ format, version, plugins }: Protocol, own: { readonly version: string; readonly plugins: readonly string[] }): string | undefined {
  if (format !== 'braggscape-benchmark/1' || version !== own.version) return `it is of version ${version}, this worker is ${own.version} (install the same version)`;
  const missing = plugins.filter((name) => !own.plugins.includes(name));
  return missing.length === 0 ? undefined : `it needs ${missing.map((name) => `--plugin ${name}`).join(' ')}, which this worker was not given`;
}
