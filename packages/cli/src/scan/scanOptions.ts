import { BraggscapeError } from '@braggscape/core';
import type { RangeText, ScanAxis } from '@braggscape/pipeline';
import type { BackgroundOption, CommonOptions, RepairOption } from '../commands/shared.js';
import type { InstrumentOptions } from '../commands/simulate.js';

/** Options of `scan`. */
export interface ScanOptions extends CommonOptions, InstrumentOptions, RepairOption, BackgroundOption {
  readonly axes: string;
  readonly range?: readonly RangeText[];
  readonly grid?: readonly number[];
  readonly objective?: readonly string[];
  readonly backend?: string;
  readonly pattern?: string;
  /** `true` without widths. */
  readonly broaden?: readonly number[] | true;
  readonly weights?: readonly number[];
  /** Id of an optimizer, or `true` for the default. */
  readonly descend?: string | true;
  readonly descendOn?: string;
  readonly descendIn: 'full' | 'slice';
  readonly project: string;
  readonly from?: readonly (readonly number[])[];
  readonly steps: number;
  readonly set?: readonly string[];
  readonly seed: number;
  readonly curvature: boolean;
  readonly figures: boolean;
  readonly output: string;
  readonly resume?: boolean;
  readonly workers?: number;
}

/** The parsed value of `--range`: `0.8:1.2`, or `±0.2` (also `+-0.2`) about the structure's own value; one for each axis, with commas between. */
export function parseRanges(text: string): readonly RangeText[] {
  return text.split(',').map((part) => {
    const symmetric = /^(?:±|\+-)(.+)$/.exec(part.trim());
    if (symmetric !== null) {
      const reach = numberOf(symmetric[1]);
      if (reach > 0) return { from: -reach, to: reach, offsets: true };
    }
    const limits = part.split(':').map(numberOf);
    if (limits.length === 2 && limits[0] < limits[1]) return { from: limits[0], to: limits[1], offsets: false };
    throw invalid('--range', text, 'write FROM:TO for each axis, such as 0.8:1.2,70:110, or ±0.2 about the value of the structure');
  });
}

/** The parsed value of `--grid`: `61x61`, or one number for every axis. */
export function parseGrid(text: string): readonly number[] {
  const counts = text.toLowerCase().split(/[x×]/).map(numberOf);
  if (counts.length <= 2 && counts.every((count) => Number.isInteger(count) && count >= 2 && count <= 2001)) return counts;
  throw invalid('--grid', text, 'write the number of points along each axis, from 2 to 2001, such as 61x61');
}

/** The parsed value of `--from`: a position, one number for each axis, factors for lengths as in `--range`. */
export function parsePosition(text: string): readonly number[] {
  const position = text.split(',').map(numberOf);
  if (position.length <= 2 && position.every(Number.isFinite)) return position;
  throw invalid('--from', text, 'write one number for each axis, such as 1.08,97');
}

/** The parsed value of `--weights`. */
export function parseWeights(text: string): readonly number[] {
  const weights = text.split(',').map(numberOf);
  if (weights.every((weight) => weight >= 0)) return weights;
  throw invalid('--weights', text, 'write weights of 0 or more, such as 0.01,0.1,1');
}

/**
 * Range of each axis from the ranges given: as many as axes, or one for axes of one kind.
 * @throws BraggscapeError `option.invalid` for another number of ranges, or one for axes of different kinds
 */
export function rangesFor(axes: readonly ScanAxis[], ranges: readonly RangeText[] | undefined): readonly (RangeText | undefined)[] {
  if (ranges === undefined) return axes.map(() => undefined);
  if (ranges.length === axes.length) return ranges;
  if (ranges.length === 1) {
    const other = axes.find(({ kind }) => kind !== axes[0].kind);
    if (other === undefined) return axes.map(() => ranges[0]);
    throw new BraggscapeError('option.invalid', `--range gives one range for axes of different kinds, "${axes[0].name}" (${axes[0].kind}) and "${other.name}" (${other.kind})`, { hint: 'give one for each axis, with a comma between, such as 0.8:1.2,70:110' });
  }
  throw new BraggscapeError('option.invalid', `--range gives ${ranges.length} ranges for ${axes.length} axes`, { hint: 'give one for each axis' });
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function invalid(option: string, value: string, hint: string): BraggscapeError {
  return new BraggscapeError('option.invalid', `${option} got ${JSON.stringify(value)}`, { hint });
}
