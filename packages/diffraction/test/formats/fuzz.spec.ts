import { expect } from 'chai';
import fc from 'fast-check';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { isBraggscapeError } from '@braggscape/core';
import type { Pattern } from '@braggscape/core';
import { checkPattern, patternFormats, readPattern } from '@braggscape/diffraction';
import { content } from './kit.js';
import { samples } from './samples.js';

/** Read damaged bytes; anything but a sound pattern or a typed error fails the test. */
function readsOrRefuses(bytes: Uint8Array, name: string, repairs?: string[]): void {
  let pattern: Pattern;
  try {
    pattern = readPattern(content(bytes), { name }, repairs);
  } catch (error) {
    if (isBraggscapeError(error)) {
      expect(error.path).to.be.a('string');
      return;
    }
    throw error;
  }
  checkPattern(pattern, String);
}

/** The bytes cut off somewhere, with some of them changed. */
const damage = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.oneof(fc.constant(bytes.length), fc.nat(bytes.length)), fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }))
    .map(([length, changes]) => {
      const out = bytes.slice();
      for (const [at, value] of changes) out[at] = value;
      return out.subarray(0, length);
    });

describe('damaged pattern files', () => {
  for (const [name, bytes] of Object.entries(samples)) {
    it(`${name}: a sample that reads whole, and cut or changed gives a pattern or a typed error`, () => {
      readPattern(content(bytes), { name });
      fc.assert(fc.property(damage(bytes), fc.boolean(), (damaged, repair) => readsOrRefuses(damaged, name, repair ? [] : undefined)), { numRuns: 300 });
    });
  }

  it('compressed ones do so too', () => {
    const packed = gzipSync(strToU8('10 1\n11 2\n12 3\n'));
    fc.assert(fc.property(damage(packed), (damaged) => readsOrRefuses(damaged, 'scan.xy.gz')), { numRuns: 300 });
  });

  it('every format refuses what it does not recognise', () => {
    const noise = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 300 }).map((text) => strToU8(text)), fc.constant(zipSync({ a: strToU8('b') })));
    fc.assert(
      fc.property(noise, fc.constantFrom(...patternFormats), (bytes, { read, recognises }) => {
        recognises(content(bytes));
        try {
          read(content(bytes), { name: 'noise' });
        } catch (error) {
          if (!isBraggscapeError(error)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
