import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository root, also from the compiled file: the nearest folder above that holds lerna.json. */
function repositoryRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'lerna.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('conformance tests must run inside the repository');
    folder = parent;
  }
  return folder;
}

const shared = join(dirname(repositoryRoot()), 'shared');

/** Whether the reference data lie beside the repository; conformance tests skip themselves without them. */
export const hasShared: boolean = existsSync(join(shared, 'reference'));

/** Path of a reference file, such as `sharedPath('reference', 'matcher.json')`. */
export function sharedPath(...parts: string[]): string {
  return join(shared, ...parts);
}
