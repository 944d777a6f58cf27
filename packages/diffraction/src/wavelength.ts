import { BraggscapeError, WAVELENGTHS, nameHint } from '@braggscape/core';

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
