import { expect } from 'chai';
import { isBraggscapeError, randomFromSeed } from '@braggscape/core';

/** Rows of a bivariate normal distribution with unit variances. */
export function normalRows(n: number, correlation: number, seed: number): { readonly x: Float64Array; readonly y: Float64Array } {
  const random = randomFromSeed(seed);
  const x = Float64Array.from({ length: n }, () => random.normal());
  const y = x.map((value) => correlation * value + Math.sqrt(1 - correlation ** 2) * random.normal());
  return { x, y };
}

/** That a call throws `option.invalid` with a hint, and that the message or the path says `what`. */
export function expectInvalid(call: () => unknown, what: string): void {
  try {
    call();
  } catch (error) {
    if (!isBraggscapeError(error)) throw error;
    expect(error.code).to.equal('option.invalid');
    expect(error.report).to.include(what);
    expect(error.hint).to.be.a('string').that.is.not.empty;
    return;
  }
  throw new Error(`no error about ${what}`);
}
