import type { AngularInterval, EmissionLine, Pattern, PatternFormat } from '@braggscape/core';
import { formatError, patternError } from './errors.js';
import { patternOf } from './patternOf.js';

/** JSON: `{ twoTheta, intensity, sigma?, wavelength?, spectrum?, radiation?, excluded? }`, or the `{ x, y }` of pymatgen and matterviz. */
export const patternJson: PatternFormat = {
  id: 'json',
  extensions: ['.json'],
  recognises: ({ text }) => /^\s*\{/.test(text()) && /"(twoTheta|x)"\s*:\s*\[/.test(text()) && /"(intensity|y)"\s*:\s*\[/.test(text()),
  read({ text }, source, repairs) {
    let data: Record<string, unknown> | null;
    try {
      data = JSON.parse(text()) as Record<string, unknown> | null;
    } catch (cause) {
      throw formatError(source.name, `this is not valid JSON: ${(cause as Error).message}`, 'mend the file, or write it again', cause);
    }
    const given = typeof data === 'object' && data !== null ? data : {};
    const numbers = (value: unknown, key: string): readonly number[] => {
      // JSON has no NaN: programs write null.
      if (Array.isArray(value) && value.every((entry) => typeof entry === 'number' || entry === null)) {
        return value.map((entry: number | null) => entry ?? Number.NaN);
      }
      throw patternError(source.name, `"${key}" is not a list of numbers`, 'give "twoTheta" and "intensity"');
    };
    const sigma = given.sigma === undefined ? undefined : numbers(given.sigma, 'sigma');
    const twoTheta = numbers(given.twoTheta ?? given.x, 'twoTheta');
    const intensity = numbers(given.intensity ?? given.y, 'intensity');
    for (const [values, what] of [[intensity, 'intensities'], [sigma ?? twoTheta, 'uncertainties']] as const) {
      if (values.length === twoTheta.length) continue;
      throw patternError(source.name, `${twoTheta.length} angles but ${values.length} ${what}`, 'all lists must have one length');
    }
    return patternOf({ twoTheta, intensity, ...(sigma === undefined ? {} : { sigma }), ...circumstances(given) }, source, repairs);
  },
  write({ twoTheta, intensity, sigma, ...rest }) {
    return `${JSON.stringify({ twoTheta: [...twoTheta], intensity: [...intensity], ...(sigma === undefined ? {} : { sigma: [...sigma] }), ...rest })}\n`;
  },
};

function circumstances({ wavelength, radiation, spectrum, excluded }: Record<string, unknown>): Omit<Pattern, 'twoTheta' | 'intensity' | 'sigma'> {
  return {
    ...(typeof wavelength === 'number' ? { wavelength } : {}),
    ...(radiation === 'x-ray' || radiation === 'neutron' ? { radiation } : {}),
    ...(isListOf<EmissionLine>(spectrum, 'wavelength', 'weight') ? { spectrum } : {}),
    ...(isListOf<AngularInterval>(excluded, 'from', 'to') ? { excluded } : {}),
  };
}

/** Whether a value is a list of objects with numbers under the keys. */
function isListOf<Entry>(value: unknown, ...keys: readonly (keyof Entry & string)[]): value is readonly Entry[] {
  const isEntry = (entry: unknown): boolean =>
    typeof entry === 'object' && entry !== null && keys.every((key) => typeof (entry as Record<string, unknown>)[key] === 'number');
  return Array.isArray(value) && value.length > 0 && value.every(isEntry);
}
