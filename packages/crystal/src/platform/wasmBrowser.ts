import { BraggscapeError } from '@braggscape/core';
import * as moyo from '@spglib/moyo-wasm';

/** The symmetry finder (moyo), ready to call. */
export type Moyo = typeof moyo;

let ready = false;
let pending: Promise<void> | undefined;

/**
 * The symmetry finder.
 * @throws BraggscapeError `platform.unsupported` before {@link prepareMoyo} has resolved
 */
export function loadMoyo(): Moyo {
  if (ready) return moyo;
  throw new BraggscapeError('platform.unsupported', 'the symmetry finder is not loaded yet', {
    hint: 'await prepareCrystal() from @braggscape/crystal once before the first use',
  });
}

/** Fetch and instantiate the symmetry finder; a failed attempt may be repeated. */
export function prepareMoyo(): Promise<void> {
  pending ??= moyo.default().then(
    () => {
      ready = true;
    },
    (cause: unknown) => {
      pending = undefined;
      throw new BraggscapeError('platform.unsupported', `cannot load moyo_wasm_bg.wasm: ${String(cause)}`, {
        hint: 'serve the .wasm file of @spglib/moyo-wasm beside its script',
        cause,
      });
    },
  );
  return pending;
}
