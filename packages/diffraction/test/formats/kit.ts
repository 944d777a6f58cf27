import type { BraggscapeError, FileContent, Pattern, PatternFormat } from '@braggscape/core';
import { patternFormats, readPattern } from '@braggscape/diffraction';
import { faultOf } from '@braggscape/testing';

/** Content of a file from text or bytes. */
export function content(data: string | Uint8Array): FileContent {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return { bytes, text: () => new TextDecoder().decode(bytes) };
}

/** A format by its id. */
export function format(id: string): PatternFormat {
  const found = patternFormats.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no format ${id}`);
  return found;
}

/** Read by content, as users do. */
export function read(data: string | Uint8Array, name = 'scan', repairs?: string[]): Pattern {
  return readPattern(content(data), { name }, repairs);
}

/** The report of the error that reading ends in. */
export function fault(data: string | Uint8Array, name = 'scan', repairs?: string[]): string {
  return errorOf(data, name, repairs).report;
}

/** The error that reading ends in. */
export function errorOf(data: string | Uint8Array, name = 'scan', repairs?: string[]): BraggscapeError {
  return faultOf(() => read(data, name, repairs));
}

/** Which formats recognise the data, by id. */
export function recognisers(data: string | Uint8Array): readonly string[] {
  return patternFormats.filter((candidate) => candidate.recognises(content(data))).map(({ id }) => id);
}

/** A pattern's numbers as plain lists, for comparisons. */
export function rows({ twoTheta, intensity, sigma }: Pattern): number[][] {
  return Array.from(twoTheta, (angle, i) => [angle, intensity[i], ...(sigma === undefined ? [] : [sigma[i]])]);
}
