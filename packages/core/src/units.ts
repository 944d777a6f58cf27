/** Degrees to radians. */
export const RADIANS_PER_DEGREE = Math.PI / 180;
/** Radians to degrees. */
export const DEGREES_PER_RADIAN = 180 / Math.PI;
/** B_iso = 8π² U_iso. */
export const B_PER_U = 8 * Math.PI * Math.PI;
/** 1 eV/Å³ in GPa, from the exact SI elementary charge 1.602176634e-19 C. */
export const GPA_PER_EV_PER_CUBIC_ANGSTROM = 160.2176634;

/** Named wavelengths in Å. Values as fixed in the project's conventions (CuKa is the intensity-weighted mean of the doublet). */
export const WAVELENGTHS: Readonly<Record<string, number>> = {
  CuKa: 1.54184,
  CuKa1: 1.54056,
  CuKa2: 1.54439,
  MoKa: 0.71073,
  MoKa1: 0.7093,
  MoKa2: 0.71359,
  CoKa: 1.79026,
  CoKa1: 1.78896,
  CoKa2: 1.79285,
  CrKa: 2.29100,
  CrKa1: 2.28970,
  CrKa2: 2.29361,
  FeKa: 1.93735,
  FeKa1: 1.93604,
  FeKa2: 1.93998,
  AgKa: 0.560885,
  AgKa1: 0.559421,
  AgKa2: 0.563812,
};
