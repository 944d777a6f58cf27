import { fileURLToPath } from 'node:url';

/** Folder of the ten crystals that come along: the paper's three named ones and seven with its other space groups, from published data. */
export const structuresFolder = fileURLToPath(new URL('../../structures/', import.meta.url));
