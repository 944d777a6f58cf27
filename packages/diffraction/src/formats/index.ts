import type { PatternFormat } from '@braggscape/core';
import { xy, xye } from './columns.js';
import { patternJson } from './json.js';

export { checkPattern } from './checkPattern.js';

/** All pattern formats of this package, in the order they are asked. */
export const patternFormats: readonly PatternFormat[] = [patternJson, xy, xye];
