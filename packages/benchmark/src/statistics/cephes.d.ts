/** The part of cephes (Moshier) that is used here. The package brings types, but its `exports` hide them from the compiler. */
declare module 'cephes' {
  /** Settles once the WebAssembly module is compiled; no function may be called before. */
  export const compiled: Promise<void>;
  /** Regularized incomplete beta function I_x(a, b). */
  export function incbet(a: number, b: number, x: number): number;
  /** The x with I_x(a, b) = p. */
  export function incbi(a: number, b: number, p: number): number;
  /** Quantile of the standard normal distribution. */
  export function ndtri(p: number): number;
}
