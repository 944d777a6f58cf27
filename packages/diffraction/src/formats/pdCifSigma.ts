import { cifColumn, cifNumber, isPlaceholder } from '@braggscape/crystal';
import type { CifBlock, CifValue } from '@braggscape/crystal';

/**
 * Standard uncertainties of the intensities of a block, from where it states them: in brackets (`327(18)`), in a column of the newer
 * dictionary (`_su`), or by the weights of the refinement.
 *
 * @param tag of the intensities
 * @returns undefined if nothing usable is stated
 */
export function uncertaintiesOf(block: CifBlock, tag: string, intensity: readonly number[], values: readonly CifValue[]): readonly number[] | undefined {
  const bracketed = values.map((value) => (isPlaceholder(value) ? 1 : (cifNumber(value.text)?.uncertainty ?? 0)));
  if (bracketed.every((value) => value > 0) && values.some((value) => !isPlaceholder(value))) return bracketed;
  const stated = numbers(cifColumn(block, `${tag}_su`, `${tag}_esd`), values.length);
  if (stated !== undefined) return stated;
  // Weights belong to what was refined against; they are in the same list as the intensities.
  const weights = numbers(cifColumn(block, '_pd_proc_ls_weight'), values.length);
  return weights === undefined ? undefined : fromWeights(weights, intensity);
}

function numbers(column: readonly CifValue[] | undefined, count: number): readonly number[] | undefined {
  if (column?.length !== count) return undefined;
  const found = column.map((value) => (isPlaceholder(value) ? Number.NaN : (cifNumber(value.text)?.value ?? Number.NaN)));
  return found.some((value) => value > 0) ? found.map((value) => (Number.isNaN(value) ? 0 : value)) : undefined;
}

/** Least change of ln w with ln y that tells weights from uncertainties. */
const CLEAR_SLOPE = 0.15;

/**
 * σ from `_pd_proc_ls_weight`. By the dictionary the weight w is 1/σ², yet many files hold σ there. As σ grows with the intensity y and 1/σ²
 * falls, the slope of ln w over ln y decides: near −1 for weights, near ½ for uncertainties. Where y hardly changes, w·y and w²/y are
 * compared with 1. Points of weight 0 took no part in the refinement and get √max(y, 1).
 */
function fromWeights(weights: readonly number[], intensity: readonly number[]): readonly number[] | undefined {
  const logs: (readonly [number, number])[] = [];
  weights.forEach((weight, i) => {
    if (weight > 0 && intensity[i] > 0) logs.push([Math.log(intensity[i]), Math.log(weight)]);
  });
  if (logs.length < 3) return undefined;
  const [meanY, meanW] = [0, 1].map((k) => logs.reduce((sum, log) => sum + log[k], 0) / logs.length);
  const spread = logs.reduce((sum, [y]) => sum + (y - meanY) ** 2, 0);
  const slope = spread === 0 ? 0 : logs.reduce((sum, [y, w]) => sum + (y - meanY) * (w - meanW), 0) / spread;
  const areUncertainties = Math.abs(slope) >= CLEAR_SLOPE ? slope > 0 : Math.abs(2 * meanW - meanY) < Math.abs(meanW + meanY);
  // Unit weights say nothing of the uncertainties.
  if (Math.abs(slope) < CLEAR_SLOPE && Math.min(Math.abs(2 * meanW - meanY), Math.abs(meanW + meanY)) > 1) return undefined;
  return weights.map((weight, i) => {
    if (!(weight > 0)) return Math.sqrt(Math.max(intensity[i], 1) || 1);
    return areUncertainties ? weight : 1 / Math.sqrt(weight);
  });
}
