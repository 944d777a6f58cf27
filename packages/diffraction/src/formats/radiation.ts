import type { EmissionLine, Pattern } from '@braggscape/core';

/** Intensity of Kα₂ relative to Kα₁ where a file gives both wavelengths and not the ratio: 1/2 by the statistical weights of the levels. */
export const KALPHA_RATIO = 0.5;

/** Whether a number can be the wavelength of a diffraction experiment, in Å: files write 0 for one that nobody entered. */
export function isWavelength(value: number | undefined): value is number {
  return value !== undefined && value > 0.01 && value < 20;
}

/**
 * The lines of an X-ray tube: Kα₁ is the primary wavelength, and with Kα₂ (Å) both make the spectrum.
 * @param ratio intensity of Kα₂ relative to Kα₁; 0 where a monochromator removes it
 */
export function tubeRadiation(alpha1?: number, alpha2?: number, ratio?: number): Pick<Pattern, 'wavelength' | 'spectrum' | 'radiation'> {
  if (!isWavelength(alpha1)) return {};
  const weight = ratio ?? KALPHA_RATIO;
  if (!isWavelength(alpha2) || alpha2 === alpha1 || !(weight > 0 && weight <= 1)) return { wavelength: alpha1, radiation: 'x-ray' };
  return {
    wavelength: alpha1,
    radiation: 'x-ray',
    spectrum: [
      { wavelength: alpha1, weight: 1 },
      { wavelength: alpha2, weight },
    ],
  };
}

/** Whether two wavelengths are those of a Kα doublet: apart by 0.2 to 1.5 %, as from vanadium to silver. */
export function isDoublet([first, second]: readonly number[]): boolean {
  const apart = Math.abs(second / first - 1);
  return apart > 0.0015 && apart < 0.015;
}

/** The lines of a spectrum as text and back: `1.540598 1, 1.544426 0.5`. */
export function spectrumText(spectrum: readonly EmissionLine[]): string {
  return spectrum.map(({ wavelength, weight }) => `${wavelength} ${weight}`).join(', ');
}
