import { readFileSync } from 'node:fs';
import type { Metric, Pattern } from '@braggscape/core';

/** One pair of patterns of reference/metrics/losses.json with what an independent program makes of it. */
export interface ReferenceCase {
  readonly name: string;
  readonly calc: Float64Array;
  readonly observed: Pattern;
  readonly losses: {
    readonly entropy: number;
    readonly entropyWeighted: number;
    readonly crossCorrelation: Readonly<Record<string, number>>;
    readonly wasserstein: number;
    readonly rwp: Readonly<Record<'none' | 'least-squares', number>>;
    /** Null where the deviance is infinite. */
    readonly poisson: Readonly<Record<'none' | 'fitted', number | null>>;
  };
}

export const referenceCases: readonly ReferenceCase[] = JSON.parse(
  readFileSync(new URL('../../../reference/metrics/losses.json', import.meta.url), 'utf8'),
).cases.map(({ name, twoTheta, calc, observed, sigma, losses }: any) => ({
  name,
  losses,
  calc: Float64Array.from(calc),
  observed: {
    twoTheta: Float64Array.from(twoTheta),
    intensity: Float64Array.from(observed),
    ...(sigma === null ? {} : { sigma: Float64Array.from(sigma) }),
  },
}));

/** A pattern on the axis 10°, 11°, … */
export const pattern = (intensity: readonly number[]): Pattern => ({
  twoTheta: Float64Array.from(intensity, (_, i) => 10 + i),
  intensity: Float64Array.from(intensity),
});

/** An even axis of 20 to 40° in steps of 0.02°. */
export const axis: Float64Array = Float64Array.from({ length: 1001 }, (_, i) => 20 + 0.02 * i);

/** Gaussian peak of unit height. */
export const peak = (center: number, fwhm = 0.2, twoTheta: Float64Array = axis): Float64Array =>
  twoTheta.map((x) => Math.exp(-4 * Math.LN2 * ((x - center) / fwhm) ** 2));

export const valueOf = (metric: Metric, calc: Float64Array, observed: Pattern): number => metric.against(observed)(calc, 'value').value;

/** The metric of an observed pattern as a function for the gradient check. */
export const functionOf = (metric: Metric, observed: Pattern): { value(y: Float64Array): number; gradient(y: Float64Array): Float64Array } => {
  const compare = metric.against(observed);
  return { value: (y) => compare(y, 'value').value, gradient: (y) => compare(y, 'gradient').dCalc! };
};
