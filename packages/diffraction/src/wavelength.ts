import { BraggscapeError, WAVELENGTHS, nameHint } from '@braggscape/core';
import type { EmissionLine } from '@braggscape/core';

/** `CuKa1 1.54056, …`: what may be written instead of a number. */
export const wavelengthNames = Object.entries(WAVELENGTHS)
  .map(([name, value]) => `${name} ${value}`)
  .join(', ');

/**
 * A wavelength in Å from a number or a name.
 * @throws BraggscapeError `wavelength.missing` if none is given, which lists the names; `option.invalid` for an unknown name or a number that is not positive
 */
export function resolveWavelength(value: number | string | undefined, path = 'wavelength'): number {
  if (value === undefined || value === '') {
    throw new BraggscapeError('wavelength.missing', 'the wavelength is not given', {
      path,
      hint: `give it in Å or by name: ${wavelengthNames}`,
    });
  }
  if (typeof value === 'string') {
    const found = Object.entries(WAVELENGTHS).find(([name]) => name.toLowerCase() === value.toLowerCase());
    if (found !== undefined) return found[1];
    throw new BraggscapeError('option.invalid', `no wavelength is called "${value}"`, { path, hint: nameHint(value, Object.keys(WAVELENGTHS)) });
  }
  if (value > 0 && Number.isFinite(value)) return value;
  throw new BraggscapeError('option.invalid', `the wavelength is ${value}`, { path, hint: 'give a positive number of Å' });
}

/** Kα2 has half the intensity of Kα1, as usual in the field. */
const DOUBLET_RATIO = 0.5;

/**
 * The lines of a radiation: from one wavelength as {@link resolveWavelength} takes it, from a name such as `CuKa1+2` for both lines of a doublet (ratio 0.5), or as
 * they are given.
 * @throws BraggscapeError as {@link resolveWavelength}
 */
export function resolveSpectrum(value: number | string | readonly EmissionLine[] | undefined, path = 'wavelength'): readonly EmissionLine[] {
  if (typeof value === 'object') {
    return value.map(({ wavelength, weight }, i) => ({ wavelength: resolveWavelength(wavelength, `${path}.${i}.wavelength`), weight }));
  }
  const doublet = typeof value === 'string' ? /^(\w+Ka)1\+2$/i.exec(value) : null;
  if (doublet === null) return [{ wavelength: resolveWavelength(value, path), weight: 1 }];
  return [
    { wavelength: resolveWavelength(`${doublet[1]}1`, path), weight: 1 },
    { wavelength: resolveWavelength(`${doublet[1]}2`, path), weight: DOUBLET_RATIO },
  ];
}
