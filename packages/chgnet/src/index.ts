export { chgnet, chgnetFolder } from './chgnet.js';
export { chgnetPlugin } from './plugin.js';
