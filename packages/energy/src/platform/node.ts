/// <reference types="node" />
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The bytes of a file or of what a URL gives; undefined where there is none. */
export async function readBytes(url: URL): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    if (url.protocol === 'file:') return new Uint8Array(await readFile(url));
    const response = await fetch(url);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  } catch {
    return undefined;
  }
}

/** URL of a folder given as path or URL, with a slash at its end. */
export function folderUrl(folder: string, base?: string): URL {
  const url = /^[a-z][a-z0-9+.-]+:\/\//i.test(folder) ? new URL(folder) : pathToFileURL(isAbsolute(folder) ? folder : resolve(base ?? '.', folder));
  return url.pathname.endsWith('/') ? url : new URL(`${url.href}/`);
}

/** A URL as people write it: a path where it is a file. */
export function shownUrl(url: URL): string {
  return url.protocol === 'file:' ? fileURLToPath(url) : url.href;
}

/** Where TensorFlow.js finds the files of its WebAssembly backend. */
export function tensorflowWasmFolder(): string | undefined {
  const module = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  return fileURLToPath(new URL('.', pathToFileURL(module)));
}

/** Give TensorFlow's Node addon what Node has removed since it was made. */
export function patchNode(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
