import { expect } from 'chai';
import fc from 'fast-check';
import type { FileContent, Pattern, PatternFormat } from '@braggscape/core';
import { patternFormats } from '@braggscape/diffraction';
import { faultOf } from '@braggscape/testing';

const content = (text: string): FileContent => ({ bytes: new TextEncoder().encode(text), text: () => text });
const format = (id: string): PatternFormat => patternFormats.find((candidate) => candidate.id === id) as PatternFormat;
const read = (text: string, id = 'xy'): Pattern => format(id).read(content(text), { name: 'scan.xy' });

const fault = (text: string, id = 'xy'): string => faultOf(() => read(text, id)).report;

const patterns = fc
  .array(fc.tuple(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0.001, max: 1e3, noNaN: true })), { minLength: 3, maxLength: 30 })
  .filter((rows) => rows.some(([, y]) => y > 0))
  .map((rows): Pattern => {
    let angle = 5;
    return {
      twoTheta: Float64Array.from(rows, ([step]) => Number((angle += step).toPrecision(12))),
      intensity: Float64Array.from(rows, ([, y]) => y),
      sigma: Float64Array.from(rows, ([, , s]) => s),
      wavelength: 1.5406,
    };
  });

describe('pattern formats', () => {
  for (const id of ['json', 'xy', 'xye']) {
    it(`${id} reads what it wrote`, () => {
      fc.assert(
        fc.property(patterns, (pattern) => {
          const { write, recognises } = format(id);
          const text = write?.(pattern) ?? '';
          expect(recognises(content(text))).to.equal(true);
          const again = read(text, id);
          expect([...again.twoTheta]).to.deep.equal([...pattern.twoTheta]);
          expect([...again.intensity]).to.deep.equal([...pattern.intensity]);
          expect([...(again.sigma ?? [])]).to.deep.equal([...(pattern.sigma ?? [])]);
          expect(again.wavelength).to.equal(1.5406);
        }),
      );
    });
  }

  it('reads columns with comments, a head, commas, tabs and Windows line ends', () => {
    const plain = read('# scan\r\n10 1\r\n11\t2\r\n12,3\r\n! end\r\n');
    expect([...plain.twoTheta]).to.deep.equal([10, 11, 12]);
    expect([...plain.intensity]).to.deep.equal([1, 2, 3]);
    expect([...read('2theta,intensity\n10,1\n11,2\n12,3\n').intensity]).to.deep.equal([1, 2, 3]);
    expect([...(read('10 1 0.5\n11 2 0.5\n12 3 0.6\n').sigma ?? [])]).to.deep.equal([0.5, 0.5, 0.6]);
  });

  it('reads the x and y of other programs’ JSON', () => {
    expect([...read('{"x":[10,11,12],"y":[1,2,3]}', 'json').intensity]).to.deep.equal([1, 2, 3]);
  });

  it('writes assumed uncertainties into xye and says so', () => {
    const text = format('xye').write?.({ twoTheta: Float64Array.of(10, 11, 12), intensity: Float64Array.of(100, 0, 25) }) ?? '';
    expect(text).to.match(/^# sigma is assumed/);
    expect([...(read(text, 'xye').sigma ?? [])]).to.deep.equal([10, 1, 5]);
  });

  const faults: readonly (readonly [string, string, readonly string[]])[] = [
    ['words among the numbers', '10 1\n11 two\n12 3\n', ['scan.xy:2', '"two"', '#']],
    ['an unsorted axis', '10 1\n12 2\n11 3\n', ['scan.xy:3', '11', '12', 'sort']],
    ['a repeated angle', '10 1\n10 2\n11 3\n', ['scan.xy:2', 'ascend']],
    ['only negative data', '10 -1\n11 -2\n12 -3\n', ['no intensity is positive', '-1']],
    ['NaN', '10 1\n11 NaN\n12 3\n', ['scan.xy:2', 'NaN']],
    ['a missing column', '10 1\n11\n12 3\n', ['scan.xy:2', '1 columns', 'cut off']],
    ['an angle beyond 180', '10 1\n11 2\n190 3\n', ['scan.xy:3', '190']],
    ['a vanishing uncertainty', '10 1 1\n11 2 0\n12 3 1\n', ['scan.xy:2', 'uncertainty']],
    ['too few points', '10 1\n11 2\n', ['2 points']],
    ['one column', '10\n11\n12\n', ['scan.xy:1', '1 columns']],
    ['no data', '# nothing\n', ['no data']],
  ];
  for (const [title, text, says] of faults) {
    it(`names ${title}, with the line`, () => {
      const report = fault(text);
      for (const part of says) expect(report).to.contain(part);
    });
  }

  it('names what is wrong with JSON', () => {
    expect(fault('{"x":[1,', 'json')).to.contain('not valid JSON');
    expect(fault('{"twoTheta":[1,2,3],"intensity":"abc"}', 'json')).to.contain('"intensity"');
    expect(fault('{"twoTheta":[10,11,12],"intensity":[1,2]}', 'json')).to.contain('3 angles but 2');
  });

  it('recognises neither words nor structures', () => {
    for (const { recognises } of patternFormats) {
      expect(recognises(content('data_x\n_cell_length_a 4\n'))).to.equal(false);
      expect(recognises(content('once upon a time\nthere was\na powder\nwhich\n'))).to.equal(false);
    }
  });
});
