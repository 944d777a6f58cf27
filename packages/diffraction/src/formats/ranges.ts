import type { Source } from '@braggscape/core';
import { patternError, repairHint } from './errors.js';
import type { RawScan } from './scan.js';

/** One of the ranges that a vendor's file may hold. */
export interface ScanRange extends RawScan {
  /** For messages: `range 2`. */
  readonly title: string;
  /** Counting time of a step in seconds; only where the intensities are counts, not a rate. */
  readonly seconds?: number;
}

/**
 * The ranges of a file as one scan. Ranges that follow one another are joined; where they were counted for different times, all are
 * scaled to the time of the first, with σ = √counts scaled alike. Ranges over the same angles are different measurements: they are
 * an error, unless `repairs` is given; then the first is read.
 *
 * @throws BraggscapeError `pattern.invalid` if there is no range, or ranges overlap
 */
export function mergeRanges(ranges: readonly ScanRange[], source: Source, repairs?: string[]): RawScan {
  const filled = ranges.filter(({ twoTheta }) => twoTheta.length > 0).map(ascending);
  if (filled.length === 0) throw patternError(source.name, 'the file holds no scan', 'it may be cut off, or hold only the settings of a measurement');
  const [first] = filled;
  if (filled.length === 1) return first;
  for (let k = 1; k < filled.length; k++) {
    if (filled[k].twoTheta[0] > last(filled[k - 1].twoTheta)) continue;
    if (repairs !== undefined) {
      repairs.push(`read ${first.title} alone; the file has ${filled.length}, which overlap`);
      return first;
    }
    throw patternError(
      source.name,
      `${filled[k].title} (2θ = ${filled[k].twoTheta[0]} to ${last(filled[k].twoTheta)}) overlaps ${filled[k - 1].title} (${filled[k - 1].twoTheta[0]} to ${last(filled[k - 1].twoTheta)})`,
      `the file holds several measurements: export the one you mean, ${repairHint}, which takes the first`,
    );
  }
  return join(filled);
}

/** A range measured downwards, turned round: its direction says nothing about the others. */
function ascending(range: ScanRange): ScanRange {
  const { twoTheta, intensity, sigma, lines } = range;
  const count = twoTheta.length;
  // A range alone keeps its direction, which is a fault to report; within several it only has to be comparable.
  if (count < 2 || !(twoTheta[0] > twoTheta[count - 1]) || lines !== undefined) return range;
  const turn = (values: ArrayLike<number>): number[] => Array.from(values).reverse();
  return { ...range, twoTheta: turn(twoTheta), intensity: turn(intensity), ...(sigma === undefined ? {} : { sigma: turn(sigma) }) };
}

function join(ranges: readonly ScanRange[]): RawScan {
  const [first] = ranges;
  const scales = ranges.map(({ seconds }) => (first.seconds === undefined || seconds === undefined ? 1 : first.seconds / seconds));
  const rescaled = scales.some((scale) => Math.abs(scale - 1) > 1e-6);
  const withSigma = rescaled || ranges.every(({ sigma }) => sigma !== undefined);
  const gather = (values: (range: ScanRange, i: number) => number): number[] =>
    ranges.flatMap((range) => Array.from({ length: range.twoTheta.length }, (_, i) => values(range, i)));
  const scale = (range: ScanRange): number => scales[ranges.indexOf(range)];
  const { sigma: _, lines: __, title: ___, seconds: ____, ...circumstances } = first;
  return {
    ...circumstances,
    twoTheta: gather(({ twoTheta }, i) => twoTheta[i]),
    intensity: gather((range, i) => range.intensity[i] * scale(range)),
    ...(withSigma ? { sigma: gather((range, i) => (range.sigma?.[i] ?? Math.sqrt(Math.max(range.intensity[i], 1))) * scale(range)) } : {}),
    ...(ranges.every(({ lines }) => lines !== undefined) ? { lines: gather(({ lines }, i) => lines?.[i] ?? 0) } : {}),
    listed: false,
  };
}

/** A scan without its lines, for one that comes from several files of an archive. */
export function withoutLines({ lines: _, ...scan }: RawScan): RawScan {
  return scan;
}

function last(values: ArrayLike<number>): number {
  return values[values.length - 1];
}
