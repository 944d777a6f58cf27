import { enumeratePlaces } from './errors.js';
import type { RawScan } from './scan.js';

/**
 * Mend what can be mended without inventing data, and say each repair in a sentence with its lines:
 * points that are no numbers (or without a positive uncertainty) are dropped; a scan measured downwards is turned round; neighbours
 * of equal angle become one point, the mean, with σ = √(Σσ²)/k for k of them. Angles that go both up and down stay as they are.
 */
export function repairScan(scan: RawScan, repairs: string[]): RawScan {
  let kept = Array.from({ length: Math.min(scan.twoTheta.length, scan.intensity.length) }, (_, i) => i);
  const drop = (wrong: (i: number) => boolean, what: string): void => {
    const dropped = kept.filter(wrong);
    if (dropped.length === 0) return;
    kept = kept.filter((i) => !wrong(i));
    repairs.push(`dropped ${dropped.length} ${dropped.length === 1 ? 'point' : 'points'} ${what} (${places(scan, dropped)})`);
  };
  drop((i) => !Number.isFinite(scan.twoTheta[i]), 'whose angle is no number');
  drop((i) => !Number.isFinite(scan.intensity[i]), 'whose intensity is no number');
  let { sigma } = scan;
  if (sigma !== undefined) {
    const given = sigma;
    const usable = (i: number): boolean => given[i] > 0 && Number.isFinite(given[i]);
    if (kept.some(usable)) drop((i) => !usable(i), 'without a positive uncertainty');
    else {
      sigma = undefined;
      repairs.push('left out the uncertainties, none of which is positive');
    }
  }
  if (isDescending(scan, kept)) {
    kept.reverse();
    repairs.push(`turned the scan round, which was measured downwards (${places(scan, [kept[kept.length - 1]])} to ${places(scan, [kept[0]])})`);
  }
  return mergeEqualAngles({ ...scan, ...(sigma === undefined ? {} : { sigma }) }, kept, sigma, repairs);
}

function places({ lines }: RawScan, points: readonly number[]): string {
  if (lines === undefined) return enumeratePlaces('point', points.map((i) => i + 1));
  return enumeratePlaces('line', points.map((i) => lines[i]));
}

function isDescending({ twoTheta }: RawScan, kept: readonly number[]): boolean {
  if (kept.length < 2 || !(twoTheta[kept[0]] > twoTheta[kept[kept.length - 1]])) return false;
  return kept.every((point, i) => i === 0 || twoTheta[point] <= twoTheta[kept[i - 1]]);
}

function mergeEqualAngles(scan: RawScan, kept: readonly number[], sigma: RawScan['sigma'], repairs: string[]): RawScan {
  const twoTheta: number[] = [];
  const intensity: number[] = [];
  const errors: number[] = [];
  const lines: number[] = [];
  const merged: number[] = [];
  for (let i = 0; i < kept.length; ) {
    let end = i + 1;
    while (end < kept.length && scan.twoTheta[kept[end]] === scan.twoTheta[kept[i]]) end++;
    const group = kept.slice(i, end);
    twoTheta.push(scan.twoTheta[kept[i]]);
    intensity.push(group.reduce((sum, point) => sum + scan.intensity[point], 0) / group.length);
    if (sigma !== undefined) errors.push(Math.hypot(...group.map((point) => sigma[point])) / group.length);
    if (scan.lines !== undefined) lines.push(scan.lines[kept[i]]);
    if (group.length > 1) merged.push(...group);
    i = end;
  }
  if (merged.length > 0) repairs.push(`averaged ${merged.length} points of equal angle (${places(scan, merged)})`);
  const { sigma: _, lines: __, ...rest } = scan;
  return {
    ...rest,
    twoTheta,
    intensity,
    ...(sigma === undefined ? {} : { sigma: errors }),
    ...(scan.lines === undefined ? {} : { lines }),
  };
}
