import type { AngularInterval, Pattern } from '@braggscape/core';

/** Steps an axis needs before it is called even. */
const LEAST_STEPS = 20;

/** Steps longer by one unit of the last digit, beyond which they come from rounding and not from lost points. */
const MOST_LOST = 3;

/** A place where points of an even axis are missing. */
export interface Gap {
  /** Index of the point before it. */
  readonly after: number;
  /** How many points are missing. */
  readonly missing: number;
}

/**
 * The gaps of an even axis: steps of more than one and a half times the usual one, with usual steps on both sides. Only an axis with 9 in
 * 10 steps alike (to a tenth, as printed angles are rounded) has a usual step. Gaps in excluded regions do not count, nor do steps that are
 * longer by the last digit again and again: a step of 0.0102 printed with two digits has one in fifty of 0.02.
 */
export function findGaps({ twoTheta, excluded = [] }: Pattern): readonly Gap[] {
  const count = twoTheta.length - 1;
  if (count < LEAST_STEPS) return [];
  const steps = Float64Array.from({ length: count }, (_, i) => twoTheta[i + 1] - twoTheta[i]);
  const usual = steps.slice().sort()[count >> 1];
  const isUsual = (i: number): boolean => i < 0 || i >= count || Math.abs(steps[i] - usual) <= usual / 10;
  let alike = 0;
  for (let i = 0; i < count; i++) if (isUsual(i)) alike++;
  if (alike < 0.9 * count) return [];
  const lastDigit = resolutionOf(twoTheta);
  const gaps: Gap[] = [];
  const roundings: Gap[] = [];
  for (let i = 0; i < count; i++) {
    if (!(steps[i] > 1.5 * usual) || !isUsual(i - 1) || !isUsual(i + 1)) continue;
    if (excluded.some((region) => region.from <= twoTheta[i] + 1.5 * usual && region.to >= twoTheta[i + 1] - 1.5 * usual)) continue;
    const gap = { after: i, missing: Math.max(1, Math.round(steps[i] / usual) - 1) };
    (steps[i] - usual <= 1.1 * lastDigit ? roundings : gaps).push(gap);
  }
  return roundings.length > MOST_LOST ? gaps : [...gaps, ...roundings].sort((a, b) => a.after - b.after);
}

/** One unit of the last digit with which the angles are written. */
function resolutionOf(twoTheta: Float64Array): number {
  let decimals = 0;
  for (const angle of twoTheta) decimals = Math.max(decimals, (String(Number(angle.toPrecision(9))).split('.')[1] ?? '').length);
  return 10 ** -decimals;
}

/** The pattern with each gap an excluded region; each is a sentence in `repairs`. */
export function withGapsExcluded(pattern: Pattern, repairs: string[]): Pattern {
  const { twoTheta } = pattern;
  const found = findGaps(pattern).map(({ after, missing }): AngularInterval => {
    const [before, behind] = [twoTheta[after], twoTheta[after + 1]];
    const half = (behind - before) / (missing + 1) / 2;
    repairs.push(`excluded the gap between 2θ = ${before} and ${behind}, where ${missing} ${missing === 1 ? 'point is' : 'points are'} missing`);
    return { from: before + half, to: behind - half };
  });
  if (found.length === 0) return pattern;
  return { ...pattern, excluded: [...(pattern.excluded ?? []), ...found].sort((a, b) => a.from - b.from) };
}
