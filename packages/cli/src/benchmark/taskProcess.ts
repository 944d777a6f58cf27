import { servePool } from '@braggscape/benchmark';
import { createHost } from '../compositionRoot.js';

// One process of a pool of benchmark tasks.
servePool((plugins) => createHost(plugins));
