/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as moyo from '@spglib/moyo-wasm';

/** The symmetry finder (moyo), ready to call. */
export type Moyo = typeof moyo;

let ready = false;

/** The symmetry finder; its WebAssembly is read from the installed package at the first call. */
export function loadMoyo(): Moyo {
  if (!ready) {
    const wasm = new URL('moyo_wasm_bg.wasm', import.meta.resolve('@spglib/moyo-wasm'));
    moyo.initSync({ module: readFileSync(fileURLToPath(wasm)) });
    ready = true;
  }
  return moyo;
}

/** Nothing to wait for here: the file is read synchronously. */
export function prepareMoyo(): Promise<void> {
  loadMoyo();
  return Promise.resolve();
}
