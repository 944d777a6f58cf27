import { cifColumn, cifItem, cifNumber, isPlaceholder } from '@braggscape/crystal';
import type { CifBlock, CifValue } from '@braggscape/crystal';
import type { Source } from '@braggscape/core';
import { excerpt, formatError, patternError } from './errors.js';
import { evenAxis } from './numbers.js';
import { uncertaintiesOf } from './pdCifSigma.js';
import type { RawScan } from './scan.js';

/** A measured profile; points whose intensity is a placeholder are left out. */
export type Profile = Pick<RawScan, 'twoTheta' | 'intensity' | 'sigma' | 'lines'>;

/** Measured intensities, the whole before what has the background taken off. */
const INTENSITIES = [
  '_pd_meas_counts_total',
  '_pd_meas_intensity_total',
  '_pd_proc_intensity_total',
  '_pd_proc_intensity_net',
  '_pd_meas_counts_net',
  '_pd_meas_intensity_net',
] as const;

/** Angles; corrected ones first, as a published cell belongs to these. */
const ANGLES = ['_pd_proc_2theta_corrected', '_pd_meas_2theta_scan', '_pd_meas_2theta_corrected'] as const;
const RANGES = ['_pd_proc_2theta_range', '_pd_meas_2theta_range'] as const;

/**
 * The measured profile of a block, or undefined if it has none.
 * @param blocks the block first, then those that belong to it, which may state the range
 * @throws BraggscapeError with the line
 */
export function profileOf(block: CifBlock, blocks: readonly CifBlock[], source: Source): Profile | undefined {
  const tag = INTENSITIES.find((candidate) => columnOf(block, candidate) !== undefined);
  const values = tag === undefined ? undefined : columnOf(block, tag);
  if (tag === undefined || values === undefined) return undefined;
  const intensity = values.map((value) => number(value, tag, source));
  const angles = anglesOf(block, blocks, values, source);
  const sigma = uncertaintiesOf(block, tag, intensity, values);
  // A placeholder says that there is no intensity here: what is left out on purpose is not a fault.
  const kept = values.map((_, i) => i).filter((i) => !isPlaceholder(values[i]) && !Number.isNaN(angles[i]));
  return {
    twoTheta: kept.map((i) => angles[i]),
    intensity: kept.map((i) => intensity[i]),
    ...(sigma === undefined ? {} : { sigma: kept.map((i) => sigma[i]) }),
    lines: kept.map((i) => values[i].line),
  };
}

/** A column of at least three rows that are not all placeholders. */
function columnOf(block: CifBlock, tag: string): readonly CifValue[] | undefined {
  const column = cifColumn(block, tag);
  return column !== undefined && column.length >= 3 && !column.every(isPlaceholder) ? column : undefined;
}

/** NaN for a placeholder and for `nan`, which some programs write. */
function number(value: CifValue, tag: string, source: Source): number {
  if (isPlaceholder(value) || /^[+-]?nan$/i.test(value.text)) return Number.NaN;
  const found = cifNumber(value.text);
  if (found !== undefined) return found.value;
  throw patternError(`${source.name}:${value.line}`, `${tag} is "${excerpt(value.text)}"`, 'a number such as 327 or 327(18) is needed');
}

function anglesOf(block: CifBlock, blocks: readonly CifBlock[], values: readonly CifValue[], source: Source): ArrayLike<number> {
  const tag = ANGLES.find((candidate) => columnOf(block, candidate)?.length === values.length);
  const column = tag === undefined ? undefined : columnOf(block, tag);
  if (tag !== undefined && column !== undefined) return column.map((value) => number(value, tag, source));
  const misfits: string[] = [];
  for (const prefix of RANGES) {
    for (const candidate of blocks) {
      const range = rangeOf(candidate, prefix);
      if (range === undefined) continue;
      const { min, max, increment, slack } = range;
      const step = (max - min) / (values.length - 1);
      if (Math.abs(step - increment) <= slack) return evenAxis(min, step, values.length);
      misfits.push(`${prefix} (${min} to ${max} by ${increment}) has ${Math.round((max - min) / increment) + 1}`);
    }
  }
  const at = `${source.name}:${values[0].line}`;
  if (misfits.length > 0) throw patternError(at, `the profile has ${values.length} points, but ${misfits.join(', ')}`, 'the range, the increment and the number of intensities must agree');
  const other = ['_pd_meas_time_of_flight', '_pd_proc_d_spacing', '_pd_proc_energy_incident', '_pd_proc_recip_len_q'].find((name) => columnOf(block, name) !== undefined);
  throw formatError(at, `block "${excerpt(block.name)}" has intensities but no 2θ${other === undefined ? '' : `; it has ${other}`}`, 'profiles over 2θ at constant wavelength are read: give a column of angles, or _pd_meas_2theta_range_min, _max and _inc');
}

interface StatedRange {
  readonly min: number;
  readonly max: number;
  readonly increment: number;
  /** How far the true step may be from the stated one, by the digits written. */
  readonly slack: number;
}

function rangeOf(block: CifBlock, prefix: string): StatedRange | undefined {
  const [min, max, increment] = ['min', 'max', 'inc'].map((end) => cifNumber(cifItem(block, `${prefix}_${end}`)?.text ?? ''));
  if (min === undefined || max === undefined || increment === undefined || !(increment.value > 0) || !(max.value > min.value)) return undefined;
  const count = Math.max(1, Math.round((max.value - min.value) / increment.value));
  const slack = increment.resolution / 2 + (min.resolution + max.resolution) / 2 / count;
  // Written with the fewest digits, an increment such as 0.02 stands for itself: half a unit would let a quarter of the points be lost.
  const fits = Math.abs(count * increment.value + min.value - max.value) <= min.resolution + max.resolution;
  return { min: min.value, max: max.value, increment: increment.value, slack: fits ? (0.5 * increment.value) / count : slack };
}
