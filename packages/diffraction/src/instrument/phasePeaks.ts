import { DEGREES_PER_RADIAN, inverse3, multiply3, transpose3 } from '@braggscape/core';
import type { EmissionLine, Structure, StructureGradient, Texture } from '@braggscape/core';
import { fade } from '../angularWindow.js';
import type { AngularWindow } from '../angularWindow.js';
import { lorentzPolarization } from '../corrections/lorentzPolarization.js';
import { marchDollase, marchDollaseSlopes } from '../corrections/marchDollase.js';
import { axialShift } from '../profile/axialDivergence.js';
import type { AxialDivergence } from '../profile/axialDivergence.js';
import { FWHM_PER_SIGMA } from '../profile/caglioti.js';
import type { PeakBuffers } from '../profile/peaks.js';
import { ETA, ETA_PER_LORENTZ, ETA_PER_SQUARE, FWHM, FWHM_PER_LORENTZ, FWHM_PER_SQUARE, SHAPE_SIZE, shapeFunction } from '../profile/peakShape.js';
import type { ProfileKind, ShapeFunction } from '../profile/peakShape.js';
import { reciprocalMetric } from '../structureFactors/reflectionRows.js';
import type { StructureFactorCalculator, StructureFactors } from '../structureFactors/structureFactors.js';
import * as slot from './parameters.js';

/** What the peaks of a phase are made of, apart from numbers that may change. */
export interface PhaseModel {
  readonly calculator: StructureFactorCalculator;
  readonly spectrum: readonly EmissionLine[];
  readonly profile: ProfileKind;
  readonly axial: AxialDivergence;
  readonly texture: Texture | undefined;
  /** Degrees of 2θ that 1 mm of displacement moves a peak at θ = 0. */
  readonly perDisplacement: number;
  /** Squared FWHM of the further broadening, deg². */
  readonly blur: number;
  /** First slot of the lines' weights and of this phase. */
  readonly lines: number;
  readonly phase: number;
}

/** Gaussian and Lorentzian peaks to fill; the latter only where the profile has them. */
export interface PeakTargets {
  readonly gaussian: PeakBuffers;
  readonly lorentzian: PeakBuffers | undefined;
}

/** The peaks of one phase: one for every reflection, line and copy by axial divergence, in this order. */
export interface PhasePeaks {
  /** Compute the structure factors. @returns number of peaks */
  prepare(structure: Structure, values: Float64Array, window: AngularWindow): number;
  /** Fill the buffers from `first` on. */
  fill(into: PeakTargets, first: number): void;
  /**
   * Gradient from the moments of the drawn peaks.
   * @param gaussian [peaks, 3], @param lorentzian [peaks, 3]; @param gradient slots, added to where wanted
   */
  pull(first: number, gaussian: Float64Array, lorentzian: Float64Array | undefined, gradient: Float64Array | undefined): StructureGradient;
}

