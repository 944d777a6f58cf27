import type { FileContent, Pattern, PatternFormat, Source } from '@braggscape/core';
import { brml } from './brml.js';
import { brukerRaw } from './brukerRaw.js';
import { xy, xye } from './columns.js';
import { gsas } from './gsas.js';
import { patternJson } from './json.js';
import { pdCif } from './pdCif.js';
import { ras } from './ras.js';
import { rasx } from './rasx.js';
import { readPatternWith } from './readPattern.js';
import { uxd } from './uxd.js';
import { xrdml } from './xrdml.js';

export { checkPattern } from './checkPattern.js';
export { decompressed } from './compression.js';
export { patternFormatFor, readPatternWith } from './readPattern.js';
export type { PdCifOptions } from './writePdCif.js';
export { writePdCif } from './writePdCif.js';

/** All pattern formats of this package, in the order they are asked: those with clear marks first, plain columns last. */
export const patternFormats: readonly PatternFormat[] = [patternJson, brukerRaw, brml, rasx, xrdml, ras, uxd, gsas, pdCif, xy, xye];

/**
 * Read a powder pattern of any format of this package, compressed by gzip or not; the content decides, the name's ending orders the questions.
 * @param repairs if given, faults are mended where that is possible, each with a sentence here
 * @throws BraggscapeError `format.unknown`, `format.invalid` or `pattern.invalid`, naming the place and the remedy
 */
export function readPattern(content: FileContent, source: Source, repairs?: string[]): Pattern {
  return readPatternWith(patternFormats, content, source, repairs);
}
