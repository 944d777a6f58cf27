import { BraggscapeError } from '@braggscape/core';
import { configDefault } from '@braggscape/pipeline';

/** Most points a simulated axis may have; the configuration's schema has the same number. */
const MOST_POINTS = 1_000_000;

/** The parsed value of `--two-theta START:STOP:COUNT`. */
export function parseTwoTheta(text: string): { start: number; stop: number; count: number } {
  const parts = numbers(text, ':');
  const [start, stop, count] = parts;
  if (parts.length !== 3 || !parts.every(Number.isFinite) || !(start > 0 && start < stop && stop < 180) || !Number.isInteger(count) || count < 2 || count > MOST_POINTS) {
    throw invalid('--two-theta', text, `write START:STOP:COUNT with 0 < START < STOP < 180 degrees and 2 to ${MOST_POINTS} points, such as 5:90:8500`);
  }
  return { start, stop, count };
}

/** The parsed value of `--uvw U,V,W` in deg². */
export function parseUvw(text: string): { u: number; v: number; w: number } {
  const parts = numbers(text, ',');
  if (parts.length !== 3 || !parts.every(Number.isFinite)) {
    throw invalid('--uvw', text, 'write three numbers in deg², such as 0,0,0.1');
  }
  return { u: parts[0], v: parts[1], w: parts[2] };
}

/** Numbers between separators; NaN for what is none, an empty part included. */
function numbers(text: string, separator: string): number[] {
  return text.split(separator).map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
}

/** A wavelength is a number in Å or a name; names are checked by the pattern model. */
export function parseWavelength(text: string): number | string {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : text;
}

/** The parsed value of `--objective ID[=WEIGHT]`. */
export function parseObjective(text: string): { use: string; weight: number } {
  const at = text.indexOf('=');
  if (at < 0) return { use: text, weight: 1 };
  const weight = Number(text.slice(at + 1));
  if (text.slice(at + 1).trim() === '' || !(weight >= 0) || !Number.isFinite(weight)) {
    throw invalid('--objective', text, 'write ID or ID=WEIGHT with a weight of 0 or more, such as cosine or cosine=2');
  }
  return { use: text.slice(0, at), weight };
}

/** A number option, checked. */
export function parseNumber(option: string, text: string, check: { min?: number; integer?: boolean } = {}): number {
  const value = Number(text);
  const fits = text.trim() !== '' && Number.isFinite(value) && value >= (check.min ?? -Infinity) && (check.integer !== true || Number.isInteger(value));
  if (fits) return value;
  throw invalid(option, text, `write ${check.integer === true ? 'a whole number' : 'a number'}${check.min === undefined ? '' : ` of at least ${check.min}`}`);
}

/** Peak widths of the broad stages, degrees: each about 1.5 times the next, so that every stage begins within reach of the last one's end. */
export const broadeningWidths: readonly number[] = [10, 7, 5, 3.5, 2.5, 1.8, 1.2, 0.8, 0.5];

/** The parsed value of `--broaden W1,W2,…`. */
export function parseWidths(text: string): readonly number[] {
  const widths = numbers(text, ',');
  if (widths.every((width) => width > 0 && width <= 45)) return widths;
  throw invalid('--broaden', text, 'write widths in degrees from the broadest to the narrowest, above 0 and at most 45, such as 10,5,2,1');
}

/** `a,b,c` in parts, blanks removed. */
export function parseList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * Apply `--set KEY=VALUE` to a configuration: KEY is dotted (`optimizer.learningRate`, `stop.0.steps`), VALUE is JSON, or else text. Where the configuration leaves out what
 * KEY goes through, its default is what is changed.
 *
 * @returns a changed copy
 * @throws BraggscapeError `option.invalid` for a text that is no assignment, or a key that goes through what is no object or list
 */
export function withSetting(config: Readonly<Record<string, unknown>>, assignment: string): Record<string, unknown> {
  const at = assignment.indexOf('=');
  if (at <= 0) throw invalid('--set', assignment, 'write KEY=VALUE, such as optimizer.learningRate=0.01');
  const keys = assignment.slice(0, at).split('.');
  if (keys.some((key) => key === '' || key in Object.prototype)) throw invalid('--set', assignment, 'this is no key of a configuration');
  const copy = structuredClone(config) as Record<string, unknown>;
  const [first] = keys;
  if (keys.length > 1 && copy[first] === undefined) copy[first] = structuredClone(configDefault(first)) ?? {};
  let place: Record<string, unknown> = copy;
  keys.slice(0, -1).forEach((key, depth) => {
    place[key] ??= {};
    checkIndex(place[key], keys[depth + 1], assignment);
    place = place[key] as Record<string, unknown>;
  });
  place[keys[keys.length - 1]] = jsonOrText(assignment.slice(at + 1));
  return copy;
}

function checkIndex(place: unknown, key: string, assignment: string): void {
  if (typeof place !== 'object' || place === null) throw invalid('--set', assignment, `"${key}" would be a key of something that is neither an object nor a list`);
  if (!Array.isArray(place)) return;
  const index = Number(key);
  if (Number.isInteger(index) && index >= 0 && index <= place.length) return;
  throw invalid('--set', assignment, `"${key}" is no place in a list of ${place.length}: count from 0`);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function invalid(option: string, value: string, hint: string): BraggscapeError {
  return new BraggscapeError('option.invalid', `${option} got ${JSON.stringify(value)}`, { hint });
}