/** Peaks of a phase, in buffers of its own. */
export function phasePeaks(model: PhaseModel): PhasePeaks {
  const { calculator, spectrum, axial, lines: firstLine, phase, texture, perDisplacement, blur } = model;
  const width: ShapeFunction = shapeFunction(model.profile);
  const hasEta = model.profile === 'pseudo-voigt';
  const hasLorentz = model.profile === 'thompson-cox-hastings';
  const copies = axial.weight.length;
  const lineCount = spectrum.length;
  const out = new Float64Array(SHAPE_SIZE);
  const shift = new Float64Array(3);
  const wavelengths = new Float64Array(lineCount);
  const wavelengthSquared = new Float64Array(lineCount);
  const weights = new Float64Array(lineCount);
  /** Bragg angle of each reflection and line, degrees; −1 where it cannot reach the window. */
  let bragg = new Float64Array(0);
  let factors: StructureFactors;
  let structure: Structure;
  let values: Float64Array;
  let metric: Float64Array;
  let [pFirst, pLast] = [0, 0];

  function prepare(given: Structure, slots: Float64Array, window: AngularWindow): number {
    structure = given;
    values = slots;
    let shortest = Infinity;
    spectrum.forEach(({ wavelength, weight }, k) => {
      const now = wavelength * slots[slot.WAVELENGTH];
      wavelengths[k] = now;
      wavelengthSquared[k] = now * now;
      weights[k] = k === 0 ? weight : slots[firstLine + k - 1];
      shortest = Math.min(shortest, now);
    });
    pFirst = sinSquared(window.first);
    pLast = sinSquared(window.last);
    metric = reciprocalMetric(given.lattice);
    factors = calculator.compute(given, pLast / (shortest * shortest));
    if (bragg.length < factors.count * lineCount) bragg = new Float64Array(Math.ceil(1.25 * factors.count * lineCount));
    return factors.count * lineCount * copies;
  }

  /** cos² of the angle between a reflection and the preferred direction; also leaves G*τ·h in `along`. */
  let along = 0;
  let normal = 0;
  function cosSquared(r: number, [t0, t1, t2]: readonly [number, number, number]): number {
    const { hkl, sSquared } = factors;
    const g = metric;
    const x = g[0] * t0 + g[1] * t1 + g[2] * t2;
    const y = g[3] * t0 + g[4] * t1 + g[5] * t2;
    const z = g[6] * t0 + g[7] * t1 + g[8] * t2;
    along = hkl[3 * r] * x + hkl[3 * r + 1] * y + hkl[3 * r + 2] * z;
    normal = t0 * x + t1 * y + t2 * z;
    return (along * along) / (4 * sSquared[r] * normal);
  }

  function fill({ gaussian, lorentzian }: PeakTargets, first: number): void {
    const { sSquared, squared, count } = factors;
    const scale = values[phase + slot.SCALE];
    const size = DEGREES_PER_RADIAN * values[phase + slot.SIZE];
    const strain = 4 * DEGREES_PER_RADIAN * values[phase + slot.STRAIN];
    const u = values[slot.U];
    const v = values[slot.V];
    const w = values[slot.W] + blur;
    const x = hasLorentz ? values[slot.X] : 0;
    const y = hasLorentz ? values[slot.Y] : 0;
    const eta0 = hasEta ? values[slot.ETA0] : 0;
    const eta1 = hasEta ? values[slot.ETA1] : 0;
    const polarization = values[slot.POLARIZATION];
    const zero = values[slot.ZERO];
    const displacement = perDisplacement * values[slot.DISPLACEMENT];
    const opening = values[slot.ASYMMETRY];
    const constantWidth = isConstantWidth(u, v, size, strain, x, y, eta1);
    if (constantWidth) width(w, 0, eta0, out);
    let at = first;
    for (let r = 0; r < count; r++) {
      const base = 2 * scale * squared[r] * (texture === undefined ? 1 : marchDollase(cosSquared(r, texture.direction), values[phase + slot.TEXTURE]));
      for (let k = 0; k < lineCount; k++) {
        const p = wavelengthSquared[k] * sSquared[r];
        if (!(p >= pFirst && p < pLast)) {
          bragg[r * lineCount + k] = -1;
          for (let q = 0; q < copies; q++, at++) {
            gaussian.width[at] = 0;
            if (lorentzian !== undefined) lorentzian.width[at] = 0;
          }
          continue;
        }
        const sine = Math.sqrt(p);
        const cosine = Math.sqrt(1 - p);
        const secant = 1 / cosine;
        const tangent = sine * secant;
        const twoTheta = 2 * DEGREES_PER_RADIAN * Math.asin(sine);
        bragg[r * lineCount + k] = twoTheta;
        if (!constantWidth) width((u * tangent + v) * tangent + w, (size * wavelengths[k] + y) * secant + (strain + x) * tangent, eta0 + eta1 * twoTheta, out);
        const fwhm = out[FWHM];
        const eta = out[ETA];
        const area = base * weights[k] * lorentzPolarization(p, polarization) * (twoTheta <= FADE ? 1 : fade(twoTheta)[0]);
        const center = twoTheta + zero - displacement * cosine;
        for (let q = 0; q < copies; q++, at++) {
          let moved = center;
          if (copies > 1) {
            axialShift(twoTheta, opening * axial.opening[q], shift);
            moved += shift[0];
          }
          const share = area * axial.weight[q];
          gaussian.center[at] = moved;
          gaussian.width[at] = fwhm / FWHM_PER_SIGMA;
          gaussian.area[at] = share * (1 - eta);
          if (lorentzian !== undefined) {
            lorentzian.center[at] = moved;
            lorentzian.width[at] = fwhm / 2;
            lorentzian.area[at] = share * eta;
          }
        }
      }
    }
  }

  function pull(first: number, gauss: Float64Array, lorentzian: Float64Array | undefined, gradient: Float64Array | undefined): StructureGradient {
    const { hkl, sSquared, squared, squaredSlope, weight, count } = factors;
    const scale = values[phase + slot.SCALE];
    const size = DEGREES_PER_RADIAN * values[phase + slot.SIZE];
    const strain = 4 * DEGREES_PER_RADIAN * values[phase + slot.STRAIN];
    const u = values[slot.U];
    const v = values[slot.V];
    const w = values[slot.W] + blur;
    const x = hasLorentz ? values[slot.X] : 0;
    const y = hasLorentz ? values[slot.Y] : 0;
    const eta0 = hasEta ? values[slot.ETA0] : 0;
    const eta1 = hasEta ? values[slot.ETA1] : 0;
    const polarization = values[slot.POLARIZATION];
    const displacement = perDisplacement * values[slot.DISPLACEMENT];
    const opening = values[slot.ASYMMETRY];
    const angles = bragg;
    const direction = texture?.direction ?? [0, 0, 0];
    // Σ (d scalar/dG*) as a symmetric matrix: m from h hᵀ (1/d² = h·G*·h), n from what texture adds.
    let [m11, m12, m13, m22, m23, m33] = [0, 0, 0, 0, 0, 0];
    let [n1, n2, n3, nTexture] = [0, 0, 0, 0];
    let [dZero, dCosine, dU, dV, dW, dX, dY, dEta0, dEta1] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    let [dOpening, dPolarization, dWavelength, dScale, dSize, dTexture] = [0, 0, 0, 0, 0, 0];
    const constantWidth = isConstantWidth(u, v, size, strain, x, y, eta1);
    if (constantWidth) width(w, 0, eta0, out);
    let at = first;
    // Plain variables in the loop: this is the hottest code outside the kernel.
    for (let r = 0; r < count; r++) {
      let dInverseD2 = 0;
      let perSquared = 0;
      let perTexture = 0;
      const cos2 = texture === undefined ? 0 : cosSquared(r, direction);
      const march = texture === undefined ? 1 : marchDollase(cos2, values[phase + slot.TEXTURE]);
      for (let k = 0; k < lineCount; k++) {
        const twoTheta = angles[r * lineCount + k];
        if (twoTheta < 0) {
          at += copies;
          continue;
        }
        // Few divisions and roots: with 1/sin²θ and 1/cos θ at hand the rest are products.
        const p = wavelengthSquared[k] * sSquared[r];
        const cosine = Math.sqrt(1 - p);
        const sine = Math.sqrt(p);
        const inverseP = 1 / p;
        const secant = 1 / cosine;
        const secantSquared = secant * secant;
        const tangent = sine * secant;
        const wavelength = wavelengths[k];
        if (!constantWidth) width((u * tangent + v) * tangent + w, (size * wavelength + y) * secant + (strain + x) * tangent, eta0 + eta1 * twoTheta, out);
        const inverseWidth = 1 / out[FWHM];
        const inverseVariance = FWHM_PER_SIGMA * FWHM_PER_SIGMA * inverseWidth * inverseWidth;
        const eta = out[ETA];
        let toArea = 0;
        let toCenter = 0;
        let toWidth = 0;
        let toEta = 0;
        let throughShift = 0;
        for (let q = 0; q < copies; q++, at++) {
          const m0 = gauss[3 * at];
          const m1 = gauss[3 * at + 1] * inverseVariance;
          const m2 = (gauss[3 * at + 2] * inverseVariance - m0) * inverseWidth;
          let value = m0;
          let center = m1;
          let fwhm = m2;
          let difference = 0;
          if (lorentzian !== undefined) {
            const l0 = lorentzian[3 * at];
            difference = l0 - m0;
            value += eta * difference;
            center += eta * (lorentzian[3 * at + 1] - m1);
            fwhm += eta * (lorentzian[3 * at + 2] / 2 - m2);
          }
          const share = axial.weight[q];
          toArea += share * value;
          toCenter += share * center;
          toWidth += share * fwhm;
          toEta += share * difference;
          if (copies > 1) {
            axialShift(twoTheta, opening * axial.opening[q], shift);
            throughShift += share * center * shift[1];
            dOpening += share * center * shift[2] * axial.opening[q] * areaOf(r, k, p, twoTheta, march);
          }
        }
        let faded = 1;
        let fadeSlope = 0;
        if (twoTheta > FADE) {
          const both = fade(twoTheta);
          faded = both[0];
          fadeSlope = both[1];
        }
        const cosTwoTheta = 1 - 2 * p;
        const polarized = 1 + polarization * cosTwoTheta * cosTwoTheta;
        const factor = polarized * inverseP * secant;
        const factorSlope = (-4 * polarization * cosTwoTheta - polarized * (inverseP - 0.5 * secantSquared)) * inverseP * secant;
        // Area = intensity·squared, intensity = 2·scale·march·weight·LP·fade.
        const perFactor = 2 * scale * march * weights[k] * squared[r];
        const area = perFactor * factor * faded;
        const gCenter = area * toCenter;
        const gWidth = area * toWidth;
        const gEta = area * toEta;
        const gSquare = gWidth * out[FWHM_PER_SQUARE] + gEta * out[ETA_PER_SQUARE];
        const gLorentz = gWidth * out[FWHM_PER_LORENTZ] + gEta * out[ETA_PER_LORENTZ];
        const gIntensity = 2 * toArea * march * weights[k] * factor * faded;
        perSquared += scale * gIntensity;
        if (texture !== undefined) perTexture += (toArea * area) / march;
        if (gradient !== undefined) {
          dScale += gIntensity * squared[r];
          if (k > 0) gradient[firstLine + k - 1] += toArea * 2 * scale * march * factor * faded * squared[r];
          dPolarization += toArea * perFactor * faded * cosTwoTheta * cosTwoTheta * inverseP * secant;
          dZero += gCenter;
          dCosine += gCenter * cosine;
          dU += gSquare * tangent * tangent;
          dV += gSquare * tangent;
          dW += gSquare;
          dX += gLorentz * tangent;
          dY += gLorentz * secant;
          dSize += gLorentz * wavelength * secant;
          dEta0 += gEta;
          dEta1 += gEta * twoTheta;
        }
        // d(2θ)/dp = 1/(sin θ cos θ), in degrees; d tan θ/dp = 1/(2 sin θ cos³ θ); d(1/cos θ)/dp = 1/(2 cos³ θ).
        const inverseSine = sine * inverseP;
        const angleSlope = DEGREES_PER_RADIAN * inverseSine * secant;
        const gAngle = gCenter + area * throughShift + (hasEta ? gEta * eta1 : 0);
        const gTangent = gSquare * (2 * u * tangent + v) + gLorentz * (strain + x);
        const gSecant = gLorentz * (size * wavelength + y);
        const gP =
          gAngle * angleSlope +
          0.5 * secant * (gCenter * displacement + (gTangent * inverseSine + gSecant) * secantSquared) +
          toArea * perFactor * (factorSlope * faded + factor * fadeSlope * angleSlope);
        if (gradient !== undefined) dWavelength += 2 * p * gP + gLorentz * size * wavelength * secant;
        dInverseD2 += (gP * wavelengthSquared[k]) / 4;
      }
      weight[r] = perSquared;
      dInverseD2 += (perSquared * squaredSlope[r]) / 4;
      const h = hkl[3 * r];
      const k = hkl[3 * r + 1];
      const l = hkl[3 * r + 2];
      if (texture !== undefined && perTexture !== 0) {
        const [perCosine, perR] = marchDollaseSlopes(cos2, values[phase + slot.TEXTURE]);
        dTexture += perTexture * perR;
        // cos²α = (h·G*·τ)²/((h·G*·h)(τ·G*·τ)).
        const gCosine = perTexture * perCosine;
        dInverseD2 -= (gCosine * cos2) / (4 * sSquared[r]);
        const mixed = (gCosine * along) / (4 * sSquared[r] * normal);
        n1 += mixed * h;
        n2 += mixed * k;
        n3 += mixed * l;
        nTexture -= (gCosine * cos2) / normal;
      }
      m11 += dInverseD2 * h * h;
      m12 += dInverseD2 * h * k;
      m13 += dInverseD2 * h * l;
      m22 += dInverseD2 * k * k;
      m23 += dInverseD2 * k * l;
      m33 += dInverseD2 * l * l;
    }
    if (gradient !== undefined) {
    gradient[slot.ZERO] += dZero;
    gradient[slot.DISPLACEMENT] -= perDisplacement * dCosine;
    gradient[slot.U] += dU;
    gradient[slot.V] += dV;
    gradient[slot.W] += dW;
    gradient[slot.X] += dX;
    gradient[slot.Y] += dY;
    gradient[slot.ETA0] += dEta0;
    gradient[slot.ETA1] += dEta1;
    gradient[slot.ASYMMETRY] += dOpening;
    gradient[slot.POLARIZATION] += dPolarization;
    gradient[slot.WAVELENGTH] += dWavelength / values[slot.WAVELENGTH];
    gradient[phase + slot.SCALE] += dScale;
    gradient[phase + slot.SIZE] += DEGREES_PER_RADIAN * dSize;
    // Strain widens as X does: both go with tan θ.
    gradient[phase + slot.STRAIN] += 4 * DEGREES_PER_RADIAN * dX;
    gradient[phase + slot.TEXTURE] += dTexture;
    }
    // 1/d² = |L⁻¹h|², so d(1/d²) = −2 (G*h)ᵀ dL (L⁻¹h), and the sum over reflections is −2 G* M L⁻ᵀ.
    const [t0, t1, t2] = direction;
    const sum = Float64Array.of(
      ...[m11 + 2 * n1 * t0 + nTexture * t0 * t0, m12 + n1 * t1 + n2 * t0 + nTexture * t0 * t1, m13 + n1 * t2 + n3 * t0 + nTexture * t0 * t2],
      ...[0, m22 + 2 * n2 * t1 + nTexture * t1 * t1, m23 + n2 * t2 + n3 * t1 + nTexture * t1 * t2],
      ...[0, 0, m33 + 2 * n3 * t2 + nTexture * t2 * t2],
    );
    sum[3] = sum[1];
    sum[6] = sum[2];
    sum[7] = sum[5];
    const lattice = multiply3(multiply3(metric, sum), transpose3(inverse3(structure.lattice)));
    for (let i = 0; i < 9; i++) lattice[i] *= -2;
    return { lattice, ...calculator.pullback() };
  }

  function areaOf(r: number, k: number, p: number, twoTheta: number, march: number): number {
    return 2 * values[phase + slot.SCALE] * march * weights[k] * lorentzPolarization(p, values[slot.POLARIZATION]) * fade(twoTheta)[0] * factors.squared[r];
  }

  return { prepare, fill, pull };
}

/** Where intensities begin to fade; a copy of the constant keeps the common case free of a call. */
const FADE = 176;

/** sin² θ of a 2θ in degrees. */
function sinSquared(twoTheta: number): number {
  return Math.sin(twoTheta / 2 / DEGREES_PER_RADIAN) ** 2;
}

/** Whether all peaks are equally wide, which saves computing it for each. */
function isConstantWidth(...varying: readonly number[]): boolean {
  return varying.every((value) => value === 0);
}
