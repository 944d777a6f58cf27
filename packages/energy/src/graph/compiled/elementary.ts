import type { Code } from './wasmCode.js';

/*
 * Elementary functions on four numbers at a time: the argument is on the stack, the result takes its place. Errors are a few units in the
 * last place of single precision. Arguments are reduced by multiples of ln 2 or π in two or three parts, of which the first ones have so few
 * digits that their multiples are exact (W. J. Cody & W. Waite, Software Manual for the Elementary Functions, 1980).
 */

/** exp(x), x held between −87 and 88. */
export function emitExp(code: Code): void {
  const [x, n, sum] = [code.local('v128'), code.local('v128'), code.local('v128')];
  code.splat(88).op('f32x4.pmin').splat(-87).op('f32x4.pmax').tee(x);
  code.splat(Math.LOG2E).op('f32x4.mul').op('f32x4.nearest').set(n);
  code.get(x).get(n).splat(LN2_HIGH).op('f32x4.mul').op('f32x4.sub');
  code.get(n).splat(Math.LN2 - LN2_HIGH).op('f32x4.mul').op('f32x4.sub').set(x);
  // Taylor's polynomial of degree 7: |x| ≤ ln 2 / 2, so the rest is below 1e-8.
  horner(code, x, sum, [1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1]);
  // Times 2ⁿ, by the exponent.
  code.get(sum).get(n).op('i32x4.trunc_sat_f32x4_s').shiftLeft(23).op('i32x4.add');
}

/** 1 / (1 + exp(−x)). */
export function emitSigmoid(code: Code): void {
  const y = code.local('v128');
  code.op('f32x4.neg');
  emitExp(code);
  code.set(y).splat(1).get(y).splat(1).op('f32x4.add').op('f32x4.div');
}

/** tanh x = 2/(1 + exp(−2x)) − 1; the error is absolute, 1e-7. */
export function emitTanh(code: Code): void {
  code.splat(2).op('f32x4.mul');
  emitSigmoid(code);
  code.splat(2).op('f32x4.mul').splat(1).op('f32x4.sub');
}

/** sin x for |x| up to a few thousand. */
export function emitSin(code: Code): void {
  const [x, k] = [code.local('v128'), code.local('v128')];
  code.tee(x).splat(1 / Math.PI).op('f32x4.mul').op('f32x4.nearest').set(k);
  emitReducedSine(code, x, k, k, 0);
}

/** cos x for |x| up to a few thousand. */
export function emitCos(code: Code): void {
  const [x, k, half] = [code.local('v128'), code.local('v128'), code.local('v128')];
  // x = (k + ½)π + r, so cos x = −(−1)ᵏ sin r.
  code.tee(x).splat(1 / Math.PI).op('f32x4.mul').splat(0.5).op('f32x4.sub').op('f32x4.nearest').tee(k);
  code.splat(0.5).op('f32x4.add').set(half);
  emitReducedSine(code, x, half, k, 1);
}

/** (−1)^(k + odd) · sin(x − turns·π) */
function emitReducedSine(code: Code, x: number, turns: number, k: number, odd: number): void {
  const [square, sum] = [code.local('v128'), code.local('v128')];
  for (const part of [PI_HIGH, PI_MIDDLE, Math.PI - PI_HIGH - PI_MIDDLE]) code.get(x).get(turns).splat(part).op('f32x4.mul').op('f32x4.sub').set(x);
  code.get(x).get(x).op('f32x4.mul').set(square);
  // Taylor's polynomial of degree 13: |r| ≤ π/2, so the rest is below 1e-9.
  horner(code, square, sum, [1 / 6227020800, -1 / 39916800, 1 / 362880, -1 / 5040, 1 / 120, -1 / 6, 1]);
  code.get(sum).get(x).op('f32x4.mul');
  code.get(k).op('i32x4.trunc_sat_f32x4_s').splatInt(odd).op('i32x4.add').shiftLeft(31).op('v128.xor');
}

function horner(code: Code, x: number, sum: number, coefficients: readonly number[]): void {
  code.splat(coefficients[0]).set(sum);
  for (const coefficient of coefficients.slice(1)) code.get(sum).get(x).op('f32x4.mul').splat(coefficient).op('f32x4.add').set(sum);
}

/** 355/512: nine binary digits. */
const LN2_HIGH = 0.693359375;
/** 201/64 and 507/2¹⁹: eight and nine binary digits. */
const PI_HIGH = 3.140625;
const PI_MIDDLE = 0.000967025756835937;
