import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson, decode, encode, sha256 } from '@braggscape/core';

const throughJson = (value: unknown): unknown => decode(JSON.parse(JSON.stringify(encode(value))));

describe('encode and decode', () => {
  it('carry every number through JSON exactly', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(Object.is(throughJson(value), value)).to.equal(true);
      }),
    );
    for (const value of [Number.NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE]) expect(throughJson(value)).to.deep.equal(value);
  });

  it('carry typed arrays with their type and every element', () => {
    fc.assert(
      fc.property(fc.float64Array(), fc.uint8Array(), fc.int32Array(), fc.int8Array(), (a, b, c, d) => {
        const back = throughJson({ a, nested: [{ b }, c, d] }) as { a: Float64Array; nested: [{ b: Uint8Array }, Int32Array, Int8Array] };
        expect(back.a).to.be.instanceOf(Float64Array);
        expect(back.a.length).to.equal(a.length);
        expect(back.a.every((value, i) => Object.is(value, a[i]))).to.equal(true);
        expect(back.nested[0].b).to.deep.equal(b);
        expect(back.nested[1]).to.deep.equal(c);
        expect(back.nested[2]).to.deep.equal(d);
      }),
    );
  });

  it('carry plain data unchanged and leave out what is undefined', () => {
    const value = { text: 'x', yes: true, none: null, list: [1, [2, { deep: -1.5 }]] };
    expect(throughJson({ ...value, gone: undefined })).to.deep.equal(value);
  });

  it('write pure JSON', () => {
    expect(encode(Float64Array.of(1, Number.NaN, -0))).to.deep.equal({ $float64: [1, { $number: 'NaN' }, { $number: '-0' }] });
    expect(JSON.stringify(encode({ a: -Infinity }))).to.equal('{"a":{"$number":"-Infinity"}}');
  });
});

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse());
        expect(canonicalJson(reversed)).to.equal(canonicalJson(record));
      }),
    );
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('sorts keys at every depth and writes no white space', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 'x y' }], a: null, gone: undefined })).to.equal('{"a":null,"b":[{"c":"x y","d":1}]}');
  });
});

describe('sha256', () => {
  // FIPS 180-4 example vectors.
  const vectors: readonly (readonly [string, string])[] = [
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ];

  for (const [text, digest] of vectors) {
    it(`of ${JSON.stringify(text.slice(0, 10))}, as text and as bytes`, async () => {
      expect(await sha256(text)).to.equal(digest);
      expect(await sha256(new TextEncoder().encode(text))).to.equal(digest);
    });
  }

  it('hashes the bytes of a view, not the buffer behind it', async () => {
    const bytes = new TextEncoder().encode('xabcx');
    expect(await sha256(bytes.subarray(1, 4))).to.equal(await sha256('abc'));
  });
});
