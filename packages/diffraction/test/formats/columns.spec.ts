import { expect } from 'chai';
import fc from 'fast-check';
import type { Pattern } from '@braggscape/core';
import { patternFormats } from '@braggscape/diffraction';
import { faultOf } from '@braggscape/testing';
import { content, format, read as readAny, rows } from './kit.js';

const read = (text: string, id = 'xy', repairs?: string[]): Pattern => format(id).read(content(text), { name: 'scan.xy' }, repairs);

const fault = (text: string, id = 'xy'): string => faultOf(() => read(text, id)).report;

const patterns = fc
  .array(fc.tuple(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0.001, max: 1e3, noNaN: true })), { minLength: 3, maxLength: 18 })
  .filter((rows) => rows.some(([, y]) => y > 0))
  .map((rows): Pattern => {
    let angle = 5;
    return {
      twoTheta: Float64Array.from(rows, ([step]) => Number((angle += step).toPrecision(12))),
      intensity: Float64Array.from(rows, ([, y]) => y),
      sigma: Float64Array.from(rows, ([, , s]) => s),
      wavelength: 1.5406,
      spectrum: [
        { wavelength: 1.5406, weight: 1 },
        { wavelength: 1.5444, weight: 0.5 },
      ],
      radiation: 'x-ray',
      excluded: [{ from: 5.25, to: 5.5 }],
    };
  });

describe('patterns as columns and JSON', () => {
  for (const id of ['json', 'xy', 'xye', 'pdcif']) {
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
          const { wavelength, spectrum, radiation, excluded } = again;
          expect({ wavelength, spectrum, radiation, excluded }).to.deep.equal({
            wavelength: 1.5406,
            spectrum: pattern.spectrum,
            radiation: 'x-ray',
            excluded: pattern.excluded,
          });
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
    ['words in the first line', '10 one\n11 2\n12 3\n13 4\n', ['scan.xy:1', '"one"']],
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

  it('takes columns by their names, whatever stands above them', () => {
    const text =
      '[Measurement conditions]\nSample identification,my sample\nK-Alpha1 wavelength,1.540598\nK-Alpha2 wavelength,1.544426\n' +
      'Ratio K-Alpha2/K-Alpha1,0.5\nNo. of points,3\n[Scan points]\nAngle,TimePerStep,Intensity,ESD\n10,1.5,100,10\n11,1.5,144,12\n12,1.5,81,9\n';
    const pattern = read(text);
    expect(rows(pattern)).to.deep.equal([[10, 100, 10], [11, 144, 12], [12, 81, 9]]);
    expect(pattern.wavelength).to.equal(1.540598);
    expect(pattern.spectrum).to.deep.equal([{ wavelength: 1.540598, weight: 1 }, { wavelength: 1.544426, weight: 0.5 }]);
    expect(rows(read('2Theta;Iobs;Icalc\n10;1;9\n11;2;9\n12;3;9\n'))).to.deep.equal([[10, 1], [11, 2], [12, 3]]);
    expect(rows(read(';RAW4.00\n[Data]\n Angle,       PSD\n  10.0, 1\n 11.0, 2\n 12.0,3\n'))).to.deep.equal([[10, 1], [11, 2], [12, 3]]);
    expect(rows(read('10;1\n11;2\n12;3\n'))).to.deep.equal([[10, 1], [11, 2], [12, 3]]);
  });

  it('refuses decimal commas, with the line and the remedy', () => {
    for (const text of ['x\n10,02;100\n10,04;120\n10,06;90\n', 'x\n10,02 100\n10,04 120\n10,06 90\n', 'x\n10,02\t100,5\n10,04\t120\n10,06\t90\n']) {
      const report = fault(text);
      for (const part of ['scan.xy:2', 'decimal commas', 'decimal points']) expect(report).to.contain(part);
    }
  });

  const even = (count: number, left: (i: number) => boolean): string =>
    Array.from({ length: count }, (_, i) => i).filter(left).map((i) => `${(10 + i * 0.02).toFixed(2)} ${100 + i}`).join('\n');

  it('finds a gap in an even axis; it may be stated, and repairing excludes it', () => {
    const text = even(60, (i) => i < 30 || i > 34);
    const report = fault(text);
    for (const part of ['scan.xy:31', '5 points are missing', '10.58', '10.7', '--repair']) expect(report).to.contain(part);
    const repairs: string[] = [];
    const [{ from, to }] = read(text, 'xy', repairs).excluded ?? [];
    expect(from).to.be.closeTo(10.59, 1e-9);
    expect(to).to.be.closeTo(10.69, 1e-9);
    expect(repairs).to.have.length(1);
    expect(read(`# excluded: 10.59 10.69\n${text}`).excluded).to.deep.equal([{ from: 10.59, to: 10.69 }]);
    expect(read(even(60, () => true)).excluded).to.equal(undefined);
  });

  it('repairs what it may, and says each repair with its lines', () => {
    const repairs: string[] = [];
    const pattern = read('13 5 3\n12 4 2\n12 6 2\n11 NaN 1\nnoise\n10 2 1\n9 1 1\n8 1 0\n', 'xy', repairs);
    expect(rows(pattern)).to.deep.equal([[9, 1, 1], [10, 2, 1], [12, 5, Math.sqrt(8) / 2], [13, 5, 3]]);
    expect(repairs.map((sentence) => /lines? \d+/.test(sentence))).to.deep.equal(repairs.map(() => true));
    const told = repairs.join('\n');
    for (const part of ['line 5', 'line 4', 'line 8', 'turned the scan round', 'averaged 2 points of equal angle (lines 3 and 2)']) expect(told).to.contain(part);
    expect(() => read('10 1\n12 2\n11 3\n14 1\n', 'xy', [])).to.throw(/2θ is 11 after 12/);
  });

  it('does not take angles with rounded steps for gaps, but one or two lost points', () => {
    const rounded = Array.from({ length: 400 }, (_, i) => `${(10 + i * 0.0102).toFixed(2)} 5`).join('\n');
    expect(read(rounded).excluded).to.equal(undefined);
    const lost = Array.from({ length: 60 }, (_, i) => `${(10 + i * 0.01).toFixed(2)} 5`).filter((_, i) => i !== 20).join('\n');
    expect(fault(lost)).to.contain('1 point is missing');
  });

  it('reads quoted fields, and text of two bytes for a letter', () => {
    expect(rows(read('"2theta","intensity"\n"10.0","1"\n"11.0","2"\n"12.0","3"\n'))).to.deep.equal([[10, 1], [11, 2], [12, 3]]);
    expect(fault('"10,02","1"\n"11,02","2"\n"12,02","3"\n')).to.contain('decimal commas');
    const wide = (order: boolean): Uint8Array => {
      const text = '\uFEFF10 1\n11 2\n12 3\n';
      const view = new DataView(new ArrayBuffer(2 * text.length));
      for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), order);
      return new Uint8Array(view.buffer);
    };
    for (const order of [true, false]) expect(rows(readAny(wide(order)))).to.deep.equal([[10, 1], [11, 2], [12, 3]]);
  });

  it('repairs nothing in a sound file', () => {
    const repairs: string[] = [];
    read(even(60, () => true), 'xy', repairs);
    expect(repairs).to.deep.equal([]);
  });
});
