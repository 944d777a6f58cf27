import { code } from './wasmCode.js';
import type { WasmFunction } from './wasmCode.js';

/** Names of the parameters of a matrix product's function. */
export const matrixKernelParameters = ['rows', 'source', 'matrix', 'product'] as const;

/**
 * Rows and columns (in vectors of four) of a tile whose sums stay in registers. Measured with V8 11 on x86: larger tiles and unrolled loops spill registers and run at half the rate; this one
 * comes near to that of multiply-adds without memory.
 */
const TILE_ROWS = 4;
const TILE_VECTORS = 2;

/**
 * product [rows, columns] = source [rows, inner] · matrix [inner, columns].
 *
 * Tiles of four rows and eight columns; the last tile of rows begins so early that it is whole, and what it shares with the one before is computed twice, to the same numbers.
 */
export function matrixKernelFunction(inner: number, columns: number): WasmFunction {
  const [rows, source, matrix, product] = [0, 1, 2, 3];
  const out = code(matrixKernelParameters.length);
  const rowBytes = 4 * columns;

  /** Sums of `height` rows and `vectors` vectors of columns from `column`, at the row addresses in `at` and `to`. */
  const tile = (at: number, to: number, height: number, column: number, vectors: number): void => {
    const sums = Array.from({ length: height * vectors }, () => out.local('v128'));
    const [k, weights] = [out.local('i32'), out.local('i32')];
    const b = Array.from({ length: vectors }, () => out.local('v128'));
    const a = out.local('v128');
    for (const sum of sums) out.splat(0).set(sum);
    // `k` runs through the row of the source, `weights` down the matrix.
    out.get(at).set(k).get(matrix).i32(4 * column).op('i32.add').set(weights);
    const end = out.local('i32');
    out.get(at).i32(4 * inner).op('i32.add').set(end);
    out.loop(() => {
      for (let vector = 0; vector < vectors; vector++) out.get(weights).load('v128.load', 16 * vector).set(b[vector]);
      for (let row = 0; row < height; row++) {
        out.get(k).load('v128.load32_splat', 4 * row * inner).set(a);
        for (let vector = 0; vector < vectors; vector++) {
          const sum = sums[row * vectors + vector];
          out.get(sum).get(a).get(b[vector]).op('f32x4.mul').op('f32x4.add').set(sum);
        }
      }
      out.get(weights).i32(rowBytes).op('i32.add').set(weights);
      out.get(k).i32(4).op('i32.add').tee(k).get(end).op('i32.lt_u');
    });
    for (let row = 0; row < height; row++)
      for (let vector = 0; vector < vectors; vector++) out.get(to).get(sums[row * vectors + vector]).load('v128.store', row * rowBytes + 4 * column + 16 * vector);
  };
  /** One row and one column, where columns do not come in fours. */
  const single = (at: number, to: number, column: number): void => {
    const [sum, k] = [out.local('f32'), out.local('i32')];
    const weights = out.local('i32');
    const end = out.local('i32');
    out.f32(0).set(sum).get(at).set(k).get(matrix).i32(4 * column).op('i32.add').set(weights);
    out.get(at).i32(4 * inner).op('i32.add').set(end);
    out.loop(() => {
      out.get(sum).get(k).load('f32.load').get(weights).load('f32.load').op('f32.mul').op('f32.add').set(sum);
      out.get(weights).i32(rowBytes).op('i32.add').set(weights);
      out.get(k).i32(4).op('i32.add').tee(k).get(end).op('i32.lt_u');
    });
    out.get(to).get(sum).load('f32.store', 4 * column);
  };
  const strip = (at: number, to: number, height: number): void => {
    let column = 0;
    for (; column + 4 * TILE_VECTORS <= columns; column += 4 * TILE_VECTORS) tile(at, to, height, column, TILE_VECTORS);
    for (; column + 4 <= columns; column += 4) tile(at, to, height, column, 1);
    for (; column < columns; column++) for (let row = 0; row < height; row++) singleRow(at, to, row, column);
  };
  const singleRow = (at: number, to: number, row: number, column: number): void => {
    if (row === 0) {
      single(at, to, column);
      return;
    }
    const [from, into] = [out.local('i32'), out.local('i32')];
    out.get(at).i32(4 * inner * row).op('i32.add').set(from);
    out.get(to).i32(rowBytes * row).op('i32.add').set(into);
    single(from, into, column);
  };

  const [row, at, to] = [out.local('i32'), out.local('i32'), out.local('i32')];
  const addresses = (): void => {
    out.get(source).get(row).i32(4 * inner).op('i32.mul').op('i32.add').set(at);
    out.get(product).get(row).i32(rowBytes).op('i32.mul').op('i32.add').set(to);
  };
  const tall = TILE_ROWS;
  // Fewer rows than a tile: one at a time.
  out.get(rows).i32(tall).op('i32.ge_u').unless(() => {
    out.get(rows).op('i32.eqz').unless(() => {
      out.loop(() => {
        addresses();
        strip(at, to, 1);
        out.get(row).i32(1).op('i32.add').tee(row).get(rows).op('i32.lt_u');
      });
    });
  });
  out.get(rows).i32(tall).op('i32.lt_u').unless(() => {
    out.loop(() => {
      addresses();
      strip(at, to, tall);
      // On to the next tile; the last one begins at rows − tall.
      const next = out.local('i32');
      out.get(row).i32(tall).op('i32.add').set(next);
      out.get(next).get(rows).op('i32.lt_u').op('i32.eqz').unless(() => {
        const last = out.local('i32');
        out.get(rows).i32(tall).op('i32.sub').set(last);
        out.get(next).get(last).op('i32.gt_u').op('i32.eqz').unless(() => out.get(last).set(next));
      });
      out.get(next).tee(row).get(rows).op('i32.lt_u');
    });
  });
  return { name: `product ${inner}×${columns}`, parameters: matrixKernelParameters.length, code: out };
}
