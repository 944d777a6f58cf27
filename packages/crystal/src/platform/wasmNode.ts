/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as moyo from '@spglib/moyo-wasm';
import * as ferrox from '../../vendor/ferrox.js';

/** The symmetry finder (moyo), ready to call. */
export type Moyo = typeof moyo;
/** The structure matcher (ferrox), ready to call. */
export type Matcher = typeof ferrox;

let moyoReady = false;
let matcherReady = false;

/** The symmetry finder; its WebAssembly is read from the installed package at the first call. */
export function loadMoyo(): Moyo {
  if (!moyoReady) {
    const entry = import.meta.resolve('@spglib/moyo-wasm');
    moyo.initSync({ module: readFileSync(fileURLToPath(new URL('moyo_wasm_bg.wasm', entry))) });
    moyoReady = true;
  }
  return moyo;
}

/** The structure matcher; its WebAssembly is read from this package at the first call. */
export function loadMatcher(): Matcher {
  if (!matcherReady) {
    ferrox.initSync({ module: readFileSync(fileURLToPath(new URL('../../vendor/ferrox_bg.wasm', import.meta.url))) });
    matcherReady = true;
  }
  return ferrox;
}

/** Nothing to wait for here: files are read synchronously. */
export function prepareMoyo(): Promise<void> {
  loadMoyo();
  return Promise.resolve();
}

/** Nothing to wait for here: files are read synchronously. */
export function prepareMatcher(): Promise<void> {
  loadMatcher();
  return Promise.resolve();
}
