import { BraggscapeError } from '@braggscape/core';
import { autocorrelationLengths } from './autocorrelation.js';
import { convexFraction } from './convexity.js';
import { gradientAgreement } from './gradientAgreement.js';
import { localMinima } from './minima.js';
import type { LocalMinimum, Minima } from './minima.js';
import { straightPaths } from './straightPaths.js';
import { interpolate, nearestPoint, valueRange } from './surface.js';
import type { Surface } from './surface.js';
import { totalVariation } from './totalVariation.js';

/** How rough a slice is, in numbers; each is defined where it is calculated. Those that need the true position are null where it does not lie in the slice. */
export interface Roughness {
  /** Local minima inside the slice, and on its edges. */
  readonly localMinima: number;
  readonly edgeMinima: number;
  /** Part of the slice from which steepest descent on the grid reaches the basin of the true position. */
  readonly basinFraction: number | null;
  /** Length or area, and volume, of that basin; {@link LocalMinimum}. */
  readonly basinArea: number | null;
  readonly basinVolume: number | null;
  /** Distance of that basin's minimum from the true position, in parts of the spans of the axes. */
  readonly offset: number | null;
  /** Depth of the deepest minimum other than that one; 0 where there is none. */
  readonly deepestFalseMinimum: number | null;
  readonly totalVariation: number;
  /** By axis, in its units. */
  readonly autocorrelationLength: readonly number[];
  /** Mean over the axes of the autocorrelation length in parts of the span. */
  readonly relativeAutocorrelationLength: number;
  /** Straight paths to the true position. */
  readonly straightDownhillFraction: number | null;
  readonly straightMedianClimb: number | null;
  readonly straightLargestClimb: number | null;
  /** Agreement of downhill with the way to the true position. */
  readonly gradientMeanCosine: number | null;
  readonly gradientTowardsTruth: number | null;
  /** Part of the slice where it is convex; NaN on grids without inner points. */
  readonly convexFraction: number;
  /** Lowest and highest value. */
  readonly lowest: number;
  readonly highest: number;
  /** Value at the true position. */
  readonly atTruth: number | null;
}

/** A surface with its minima and its numbers. */
export interface SurfaceAnalysis extends Minima {
  readonly roughness: Roughness;
  /** The minimum whose basin holds the true position. */
  readonly trueMinimum: LocalMinimum | undefined;
}

/**
 * Minima, basins and roughness of a surface.
 *
 * @throws BraggscapeError `option.invalid` for a surface without any finite value
 * @param truth true position in the units of the axes; left out where there is none in the slice
 * @param tolerance depth, or rise, that counts as none, as a part of the range of values
 */
export function analyseSurface(surface: Surface, truth?: readonly number[], { tolerance = 1e-4 }: { readonly tolerance?: number } = {}): SurfaceAnalysis {
  const { axes, values } = surface;
  if (!values.some(Number.isFinite)) throw new BraggscapeError('option.invalid', 'there is no value anywhere on the slice', { hint: 'choose other axes or ranges' });
  const found = localMinima(surface, { tolerance });
  const home = truth === undefined ? undefined : nearestPoint(axes, truth);
  const trueMinimum = home === undefined ? undefined : found.minima.find(({ index }) => index === found.basins[home]);
  const { low, high } = valueRange(values);
  const lengths = autocorrelationLengths(surface);
  const spans = axes.map(({ values: ticks }) => ticks[ticks.length - 1] - ticks[0]);
  const paths = truth === undefined || home === undefined ? undefined : straightPaths(surface, truth, { tolerance });
  const agreement = truth === undefined || home === undefined ? undefined : gradientAgreement(surface, truth);
  const false_ = found.minima.filter((minimum) => minimum !== trueMinimum);
  const roughness: Roughness = {
    localMinima: found.minima.filter(({ onEdge }) => !onEdge).length,
    edgeMinima: found.minima.filter(({ onEdge }) => onEdge).length,
    basinFraction: trueMinimum?.basinFraction ?? null,
    basinArea: trueMinimum?.basinArea ?? null,
    basinVolume: trueMinimum?.basinVolume ?? null,
    offset: trueMinimum === undefined || truth === undefined ? null : Math.hypot(...trueMinimum.at.map((x, k) => (x - truth[k]) / spans[k])),
    deepestFalseMinimum: trueMinimum === undefined ? null : false_.reduce((most, { depth }) => Math.max(most, depth), 0),
    totalVariation: totalVariation(surface),
    autocorrelationLength: lengths,
    relativeAutocorrelationLength: lengths.reduce((sum, length, k) => sum + length / spans[k], 0) / axes.length,
    straightDownhillFraction: paths?.downhillFraction ?? null,
    straightMedianClimb: paths?.medianClimb ?? null,
    straightLargestClimb: paths?.largestClimb ?? null,
    gradientMeanCosine: agreement?.meanCosine ?? null,
    gradientTowardsTruth: agreement?.towardsHome ?? null,
    convexFraction: convexFraction(surface),
    lowest: low,
    highest: high,
    atTruth: truth === undefined || home === undefined ? null : interpolate(surface, truth),
  };
  return { ...found, trueMinimum, roughness };
}
