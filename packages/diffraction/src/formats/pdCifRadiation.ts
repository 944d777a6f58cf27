import { cifColumn, cifItem, cifNumber, isPlaceholder } from '@braggscape/crystal';
import type { CifBlock } from '@braggscape/crystal';
import type { AngularInterval, EmissionLine, Source } from '@braggscape/core';
import { patternError } from './errors.js';
import { isDoublet, isWavelength, KALPHA_RATIO } from './radiation.js';
import type { Circumstances } from './scan.js';

const WAVELENGTH = '_diffrn_radiation_wavelength';

/**
 * The radiation that the first of the blocks states: one wavelength, or a loop of them with weights. Two lines without weights that are
 * apart as Kα₁ and Kα₂ are taken as 1 : ½; other lines without weights make no spectrum, and the first is the wavelength.
 * @throws BraggscapeError `pattern.invalid` if the blocks of one measurement state different wavelengths
 */
export function blockRadiation(blocks: readonly CifBlock[], source: Source): Circumstances {
  const probe = blocks.map((block) => cifItem(block, '_diffrn_radiation_probe')?.text).find((text) => text !== undefined);
  const type = blocks.map((block) => cifItem(block, '_diffrn_radiation_type')?.text).find((text) => text !== undefined);
  const words = `${probe ?? ''} ${type ?? ''}`;
  const radiation = /neutron/i.test(words) ? 'neutron' : /x-?ray|K\\?a|K-?L|synchrotron/i.test(words) ? 'x-ray' : undefined;
  const [own, ...others] = blocks;
  const spectrum = linesOf(own) ?? common(others, source);
  const excluded = blocks.flatMap((block) => excludedRegions(cifItem(block, '_pd_proc_info_excluded_regions')?.text ?? ''));
  return {
    ...(spectrum === undefined ? {} : { wavelength: spectrum[0].wavelength, ...(spectrum.length > 1 ? { spectrum } : {}) }),
    ...(radiation === undefined ? {} : { radiation }),
    ...(excluded.length === 0 ? {} : { excluded }),
  };
}

function common(blocks: readonly CifBlock[], source: Source): readonly EmissionLine[] | undefined {
  const stated = blocks.flatMap((block) => {
    const lines = linesOf(block);
    return lines === undefined ? [] : [{ block, lines }];
  });
  if (stated.length === 0) return undefined;
  const [first] = stated;
  const other = stated.find(({ lines }) => Math.abs(lines[0].wavelength - first.lines[0].wavelength) > 1e-6 * lines[0].wavelength);
  if (other === undefined) return first.lines;
  throw patternError(
    `${source.name}:${other.block.line}`,
    `block "${other.block.name}" states the wavelength ${other.lines[0].wavelength}, block "${first.block.name}" ${first.lines[0].wavelength}`,
    `state ${WAVELENGTH} in the block of the profile`,
  );
}

function linesOf(block: CifBlock): readonly EmissionLine[] | undefined {
  const values = cifColumn(block, WAVELENGTH, '_diffrn_radiation_wavelength_value', '_pd_proc_wavelength');
  const weights = cifColumn(block, '_diffrn_radiation_wavelength_wt');
  const lines: { wavelength: number; weight: number | undefined }[] = [];
  values?.forEach((value, row) => {
    const wavelength = isPlaceholder(value) ? undefined : cifNumber(value.text)?.value;
    const weight = weights?.length === values.length ? cifNumber(weights[row].text)?.value : undefined;
    if (isWavelength(wavelength) && !lines.some((line) => line.wavelength === wavelength)) lines.push({ wavelength, weight });
  });
  if (lines.length === 0) return undefined;
  if (lines.length === 1) return [{ wavelength: lines[0].wavelength, weight: 1 }];
  if (lines.every(({ weight }) => weight !== undefined && weight > 0)) {
    return lines.map(({ wavelength, weight }) => ({ wavelength, weight: weight ?? 1 })).sort((a, b) => b.weight - a.weight);
  }
  const wavelengths = lines.map(({ wavelength }) => wavelength);
  if (lines.length !== 2 || !isDoublet(wavelengths)) return [{ wavelength: wavelengths[0], weight: 1 }];
  const [alpha1, alpha2] = wavelengths.sort((a, b) => a - b);
  return [
    { wavelength: alpha1, weight: 1 },
    { wavelength: alpha2, weight: KALPHA_RATIO },
  ];
}

/** Regions given as lines such as `10.5 to 11.2`, with or without the unit; anything else is a remark for people. */
function excludedRegions(text: string): AngularInterval[] {
  return text.split('\n').flatMap((line) => {
    const [, from, to] = /^\s*(\d+\.?\d*) to (\d+\.?\d*)(?: degrees)?\s*$/.exec(line) ?? [];
    return from !== undefined && Number(from) <= Number(to) ? [{ from: Number(from), to: Number(to) }] : [];
  });
}
