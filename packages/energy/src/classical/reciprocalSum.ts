import { determinant3, inverse3 } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import type { ForcesAndStress } from '../neighbours/bondSums.js';
import { COULOMB } from './coulomb.js';

/**
 * The part of an Ewald sum that converges in reciprocal space, e²/(4πε₀) Σ 2π/(V G²) e^{−G²/4α²} |Σ qⱼ e^{iG·rⱼ}|² over the reciprocal vectors G ≠ 0 up to a length
 * (S. Nosé & M. L. Klein, Mol. Phys. 50 (1983) 1055).
 *
 * @param alpha 1/Å, inverse width of the Gaussians
 * @param largest 1/Å, length of the longest G
 * @param into forces and stress that its own are added to
 * @returns eV per cell
 */
export function addReciprocalSum({ lattice, frac }: Pick<Structure, 'lattice' | 'frac'>, charges: Float64Array, alpha: number, largest: number, into: ForcesAndStress): number {
  const n = charges.length;
  const volume = Math.abs(determinant3(lattice));
  // Columns are the reciprocal vectors.
  const reciprocal = inverse3(lattice).map((value) => 2 * Math.PI * value);
  // G·a = 2πh bounds h by the length of a, and so on.
  const limits = [0, 3, 6].map((row) => Math.floor((largest * Math.hypot(lattice[row], lattice[row + 1], lattice[row + 2])) / (2 * Math.PI)));
  const [limitA, limitB, limitC] = limits;
  // Sines and cosines are the dear part: those of h·x, k·y and l·z make those of all their sums.
  const alongA = waves(frac, 0, limitA);
  const alongB = waves(frac, 1, limitB);
  const alongC = waves(frac, 2, limitC);
  const [planeReal, planeImaginary, cosines, sines] = [new Float64Array(n), new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const [cx, cy, cz] = [reciprocal[2], reciprocal[5], reciprocal[8]];
  const cc = cx * cx + cy * cy + cz * cz;
  const { forces, stress } = into;
  let energy = 0;
  // One of each pair ±G.
  for (let h = 0; h <= limitA; h++)
    for (let k = h === 0 ? 0 : -limitB; k <= limitB; k++) {
      const px = reciprocal[0] * h + reciprocal[1] * k;
      const py = reciprocal[3] * h + reciprocal[4] * k;
      const pz = reciprocal[6] * h + reciprocal[7] * k;
      // The row p + l·c* is within the sphere between the roots of a quadratic equation: most rows of a skewed cell are not.
      const pc = px * cx + py * cy + pz * cz;
      const discriminant = pc * pc - cc * (px * px + py * py + pz * pz - largest * largest);
      if (discriminant < 0) continue;
      const root = Math.sqrt(discriminant);
      const lEnd = Math.min(limitC, Math.floor((root - pc) / cc));
      const lStart = h === 0 && k === 0 ? 1 : Math.max(-limitC, Math.ceil((-root - pc) / cc));
      if (lStart > lEnd) continue;
      const [a, b, sign] = [h * n, Math.abs(k) * n, k < 0 ? -1 : 1];
      for (let i = 0; i < n; i++) {
        const [cosA, sinA, cosB, sinB] = [alongA.cosines[a + i], alongA.sines[a + i], alongB.cosines[b + i], sign * alongB.sines[b + i]];
        planeReal[i] = charges[i] * (cosA * cosB - sinA * sinB);
        planeImaginary[i] = charges[i] * (sinA * cosB + cosA * sinB);
      }
      for (let l = lStart; l <= lEnd; l++) {
        const c = Math.abs(l) * n;
        const turn = l < 0 ? -1 : 1;
        let real = 0;
        let imaginary = 0;
        for (let i = 0; i < n; i++) {
          const cosC = alongC.cosines[c + i];
          const sinC = turn * alongC.sines[c + i];
          cosines[i] = planeReal[i] * cosC - planeImaginary[i] * sinC;
          sines[i] = planeImaginary[i] * cosC + planeReal[i] * sinC;
          real += cosines[i];
          imaginary += sines[i];
        }
        const x = px + l * cx;
        const y = py + l * cy;
        const z = pz + l * cz;
        const square = x * x + y * y + z * z;
        const weight = (4 * Math.PI * COULOMB * Math.exp(-square / (4 * alpha * alpha))) / (square * volume);
        const own = weight * (real * real + imaginary * imaginary);
        energy += own;
        for (let i = 0; i < n; i++) {
          const pull = 2 * weight * (real * sines[i] - imaginary * cosines[i]);
          forces[3 * i] += pull * x;
          forces[3 * i + 1] += pull * y;
          forces[3 * i + 2] += pull * z;
        }
        const density = own / volume;
        const shear = 2 * density * (1 / square + 1 / (4 * alpha * alpha));
        stress[0] += shear * x * x - density;
        stress[1] += shear * x * y;
        stress[2] += shear * x * z;
        stress[3] += shear * y * x;
        stress[4] += shear * y * y - density;
        stress[5] += shear * y * z;
        stress[6] += shear * z * x;
        stress[7] += shear * z * y;
        stress[8] += shear * z * z - density;
      }
    }
  return energy;
}

/** [limit + 1, n] cosines and sines of 2π·m·x for the coordinates x along an axis. */
function waves(frac: Float64Array, axis: number, limit: number): { readonly cosines: Float64Array; readonly sines: Float64Array } {
  const n = frac.length / 3;
  const [cosines, sines] = [new Float64Array((limit + 1) * n), new Float64Array((limit + 1) * n)];
  for (let m = 0; m <= limit; m++)
    for (let i = 0; i < n; i++) {
      const turns = m * frac[3 * i + axis];
      const phase = 2 * Math.PI * (turns - Math.round(turns));
      cosines[m * n + i] = Math.cos(phase);
      sines[m * n + i] = Math.sin(phase);
    }
  return { cosines, sines };
}
