import { servePool } from '@braggscape/benchmark';
import { protocolHost } from './protocolContents.js';

// One process of a pool of benchmark tasks.
servePool(protocolHost);
