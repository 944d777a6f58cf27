import type { AngularInterval, EmissionLine } from '@braggscape/core';
import { isNumber, numberOf, statedNumber } from './numbers.js';
import { isWavelength, tubeRadiation } from './radiation.js';
import type { Circumstances } from './scan.js';

/** What the lines above the columns state: in the words of our own files, or in those of PANalytical's tables. */
export function headOf(lines: readonly string[]): Circumstances {
  const stated = (name: RegExp): string | undefined => {
    for (const line of lines) {
      const found = name.exec(line);
      if (found !== null) return line.slice(found.index + found[0].length).trim();
    }
    return undefined;
  };
  const first = (text: string | undefined): number | undefined => statedNumber(text?.split(/[\s,;]+/, 1)[0]);
  const alpha = (k: number): number | undefined => first(stated(new RegExp(`K-?Alpha ?${k}(?: wavelength)?["']?\\s*[,;:=]\\s*["']?`, 'i')));
  const ratio = first(stated(/Ratio K-?Alpha ?2\/K-?Alpha ?1["']?\s*[,;:=]\s*["']?/i));
  const own = first(stated(/^[#!;'] *wavelength *[:=] */i));
  const radiation = stated(/^# radiation: /)?.trim();
  const spectrum = spectrumOf(stated(/^# spectrum: /));
  const excluded = lines.flatMap((line) => excludedOf(line));
  return {
    ...tubeRadiation(alpha(1), alpha(2), ratio),
    ...(isWavelength(own) ? { wavelength: own } : {}),
    ...(spectrum === undefined ? {} : { spectrum }),
    ...(radiation === 'x-ray' || radiation === 'neutron' ? { radiation } : {}),
    ...(excluded.length === 0 ? {} : { excluded }),
  };
}

function spectrumOf(text: string | undefined): readonly EmissionLine[] | undefined {
  const lines = text?.split(',').map((part) => part.trim().split(/\s+/)) ?? [];
  if (lines.length === 0 || !lines.every((fields) => fields.length === 2 && fields.every(isNumber))) return undefined;
  return lines.map(([wavelength, weight]) => ({ wavelength: numberOf(wavelength), weight: numberOf(weight) }));
}

/** `# excluded: 12.5 13` */
function excludedOf(line: string): AngularInterval[] {
  const [from, to, ...more] = (/^# *excluded: *(.*)$/i.exec(line)?.[1] ?? '').trim().split(/[\s,]+/).map(statedNumber);
  return from !== undefined && to !== undefined && from <= to && more.length === 0 ? [{ from, to }] : [];
}
