import { BraggscapeError } from '@braggscape/core';
import type { AngularInterval, Comparison, Metric, Pattern } from '@braggscape/core';

/** Options of {@link withoutExcluded}. */
export interface ExclusionOptions {
  /** Regions of 2θ to leave out, both ends inclusive, in place of those of the pattern. Default: those of the pattern. */
  readonly regions?: readonly AngularInterval[];
}

/** The fewest points that a comparison makes sense of. */
const fewestPoints = 3;

/**
 * The metric on what is left of the axis outside the excluded regions. The inner metric sees the points that remain and the regions as `excluded`, so that
 * one that integrates along 2θ does not stretch the points beside a gap over it. Points within a region have no slope.
 *
 * @throws BraggscapeError `option.invalid` for given regions that end before they begin; from `against`, `pattern.invalid` for such regions of the
 * pattern, and if fewer than three points remain
 */
export function withoutExcluded(metric: Metric, { regions }: ExclusionOptions = {}): Metric {
  const backward = regions?.find(isBackward);
  if (backward !== undefined) {
    throw new BraggscapeError('option.invalid', `an excluded region goes from ${backward.from}° to ${backward.to}°`, { hint: 'from ≤ to', path: 'regions' });
  }
  const { residualsAgainst, ...rest } = metric;
  return {
    ...rest,
    against: (observed) => compareOutside(metric, observed, regions ?? observed.excluded ?? []),
    ...(residualsAgainst === undefined
      ? {}
      : {
          residualsAgainst: (observed) => {
            const { kept, pattern } = outside(observed, regions ?? observed.excluded ?? []);
            const residuals = residualsAgainst(pattern);
            return (calc) => residuals(Float64Array.from(kept, (i) => calc[i]));
          },
        }),
  };
}

/** The points outside the regions, and the pattern of them alone. */
function outside(observed: Pattern, regions: readonly AngularInterval[]): { readonly kept: Int32Array; readonly pattern: Pattern } {
  const backward = regions.find(isBackward);
  if (backward !== undefined) {
    throw new BraggscapeError('pattern.invalid', `an excluded region of the observed pattern goes from ${backward.from}° to ${backward.to}°`, {
      hint: 'from ≤ to',
    });
  }
  const { twoTheta } = observed;
  const kept = Int32Array.from([...twoTheta.keys()].filter((i) => !regions.some(({ from, to }) => from <= twoTheta[i] && twoTheta[i] <= to)));
  if (kept.length < fewestPoints) {
    throw new BraggscapeError('pattern.invalid', `${kept.length} of ${twoTheta.length} points of the observed pattern are outside the excluded regions`, {
      hint: `a comparison needs at least ${fewestPoints}`,
    });
  }
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i]);
  const pattern = {
    ...observed,
    twoTheta: pick(twoTheta),
    intensity: pick(observed.intensity),
    ...(observed.sigma === undefined ? {} : { sigma: pick(observed.sigma) }),
    excluded: regions,
  };
  return { kept, pattern };
}

function compareOutside(metric: Metric, observed: Pattern, regions: readonly AngularInterval[]): Comparison {
  const { kept, pattern } = outside(observed, regions);
  const compare = metric.against(pattern);
  const remaining = new Float64Array(kept.length);
  const dCalc = new Float64Array(observed.twoTheta.length);
  return (calc, need) => {
    for (let i = 0; i < kept.length; i++) remaining[i] = calc[kept[i]];
    const { value, dCalc: dRemaining } = compare(remaining, need);
    if (dRemaining === undefined) return { value };
    for (let i = 0; i < kept.length; i++) dCalc[kept[i]] = dRemaining[i];
    return { value, dCalc };
  };
}

function isBackward({ from, to }: AngularInterval): boolean {
  return !(from <= to);
}
