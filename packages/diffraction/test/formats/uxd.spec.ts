import { expect } from 'chai';
import { fault, read, recognisers, rows } from './kit.js';

const head = "; a comment\n_FILEVERSION=2\n_SAMPLE='quartz'\n_WL1=1.540600\n_WL2=1.544390\n_WLRATIO=0.500000\n_DRIVE='COUPLED'\n";

describe('UXD', () => {
  it('reads counts on an axis of start and step', () => {
    const text = `${head}_STEPTIME=1.0\n_STEPSIZE=0.02\n_START=10.0\n_COUNTS\n  12  13 15\n 14\n`;
    const pattern = read(text);
    expect(recognisers(text)).to.deep.equal(['uxd']);
    expect(rows(pattern)).to.deep.equal([[10, 12], [10.02, 13], [10.04, 15], [10.06, 14]]);
    expect(pattern).to.include({ wavelength: 1.5406, radiation: 'x-ray' });
    expect(pattern.spectrum).to.deep.equal([{ wavelength: 1.5406, weight: 1 }, { wavelength: 1.54439, weight: 0.5 }]);
  });

  it('reads pairs of angle and counts', () => {
    expect(rows(read(`${head}_2THETACOUNTS\n10.0 5\n10.1 6\n10.2 7\n`))).to.deep.equal([[10, 5], [10.1, 6], [10.2, 7]]);
  });

  it('joins ranges and brings them to one counting time', () => {
    const range = (start: number, seconds: number, counts: string): string => `_STEPTIME=${seconds}\n_STEPSIZE=1\n_START=${start}\n_COUNTS\n${counts}\n`;
    const pattern = read(`${head}${range(10, 1, '4 9 16')}${range(20, 4, '400 100 64')}`);
    expect(rows(pattern)).to.deep.equal([[10, 4, 2], [11, 9, 3], [12, 16, 4], [20, 100, 5], [21, 25, 2.5], [22, 16, 2]]);
    expect(rows(read(`${head}${range(10, 1, '4 9 16')}${range(20, 1, '400 100 64')}`))[3]).to.deep.equal([20, 400]);
  });

  it('names other drives, missing steps, text and repeated scans', () => {
    expect(fault(`${head.replace('COUPLED', 'PHI')}_STEPSIZE=1\n_START=1\n_COUNTS\n1 2 3\n`)).to.contain('PHI');
    expect(fault(`${head}_COUNTS\n1 2 3\n`)).to.contain('_STEPSIZE');
    expect(fault(`${head}_STEPSIZE=1\n_START=1\n_COUNTS\n1 two 3\n`)).to.contain('scan:11').and.contain('two');
    const scan = '_STEPSIZE=1\n_START=1\n_COUNTS\n1 2 3\n';
    expect(fault(`${head}${scan}${scan}`)).to.contain('range 2').and.contain('overlaps');
    const repairs: string[] = [];
    expect(read(`${head}${scan}${scan}`, 'scan', repairs).twoTheta).to.have.length(3);
    expect(repairs).to.have.length(1);
  });
});
