import type { Pattern, Source } from '@braggscape/core';
import { checkPattern } from './checkPattern.js';
import { findGaps, withGapsExcluded } from './gaps.js';
import { patternError, repairHint } from './errors.js';
import { repairScan } from './repairScan.js';
import type { RawScan } from './scan.js';

/** Names the place of point i: `scan.xy:12` or `scan.raw, point 12`. */
export function placeOf(scan: Pick<RawScan, 'lines'>, source: Source): (i: number) => string {
  const { lines } = scan;
  if (lines === undefined) return (i) => `${source.name}, point ${i + 1}`;
  return (i) => (lines.length === 0 ? source.name : `${source.name}:${lines[Math.min(i, lines.length - 1)]}`);
}

/**
 * The pattern of a scan, checked; with `repairs`, first mended as far as {@link repairScan} does.
 * @throws BraggscapeError `pattern.invalid` with the place of the first fault
 */
export function patternOf(raw: RawScan, source: Source, repairs?: string[]): Pattern {
  const scan = repairs === undefined ? raw : repairScan(raw, repairs);
  const { wavelength, spectrum, radiation } = scan;
  const pattern: Pattern = {
    twoTheta: Float64Array.from(scan.twoTheta),
    intensity: Float64Array.from(scan.intensity),
    ...(scan.sigma === undefined ? {} : { sigma: Float64Array.from(scan.sigma) }),
    ...(wavelength === undefined ? {} : { wavelength }),
    ...(spectrum === undefined ? {} : { spectrum }),
    ...(radiation === undefined ? {} : { radiation }),
    ...(scan.excluded === undefined || scan.excluded.length === 0 ? {} : { excluded: scan.excluded }),
  };
  const at = placeOf(scan, source);
  checkPattern(pattern, at);
  if (scan.listed !== true) return pattern;
  if (repairs !== undefined) return withGapsExcluded(pattern, repairs);
  const [gap] = findGaps(pattern);
  if (gap === undefined) return pattern;
  throw patternError(
    at(gap.after + 1),
    `${gap.missing} ${gap.missing === 1 ? 'point is' : 'points are'} missing between 2θ = ${pattern.twoTheta[gap.after]} and ${pattern.twoTheta[gap.after + 1]}`,
    `the file may have lost lines; where the region was cut out on purpose, write "# excluded: FROM TO" at the head, ${repairHint}, which excludes it`,
  );
}
