import { fileURLToPath } from 'node:url';

/** Module that a process of a pool of benchmark tasks runs. */
export const taskScript = fileURLToPath(new URL('./taskProcess.js', import.meta.url));
