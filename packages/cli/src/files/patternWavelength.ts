import type { EmissionLine, PluginHost } from '@braggscape/core';
import { loadPattern } from './loadPattern.js';

/** Wavelength of an instrument as configurations give it. */
type Wavelength = number | readonly EmissionLine[];

/**
 * The radiation that a pattern file states, in the form that a pattern model takes: all lines for `powder`, the primary one otherwise.
 * @returns undefined where the file states none
 * @throws BraggscapeError as reading the pattern does
 */
export async function patternWavelength(path: string, model: string, host: PluginHost, repair: boolean): Promise<Wavelength | undefined> {
  const { pattern } = await loadPattern(path, host, repair ? [] : undefined);
  return model === 'powder' && pattern.spectrum !== undefined ? pattern.spectrum : pattern.wavelength;
}

/** A raw configuration whose instrument has the wavelength that its measured pattern states, unless it gives one itself. */
export async function withPatternWavelength(raw: unknown, at: (path: string) => string, host: PluginHost): Promise<unknown> {
  if (!isObject(raw) || !isObject(raw.pattern) || typeof raw.pattern.file !== 'string') return raw;
  const instrument = raw.instrument ?? {};
  if (!isObject(instrument) || instrument.wavelength !== undefined) return raw;
  const wavelength = await patternWavelength(at(raw.pattern.file), typeof instrument.use === 'string' ? instrument.use : 'ideal', host, raw.pattern.repair === true);
  return wavelength === undefined ? raw : { ...raw, instrument: { ...instrument, wavelength } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
