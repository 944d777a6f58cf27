/** The bytes of what a URL gives; undefined where there is none. */
export async function readBytes(url: URL): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok === true ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

/** URL of a folder, with a slash at its end. */
export function folderUrl(folder: string, base?: string): URL {
  return new URL(folder.endsWith('/') ? folder : `${folder}/`, base ?? globalThis.location.href);
}

/** A URL as people write it. */
export function shownUrl(url: URL): string {
  return url.href;
}

/** Where TensorFlow.js finds the files of its WebAssembly backend: beside its script. */
export function tensorflowWasmFolder(): string | undefined {
  return undefined;
}

/** Nothing to do here. */
export function patchNode(): void {
  // Only Node has removed anything.
}
