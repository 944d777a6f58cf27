import { BraggscapeError, determinant3, identity3, inverse3, multiply3, transpose3 } from '@braggscape/core';
import type { Parameterization, Structure } from '@braggscape/core';
import { cellFromLattice, cellFromLatticePullback, elementSymbol, imagesWithin, latticeFromCell, latticeFromCellPullback, siteMap } from '@braggscape/crystal';
import type { SymmetryOperation } from '@braggscape/crystal';
import { operationsProjector } from './operationsProjector.js';
import { symmetricDisplacements, symmetricStrains } from './symmetricBasis.js';
import { squareRoot3 } from './squareRoot3.js';

/** Options of {@link symmetryParameterization}. */
export interface SymmetryParameterizationOptions {
  /** Distance in Å within which an operation must bring each site of the structure to another. Default 0.01. */
  readonly tolerance?: number;
  /** [n] Wyckoff letters, for the names. */
  readonly wyckoffs?: readonly string[];
  /** What may move; default both. */
  readonly vary?: readonly ('cell' | 'coords')[];
}

/**
 * The degrees of freedom that a symmetry leaves, as a vector: coefficients of an orthonormal basis of the symmetric strains, times the mean axis so that they are lengths, and of an orthonormal basis
 * of the symmetric displacements, all in Å. The vector of the structure itself, made symmetric, is zero. A unit of a displacement moves each of the m sites of its orbit by 1/√m Å, so that
 * distances in x are those in the space of all sites.
 *
 * With L₀ the symmetric structure's lattice and E the strain of x, the cell is that of L₀·(I + E), in the orientation of L₀ (a and the ab plane stay); fractional coordinates are those of the displaced sites
 * in L₀. Occupancies and displacement parameters are the symmetric structure's.
 *
 * `unpack(pack(s)) = s` holds for every structure with the symmetry, in this cell and orientation; of others, `pack` takes the symmetric part. `unpack` throws `cell.impossible` where x compresses the cell to nothing.
 *
 * @param operations a whole group in the structure's cell, as `operationsProjector` takes them
 * @throws BraggscapeError as `operationsProjector` does; `option.invalid` if nothing is left to vary
 */
export function symmetryParameterization(structure: Structure, operations: readonly SymmetryOperation[], options: SymmetryParameterizationOptions = {}): Parameterization {
  const { tolerance = 0.01, wyckoffs, vary = ['cell', 'coords'] } = options;
  const projector = operationsProjector(structure, operations, { tolerance });
  const map = siteMap(structure);
  const images = operations.map((operation) => imagesWithin(map, operation, tolerance));
  const reference = projector.project(structure);
  const { lattice } = reference;
  const inverse = inverse3(lattice);
  const frame = multiply3(inverse3(latticeFromCell(cellFromLattice(lattice))), lattice);
  // Row vectors of cartesian coordinates turn by Q = L⁻¹WᵀL.
  const turns = operations.map(({ rotation }) => multiply3(multiply3(inverse, transpose3(Float64Array.from(rotation))), lattice));
  const strains = vary.includes('cell') ? symmetricStrains(turns) : [];
  const displacements = vary.includes('coords') ? symmetricDisplacements(turns, images, map.positions) : [];
  const size = strains.length + displacements.length;
  if (size === 0) throw new BraggscapeError('option.invalid', 'the symmetry leaves nothing to vary', { hint: 'vary the cell too, or use fewer operations', path: 'vary' });
  const [a, b, c] = cellFromLattice(lattice);
  const axis = (a + b + c) / 3;
  const n = structure.numbers.length;

  const strained = (x: Float64Array): Float64Array => {
    const deformation = identity3();
    strains.forEach(({ tensor }, k) => tensor.forEach((entry, i) => (deformation[i] += (x[k] / axis) * entry)));
    return deformation;
  };
  const unoriented = (x: Float64Array): Float64Array => {
    const deformation = strained(x);
    const minor = deformation[0] * deformation[4] - deformation[1] * deformation[3];
    if (deformation[0] > 0 && minor > 0 && determinant3(deformation) > 0) return multiply3(lattice, deformation);
    throw new BraggscapeError('cell.impossible', 'the strain leaves no cell', { hint: 'take a smaller step' });
  };

  return {
    size,
    names: [...strains.map(({ name }) => `strain.${name}`), ...displacements.map(({ site, direction }) => `${siteName(structure, site, wyckoffs)}.${direction}`)],
    units: Array.from({ length: size }, () => 'Å'),
    pack(given) {
      const x = new Float64Array(size);
      // F² = L₀⁻¹·G·L₀⁻ᵀ, whatever the orientation.
      const metric = multiply3(given.lattice, transpose3(given.lattice));
      const deformation = strains.length === 0 ? identity3() : squareRoot3(multiply3(multiply3(inverse, metric), transpose3(inverse)));
      strains.forEach(({ tensor }, k) => {
        for (let i = 0; i < 9; i++) x[k] += axis * tensor[i] * (deformation[i] - (i % 4 === 0 ? 1 : 0));
      });
      displacements.forEach(({ sites, vectors }, k) => {
        sites.forEach((site, s) => {
          for (let y = 0; y < 3; y++) {
            let moved = 0;
            for (let z = 0; z < 3; z++) moved += (given.frac[3 * site + z] - reference.frac[3 * site + z]) * lattice[3 * z + y];
            x[strains.length + k] += vectors[3 * s + y] * moved;
          }
        });
      });
      return x;
    },
    unpack(x) {
      const moved = new Float64Array(3 * n);
      displacements.forEach(({ all, vectorOf }, k) => {
        for (const site of all) for (let y = 0; y < 3; y++) moved[3 * site + y] += x[strains.length + k] * vectorOf[3 * site + y];
      });
      const frac = reference.frac.slice();
      for (let i = 0; i < n; i++) for (let z = 0; z < 3; z++) for (let y = 0; y < 3; y++) frac[3 * i + z] += moved[3 * i + y] * inverse[3 * y + z];
      return { ...reference, frac, lattice: strains.length === 0 ? lattice : multiply3(latticeFromCell(cellFromLattice(unoriented(x))), frame) };
    },
    pullback(x, gradient) {
      const out = new Float64Array(size);
      if (strains.length > 0) {
        const free = unoriented(x);
        const dCell = latticeFromCellPullback(cellFromLattice(free), multiply3(gradient.lattice, transpose3(frame)));
        const dDeformation = multiply3(transpose3(lattice), cellFromLatticePullback(free, dCell));
        strains.forEach(({ tensor }, k) => {
          for (let i = 0; i < 9; i++) out[k] += (tensor[i] * dDeformation[i]) / axis;
        });
      }
      const dMoved = new Float64Array(3 * n);
      for (let i = 0; i < n; i++) for (let y = 0; y < 3; y++) for (let z = 0; z < 3; z++) dMoved[3 * i + y] += inverse[3 * y + z] * gradient.frac[3 * i + z];
      displacements.forEach(({ all, vectorOf }, k) => {
        for (const site of all) for (let y = 0; y < 3; y++) out[strains.length + k] += vectorOf[3 * site + y] * dMoved[3 * site + y];
      });
      return out;
    },
  };
}

/** Name of an orbit by its first site: `O3[4f]` with the Wyckoff letter where it is known. */
function siteName({ labels, numbers }: Structure, site: number, wyckoffs: readonly string[] | undefined): string {
  const name = labels?.[site] ?? `${elementSymbol(numbers[site])}${site + 1}`;
  return wyckoffs?.[site] === undefined ? name : `${name}[${wyckoffs[site]}]`;
}
