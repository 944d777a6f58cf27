import type { Roughness } from '@braggscape/landscape';
import type { Landscape } from '@braggscape/pipeline';

/** A number of the table: its short name for a terminal, its long one for a figure, its text. */
type Quantity = readonly [short: string, long: string, text: (roughness: Roughness, curvature: Landscape['curvature'][string] | undefined) => string];

const part = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
const digits = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '∞');

const quantities: readonly Quantity[] = [
  ['local minima', 'local minima inside the slice', ({ localMinima }) => String(localMinima)],
  ['true basin', 'part of the slice in the true basin', ({ basinFraction }) => part(basinFraction)],
  ['deepest false', 'depth of the deepest false minimum', ({ deepestFalseMinimum }) => digits(deepestFalseMinimum)],
  ['total variation', 'total variation, in ranges', (roughness) => digits(roughness.totalVariation)],
  ['autocorr. length', 'autocorrelation length, of the span', ({ relativeAutocorrelationLength }) => part(relativeAutocorrelationLength)],
  ['straight downhill', 'straight way to the truth all downhill', ({ straightDownhillFraction }) => part(straightDownhillFraction)],
  ['median climb', 'median climb on the straight way', ({ straightMedianClimb }) => digits(straightMedianClimb)],
  ['towards truth', 'downhill within 90° of the truth', ({ gradientTowardsTruth }) => part(gradientTowardsTruth)],
  ['convex', 'convex part of the slice', ({ convexFraction }) => part(Number.isFinite(convexFraction) ? convexFraction : null)],
  ['flat directions', 'directions flat at the truth', (_, curvature) => (curvature === undefined ? '–' : `${curvature.flat} of ${curvature.eigenvalues.length}`)],
  ['condition', 'condition number of the others', (_, curvature) => digits(curvature?.conditionNumber)],
  ['negative', 'of them curved downwards', (_, curvature) => part(curvature?.negativeFraction ?? null)],
];

/** Roughness for a terminal: a row for each surface, the head first. */
export function roughnessTable({ roughness, curvature }: Pick<Landscape, 'roughness' | 'curvature'>, ids: readonly string[]): readonly (readonly string[])[] {
  return [['objective', ...quantities.map(([short]) => short)], ...ids.map((id) => [id, ...quantities.map(([, , text]) => text(roughness[id], curvature[id]))])];
}

/** Roughness for a figure: a column for each surface, the head first. */
export function roughnessColumns({ roughness, curvature }: Pick<Landscape, 'roughness' | 'curvature'>, ids: readonly string[]): readonly (readonly string[])[] {
  return [['', ...ids], ...quantities.map(([, long, text]) => [long, ...ids.map((id) => text(roughness[id], curvature[id]))])];
}
