/** Which profile peaks have. */
export type ProfileKind = 'gaussian' | 'pseudo-voigt' | 'thompson-cox-hastings';

/** Entries of the arrays that {@link ShapeFunction} fills. */
export const FWHM = 0;
export const ETA = 1;
/** Derivatives of the FWHM and of η in the squared Gaussian width, in the Lorentzian width, and of η in η itself as given. */
export const FWHM_PER_SQUARE = 2;
export const FWHM_PER_LORENTZ = 3;
export const ETA_PER_SQUARE = 4;
export const ETA_PER_LORENTZ = 5;
export const SHAPE_SIZE = 6;

/**
 * FWHM and Lorentzian part η of a peak, with derivatives.
 * @param square squared FWHM of the Gaussian part, deg²
 * @param lorentz FWHM of the Lorentzian broadening, degrees
 * @param eta η asked for (pseudo-Voigt only)
 * @param out [SHAPE_SIZE]
 */
export type ShapeFunction = (square: number, lorentz: number, eta: number, out: Float64Array) => void;

/** Gaussian and Lorentzian broadening added as squares, with a given η: exact for Gaussians only. */
const inSquares: ShapeFunction = (square, lorentz, eta, out) => {
  const fwhm = Math.sqrt(square + lorentz * lorentz);
  out[FWHM] = fwhm;
  out[ETA] = eta;
  out[FWHM_PER_SQUARE] = 0.5 / fwhm;
  out[FWHM_PER_LORENTZ] = lorentz / fwhm;
  out[ETA_PER_SQUARE] = 0;
  out[ETA_PER_LORENTZ] = 0;
};

/** Width and η of the pseudo-Voigt that is nearest the Voigt function (Thompson, Cox & Hastings, J. Appl. Cryst. 20 (1987) 79). */
const thompsonCoxHastings: ShapeFunction = (square, lorentz, _eta, out) => {
  const g = Math.sqrt(square);
  const l = lorentz;
  const fifth = ((((g + 2.69269 * l) * g + 2.42843 * l * l) * g + 4.47163 * l * l * l) * g + 0.07842 * l ** 4) * g + l ** 5;
  const fwhm = Math.pow(fifth, 0.2);
  const inner = 5 * fwhm ** 4;
  const perG = ((((5 * g + 4 * 2.69269 * l) * g + 3 * 2.42843 * l * l) * g + 2 * 4.47163 * l * l * l) * g + 0.07842 * l ** 4) / inner;
  const perL = ((((2.69269 * g + 2 * 2.42843 * l) * g + 3 * 4.47163 * l * l) * g + 4 * 0.07842 * l * l * l) * g + 5 * l ** 4) / inner;
  const perSquare = perG / (2 * g);
  const q = l / fwhm;
  const etaSlope = 1.36603 - 2 * 0.47719 * q + 3 * 0.11116 * q * q;
  out[FWHM] = fwhm;
  out[ETA] = ((0.11116 * q - 0.47719) * q + 1.36603) * q;
  out[FWHM_PER_SQUARE] = perSquare;
  out[FWHM_PER_LORENTZ] = perL;
  out[ETA_PER_SQUARE] = (-etaSlope * q * perSquare) / fwhm;
  out[ETA_PER_LORENTZ] = (etaSlope * (1 - q * perL)) / fwhm;
};

/** The shape function of a profile. */
export function shapeFunction(kind: ProfileKind): ShapeFunction {
  return kind === 'thompson-cox-hastings' ? thompsonCoxHastings : inSquares;
}
