import { BraggscapeError } from '@braggscape/core';
import type { Pattern, PatternFormat } from '@braggscape/core';
import { checkPattern } from './checkPattern.js';

/** JSON: `{ twoTheta, intensity, sigma?, wavelength? }`, or the `{ x, y }` of pymatgen and matterviz. */
export const patternJson: PatternFormat = {
  id: 'json',
  extensions: ['.json'],
  recognises: ({ text }) => /^\s*\{/.test(text()) && /"(twoTheta|x)"\s*:\s*\[/.test(text()) && /"(intensity|y)"\s*:\s*\[/.test(text()),
  read({ text }, source) {
    let data: Record<string, unknown>;
    try {
      data = JSON.parse(text()) as Record<string, unknown>;
    } catch (cause) {
      throw new BraggscapeError('format.invalid', `this is not valid JSON: ${(cause as Error).message}`, { path: source.name, cause });
    }
    const numbers = (value: unknown, key: string): Float64Array => {
      if (Array.isArray(value) && value.every((entry) => typeof entry === 'number')) return Float64Array.from(value);
      throw new BraggscapeError('pattern.invalid', `"${key}" is not a list of numbers`, { path: source.name, hint: 'give "twoTheta" and "intensity"' });
    };
    const pattern: Pattern = {
      twoTheta: numbers(data.twoTheta ?? data.x, 'twoTheta'),
      intensity: numbers(data.intensity ?? data.y, 'intensity'),
      ...(data.sigma === undefined ? {} : { sigma: numbers(data.sigma, 'sigma') }),
      ...(typeof data.wavelength === 'number' ? { wavelength: data.wavelength } : {}),
    };
    checkPattern(pattern, (i) => `${source.name}, point ${i + 1}`);
    return pattern;
  },
  write({ twoTheta, intensity, sigma, wavelength }) {
    return `${JSON.stringify({ twoTheta: [...twoTheta], intensity: [...intensity], ...(sigma === undefined ? {} : { sigma: [...sigma] }), ...(wavelength === undefined ? {} : { wavelength }) })}\n`;
  },
};
