import { BraggscapeError, allFinite } from '@braggscape/core';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** The curvatures of a function at a point. */
export interface CurvatureSpectrum {
  /** [n] eigenvalues of the Hessian, ascending; value per unit of x². */
  readonly eigenvalues: Float64Array;
  /** [n][n] unit vectors that belong to them. */
  readonly eigenvectors: readonly Float64Array[];
  /** Number of directions without curvature, such as translations of all atoms. */
  readonly flat: number;
  /** Largest over smallest absolute curvature, flat directions left out; how many times further a step may go in one direction than in another. */
  readonly conditionNumber: number;
  /** Part of the directions that are not flat in which the function curves downwards: 0 at a minimum. */
  readonly negativeFraction: number;
}

/** Choices of {@link curvatureSpectrum}. */
export interface CurvatureOptions {
  /** Step of the differences, in units of x; default 1e-3. */
  readonly step?: number;
  /** Curvature below which a direction counts as flat, as a part of the largest; default 1e-6. */
  readonly flatTolerance?: number;
}

/**
 * The spectrum of the Hessian at a point, from central differences of gradients; the Hessian is made symmetric.
 *
 * @param gradientAt gradient [n] at a point
 * @throws BraggscapeError `option.invalid` where a gradient is not finite
 */
export async function curvatureSpectrum(gradientAt: (x: Float64Array) => Promise<Float64Array>, x: Float64Array, options: CurvatureOptions = {}): Promise<CurvatureSpectrum> {
  const { step = 1e-3, flatTolerance = 1e-6 } = options;
  const n = x.length;
  const hessian = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    const at = x.slice();
    at[i] = x[i] + step;
    const above = (await gradientAt(at)).slice();
    at[i] = x[i] - step;
    const below = await gradientAt(at);
    if (!allFinite(above) || !allFinite(below)) throw new BraggscapeError('option.invalid', `there is no gradient beside the point, in component ${i}`, { hint: 'choose another point' });
    for (let j = 0; j < n; j++) {
      const second = (above[j] - below[j]) / (4 * step);
      hessian.set(i, j, hessian.get(i, j) + second);
      hessian.set(j, i, hessian.get(j, i) + second);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(hessian, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[a] - realEigenvalues[b]);
  const eigenvalues = Float64Array.from(order, (i) => realEigenvalues[i]);
  const sizes = eigenvalues.map(Math.abs);
  const largest = Math.max(...sizes);
  const curved = eigenvalues.filter((_, i) => sizes[i] > flatTolerance * largest);
  return {
    eigenvalues,
    eigenvectors: order.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i))),
    flat: n - curved.length,
    conditionNumber: largest / Math.min(...curved.map(Math.abs)),
    negativeFraction: curved.filter((value) => value < 0).length / curved.length,
  };
}
