import { prepareMoyo } from '#wasm';

export type { Moyo } from '#wasm';
export { loadMoyo } from '#wasm';

/**
 * Load the WebAssembly that symmetry analysis needs. Once in browsers and browser workers, where the bytes must be fetched before
 * the synchronous functions of this package (`findSymmetry`, reading CIF) work; harmless in Node.
 *
 * @throws BraggscapeError `platform.unsupported` if the bytes cannot be had
 */
export function prepareCrystal(): Promise<void> {
  return prepareMoyo();
}
