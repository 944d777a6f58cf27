import { DEGREES_PER_RADIAN, RADIANS_PER_DEGREE, inverse3, multiply3, transpose3 } from '@braggscape/core';
import type { LinearizedPattern, PatternCalculator, PatternModel, Structure, StructureGradient } from '@braggscape/core';
import { angularWindow, fade } from './angularWindow.js';
import { lorentzPolarization, lorentzPolarizationSlope } from './lorentzPolarization.js';
import { FWHM_PER_SIGMA, fwhmSquared, fwhmSquaredSlope } from './profile/caglioti.js';
import type { Caglioti } from './profile/caglioti.js';
import { addGaussian, gaussianMoments, prepareAxis } from './profile/gaussian.js';
import { listReflections } from './reflectionList.js';
import { reciprocalMetric } from './structureFactors/reflectionRows.js';
import { createStructureFactorCalculator } from './structureFactors/structureFactors.js';
import type { StructureFactors } from './structureFactors/structureFactors.js';
import { resolveWavelength } from './wavelength.js';

/** Options of the ideal powder pattern. */
export interface PowderPatternOptions extends Caglioti {
  /** Å, or one of the names of {@link resolveWavelength}. */
  readonly wavelength: number | string;
}

/**
 * The ideal, kinematic powder pattern: I(hkl) = |F|²·LP for every hkl of the sphere, drawn as Gaussians of that area (per degree of
 * 2θ) and Caglioti width. No background, absorption, preferred orientation, or scale. Reflections beyond the window's edges that
 * reach into it contribute, so pattern and gradient are smooth in the structure.
 *
 * @throws BraggscapeError `wavelength.missing` or `option.invalid`
 */
export function powderPatternModel(options: PowderPatternOptions): PatternModel {
  const wavelength = resolveWavelength(options.wavelength);
  const { u, v, w } = options;
  return {
    id: 'ideal',
    wavelength,
    reflections: (structure, from, to) => listReflections(structure, wavelength, from, to),
    on: (twoTheta) => powderPatternCalculator(twoTheta, wavelength, { u, v, w }),
  };
}

/** Peak data per reflection, in reused buffers. */
interface Peaks {
  /** Degrees. */
  center: Float64Array;
  /** Degrees; 0 marks a reflection that cannot reach the window. */
  sigma: Float64Array;
  /** 2·LP·fade: turns |F|² into the intensity of a Friedel pair. */
  factor: Float64Array;
}

function powderPatternCalculator(twoTheta: Float64Array, wavelength: number, width: Caglioti): PatternCalculator {
  const window = angularWindow(twoTheta, width);
  const axis = prepareAxis(twoTheta);
  const sSquaredLimit = sinSquared(window.last) / (wavelength * wavelength);
  const sSquaredFirst = sinSquared(window.first) / (wavelength * wavelength);
  const calculator = createStructureFactorCalculator();
  const peaks: Peaks = { center: new Float64Array(0), sigma: new Float64Array(0), factor: new Float64Array(0) };
  const calc = new Float64Array(twoTheta.length);
  let weight = new Float64Array(0);

  function draw(structure: Structure): StructureFactors {
    const factors = calculator.compute(structure, sSquaredLimit);
    if (peaks.center.length < factors.count) {
      const room = factors.sSquared.length;
      for (const field of ['center', 'sigma', 'factor'] as const) peaks[field] = new Float64Array(room);
      weight = new Float64Array(room);
    }
    calc.fill(0);
    for (let r = 0; r < factors.count; r++) {
      if (factors.sSquared[r] < sSquaredFirst) {
        peaks.sigma[r] = 0;
        continue;
      }
      const p = wavelength * wavelength * factors.sSquared[r];
      const center = 2 * DEGREES_PER_RADIAN * Math.asin(Math.min(1, Math.sqrt(p)));
      const sigma = Math.sqrt(fwhmSquared(width, center)) / FWHM_PER_SIGMA;
      const factor = 2 * lorentzPolarization(p) * fade(center)[0];
      peaks.center[r] = center;
      peaks.sigma[r] = sigma;
      peaks.factor[r] = factor;
      addGaussian(axis, calc, center, sigma, factor * factors.squared[r]);
    }
    return factors;
  }

  function pullback(structure: Structure, factors: StructureFactors, dCalc: Float64Array): StructureGradient {
    const { hkl, sSquared, squared, squaredSlope, count } = factors;
    const moments = new Float64Array(3);
    // Σ (d scalar/d(1/d²)) h hᵀ, as its six distinct entries.
    let [m11, m12, m13, m22, m23, m33] = [0, 0, 0, 0, 0, 0];
    for (let r = 0; r < count; r++) {
      const sigma = peaks.sigma[r];
      weight[r] = 0;
      if (sigma === 0) continue;
      const center = peaks.center[r];
      gaussianMoments(axis, dCalc, center, sigma, moments);
      const [m0, m1, m2] = moments;
      if (m0 === 0 && m1 === 0 && m2 === 0) continue;
      const p = wavelength * wavelength * sSquared[r];
      const intensity = peaks.factor[r] * squared[r];
      weight[r] = m0 * peaks.factor[r];
      const dCenter = (intensity * m1) / (sigma * sigma);
      const dSigma = (intensity * (m2 / (sigma * sigma) - m0)) / sigma;
      const sigmaSlope = fwhmSquaredSlope(width, center) / (2 * sigma * FWHM_PER_SIGMA * FWHM_PER_SIGMA);
      // d(2θ)/dp = 1/√(p(1−p)), in degrees.
      const centerSlope = DEGREES_PER_RADIAN / Math.sqrt(p * (1 - p));
      const [faded, fadeSlope] = fade(center);
      const factorSlope = 2 * (lorentzPolarizationSlope(p) * faded + lorentzPolarization(p) * fadeSlope * centerSlope);
      const dP = (dCenter + dSigma * sigmaSlope) * centerSlope + m0 * squared[r] * factorSlope;
      const dInverseD2 = (dP * wavelength * wavelength + weight[r] * squaredSlope[r]) / 4;
      const h = hkl[3 * r];
      const k = hkl[3 * r + 1];
      const l = hkl[3 * r + 2];
      m11 += dInverseD2 * h * h;
      m12 += dInverseD2 * h * k;
      m13 += dInverseD2 * h * l;
      m22 += dInverseD2 * k * k;
      m23 += dInverseD2 * k * l;
      m33 += dInverseD2 * l * l;
    }
    // 1/d² = |L⁻¹h|², so d(1/d²) = −2 (G*h)ᵀ dL (L⁻¹h), and the sum over reflections is −2 G* M L⁻ᵀ.
    const { lattice } = structure;
    const sum = Float64Array.of(m11, m12, m13, m12, m22, m23, m13, m23, m33);
    const dLattice = multiply3(multiply3(reciprocalMetric(lattice), sum), transpose3(inverse3(lattice))).map((value) => -2 * value);
    return { lattice: dLattice, ...calculator.pullback(weight) };
  }

  return {
    twoTheta,
    simulate(structure) {
      draw(structure);
      return calc.slice();
    },
    linearize(structure): LinearizedPattern {
      const factors = draw(structure);
      return { calc, pullback: (dCalc) => pullback(structure, factors, dCalc) };
    },
  };
}

/** sin² θ of a 2θ in degrees. */
function sinSquared(twoTheta: number): number {
  return Math.sin((twoTheta / 2) * RADIANS_PER_DEGREE) ** 2;
}
