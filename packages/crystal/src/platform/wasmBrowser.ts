import { BraggscapeError } from '@braggscape/core';
import * as moyo from '@spglib/moyo-wasm';
import * as ferrox from '../../vendor/ferrox.js';

/** The symmetry finder (moyo), ready to call. */
export type Moyo = typeof moyo;
/** The structure matcher (ferrox), ready to call. */
export type Matcher = typeof ferrox;

let moyoReady = false;
let matcherReady = false;
let moyoFetch: Promise<void> | undefined;
let matcherFetch: Promise<void> | undefined;

/**
 * The symmetry finder.
 * @throws BraggscapeError `platform.unsupported` before {@link prepareMoyo} has resolved
 */
export function loadMoyo(): Moyo {
  if (!moyoReady) throw unprepared('the symmetry finder');
  return moyo;
}

/**
 * The structure matcher.
 * @throws BraggscapeError `platform.unsupported` before {@link prepareMatcher} has resolved
 */
export function loadMatcher(): Matcher {
  if (!matcherReady) throw unprepared('the structure matcher');
  return ferrox;
}

/** Fetch and instantiate the symmetry finder; a failed attempt may be repeated. */
export function prepareMoyo(): Promise<void> {
  moyoFetch ??= moyo.default().then(
    () => {
      moyoReady = true;
    },
    (cause: unknown) => {
      moyoFetch = undefined;
      throw unfetched('moyo_wasm_bg.wasm', cause);
    },
  );
  return moyoFetch;
}

/** Fetch and instantiate the structure matcher; a failed attempt may be repeated. */
export function prepareMatcher(): Promise<void> {
  matcherFetch ??= ferrox.default().then(
    () => {
      matcherReady = true;
    },
    (cause: unknown) => {
      matcherFetch = undefined;
      throw unfetched('ferrox_bg.wasm', cause);
    },
  );
  return matcherFetch;
}

function unprepared(what: string): BraggscapeError {
  return new BraggscapeError('platform.unsupported', `${what} is not loaded yet`, {
    hint: 'await prepareCrystal() from @braggscape/crystal once before the first use',
  });
}

function unfetched(file: string, cause: unknown): BraggscapeError {
  return new BraggscapeError('platform.unsupported', `cannot load ${file}: ${String(cause)}`, {
    hint: 'serve the .wasm files of @spglib/moyo-wasm and @braggscape/crystal/vendor beside their scripts',
    cause,
  });
}
