import type { AngularInterval, Pattern } from '@braggscape/core';

/** Steps an axis needs before it is called even. */
const LEAST_STEPS = 20;

/** A place where points of an even axis are missing. */
export interface Gap {
  /** Index of the point before it. */
  readonly after: number;
  /** How many points are missing. */
  readonly missing: number;
}

/**
 * The first gap from point `from` on: a step of more than one and a half times the usual one, with usual steps on both sides. Only an
 * axis with 9 in 10 steps alike (to a tenth, as printed angles are rounded) has a usual step. Gaps in excluded regions do not count.
 */
export function findGap({ twoTheta, excluded = [] }: Pattern, from: number): Gap | undefined {
  const count = twoTheta.length - 1;
  if (count < LEAST_STEPS) return undefined;
  const steps = Float64Array.from({ length: count }, (_, i) => twoTheta[i + 1] - twoTheta[i]);
  const usual = steps.slice().sort()[count >> 1];
  const isUsual = (i: number): boolean => i < 0 || i >= count || Math.abs(steps[i] - usual) <= usual / 10;
  let alike = 0;
  for (let i = 0; i < count; i++) if (isUsual(i)) alike++;
  if (alike < 0.9 * count) return undefined;
  for (let i = from; i < count; i++) {
    if (!(steps[i] > 1.5 * usual) || !isUsual(i - 1) || !isUsual(i + 1)) continue;
    const stated = excluded.some((region) => region.from <= twoTheta[i] + 1.5 * usual && region.to >= twoTheta[i + 1] - 1.5 * usual);
    if (!stated) return { after: i, missing: Math.max(1, Math.round(steps[i] / usual) - 1) };
  }
  return undefined;
}

/** The pattern with each gap an excluded region; each is a sentence in `repairs`, if given. */
export function withGapsExcluded(pattern: Pattern, repairs?: string[]): Pattern {
  const { twoTheta } = pattern;
  const found: AngularInterval[] = [];
  for (let gap = findGap(pattern, 0); gap !== undefined; gap = findGap(pattern, gap.after + 1)) {
    const [before, behind] = [twoTheta[gap.after], twoTheta[gap.after + 1]];
    const half = (behind - before) / (gap.missing + 1) / 2;
    found.push({ from: before + half, to: behind - half });
    repairs?.push(`excluded the gap between 2θ = ${before} and ${behind}, where ${gap.missing} points are missing`);
  }
  if (found.length === 0) return pattern;
  return { ...pattern, excluded: [...(pattern.excluded ?? []), ...found].sort((a, b) => a.from - b.from) };
}
