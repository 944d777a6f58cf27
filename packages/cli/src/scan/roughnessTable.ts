import type { Roughness } from '@braggscape/landscape';
import type { Landscape } from '@braggscape/pipeline';

type Column = readonly [title: string, text: (roughness: Roughness, curvature: Landscape['curvature'][string] | undefined) => string];

const part = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
const digits = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '∞');

const columns: readonly Column[] = [
  ['local minima', ({ localMinima }) => String(localMinima)],
  ['true basin', ({ basinFraction }) => part(basinFraction)],
  ['deepest false', ({ deepestFalseMinimum }) => digits(deepestFalseMinimum)],
  ['total variation', (roughness) => digits(roughness.totalVariation)],
  ['autocorr. length', ({ relativeAutocorrelationLength }) => part(relativeAutocorrelationLength)],
  ['straight downhill', ({ straightDownhillFraction }) => part(straightDownhillFraction)],
  ['median climb', ({ straightMedianClimb }) => digits(straightMedianClimb)],
  ['downhill is home', ({ gradientTowardsTruth }) => part(gradientTowardsTruth)],
  ['flat directions', (_, curvature) => (curvature === undefined ? '–' : `${curvature.flat} of ${curvature.eigenvalues.length}`)],
  ['condition', (_, curvature) => digits(curvature?.conditionNumber)],
  ['negative', (_, curvature) => part(curvature?.negativeFraction ?? null)],
];

/** Rows of the roughness numbers by surface, the head first. */
export function roughnessTable({ roughness, curvature }: Pick<Landscape, 'roughness' | 'curvature'>, ids: readonly string[]): readonly (readonly string[])[] {
  return [['objective', ...columns.map(([title]) => title)], ...ids.map((id) => [id, ...columns.map(([, text]) => text(roughness[id], curvature[id]))])];
}
