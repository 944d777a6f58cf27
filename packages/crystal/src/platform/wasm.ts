import { prepareMatcher, prepareMoyo } from '#wasm';

export type { Matcher, Moyo } from '#wasm';
export { loadMatcher, loadMoyo, prepareMatcher, prepareMoyo } from '#wasm';

/**
 * Load the WebAssembly modules for symmetry and matching. Needed once in browsers and browser workers, where the bytes must be
 * fetched before the synchronous functions of this package (`findSymmetry`, reading CIF) work; harmless in Node.
 *
 * @throws BraggscapeError `platform.unsupported` if the bytes cannot be had
 */
export async function prepareCrystal(): Promise<void> {
  await Promise.all([prepareMoyo(), prepareMatcher()]);
}
