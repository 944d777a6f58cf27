import { expect } from 'chai';
import { fault, read, recognisers, rows } from './kit.js';

/** Fields of a fixed width. */
const field = (width: number) => (value: number | string): string => String(value).padStart(width);

describe('GSAS data', () => {
  it('reads STD: ten of I2,F6.0 on a line, centidegrees, σ² = counts per counter', () => {
    const counts = Array.from({ length: 12 }, (_, i) => 100 + i);
    const line = (values: readonly number[]): string => values.map((value) => `  ${field(6)(value)}`).join('').padEnd(80);
    const text = `a title\nBANK 1 12 2 CONS 1000.00 2.00 0 0 STD\n${line(counts.slice(0, 10))}\n 4   110 2   111                                                                \n`;
    const pattern = read(text);
    expect(recognisers(text)).to.deep.equal(['gsas']);
    expect([...pattern.intensity]).to.deep.equal(counts);
    expect(pattern.twoTheta[0]).to.equal(10);
    expect(pattern.twoTheta[11]).to.equal(10.22);
    expect(pattern.sigma?.[0]).to.equal(10);
    expect(pattern.sigma?.[10]).to.equal(Math.sqrt(110 / 4));
    expect(pattern.sigma?.[11]).to.equal(Math.sqrt(111 / 2));
  });

  it('reads ESD: five of F8,F8 on a line', () => {
    const data = [[10.5, 1], [20, 2], [30, 3], [25, 2.5], [15, 1.5], [12, 1.2]];
    const cells = data.map((pair) => pair.map(field(8)).join(''));
    const text = `t\nBANK 1 6 2 CONS 2000.0 5.0 0.0 0.0 ESD\n${cells.slice(0, 5).join('')}\n${cells[5]}\n`;
    expect(rows(read(text))).to.deep.equal(data.map(([y, sigma], i) => [Number((20 + 0.05 * i).toFixed(2)), y, sigma]));
  });

  it('reads FXYE and FXY', () => {
    const text = 't\n# comment\nBANK 1 3 3 CONS 1000.0 2.0 0 0 FXYE\n1000.0 5 0.5\n1002.0 7 0.6\n1004.0 6 0.7\n';
    expect(rows(read(text, 'scan.xye'))).to.deep.equal([[10, 5, 0.5], [10.02, 7, 0.6], [10.04, 6, 0.7]]);
    expect(rows(read('t\nBANK 1 3 3 CONS 1000.0 2.0 0 0 FXY\n1000.0 5\n1002.0 7\n1004.0 6\n'))).to.deep.equal([[10, 5], [10.02, 7], [10.04, 6]]);
  });

  it('reads ALT: four of F8,F7.4,F5.4 on a line, angles in 1/32 centidegrees, decimals implied', () => {
    const cells = [[32000, 50000, 5000], [32064, 70000, 6000], [32128, '6.5000', '.7000']].map(([x, y, sigma]) => field(8)(x) + field(7)(y) + field(5)(sigma));
    expect(rows(read(`t\nBANK 1 3 1 CONS 1000.0 2.0 0 0 ALT\n${cells.join('')}\n`))).to.deep.equal([[10, 5, 0.5], [10.02, 7, 0.6], [10.04, 6.5, 0.7]]);
  });

  it('joins banks that follow one another, and refuses others', () => {
    const bank = (n: number, start: number): string => `BANK ${n} 3 3 CONS ${start} 2.0 0 0 FXYE\n${[0, 2, 4].map((step) => `${start + step} 5 1\n`).join('')}`;
    expect([...read(`t\n${bank(1, 1000)}${bank(2, 2000)}`).twoTheta]).to.deep.equal([10, 10.02, 10.04, 20, 20.02, 20.04]);
    expect(fault(`t\n${bank(1, 1000)}${bank(2, 1000)}`)).to.contain('BANK 2').and.contain('overlaps');
  });

  it('names time-of-flight data, lost records, shifted columns and degrees', () => {
    expect(fault('t\nBANK 1 3 3 SLOG 1000.0 2.0 0 0 FXYE\n1 1 1\n2 1 1\n3 1 1\n', 'a.gsa')).to.contain('a.gsa:2').and.contain('SLOG');
    expect(fault('t\nBANK 1 9 3 CONS 1000.0 2.0 0 0 FXYE\n1000 1 1\n1002 1 1\n1004 1 1\n')).to.contain('9 points but has 3');
    expect(fault('t\nBANK 1 3 3 CONS 1000.0 2.0 0 0 FXYE\n1000 1 1\n1002 x 1\n1004 1 1\n')).to.contain('scan:4').and.contain('"x"');
    expect(fault('t\nBANK 1 3 3 CONS 1000.0 2.0 0 0 FXYE\n10.00 1 1\n10.02 1 1\n10.04 1 1\n')).to.contain('centidegrees');
    expect(fault('t\nBANK 1 3 1 CONS 1000.0 2.0 0 0 STD\n a  100     110     120\n')).to.contain('scan:3');
    expect(fault('t\nBANK 1 3 3 CONS x 2.0 0 0 FXYE\n1000 1 1\n')).to.contain('scan:2');
  });
});
