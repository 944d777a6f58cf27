import { expect } from 'chai';
import { strToU8, zipSync } from 'fflate';
import { fault, read, recognisers, rows } from './kit.js';

const header = (more: Record<string, string> = {}): string => {
  const keys = { MEAS_SCAN_AXIS_X: 'TwoThetaTheta', MEAS_SCAN_UNIT_Y: 'counts', HW_XG_WAVE_LENGTH_ALPHA1: '1.540593', HW_XG_WAVE_LENGTH_ALPHA2: '1.544414', MEAS_COND_XG_WAVE_TYPE: 'Ka', ...more };
  return `*RAS_HEADER_START\r\n${Object.entries(keys).map(([key, value]) => `*${key} "${value}"\r\n`).join('')}*RAS_HEADER_END\r\n`;
};
const ras = (data: string, more?: Record<string, string>): string => `*RAS_DATA_START\r\n${header(more)}*RAS_INT_START\r\n${data}*RAS_INT_END\r\n*RAS_DATA_END\r\n`;

describe('Rigaku text (.ras)', () => {
  it('reads angle, intensity and the radiation', () => {
    const text = ras('10.00 50 1.0\r\n10.01 60 1.0\r\n10.02 55 1.0\r\n');
    const pattern = read(text);
    expect(recognisers(text)).to.deep.equal(['ras']);
    expect(rows(pattern)).to.deep.equal([[10, 50], [10.01, 60], [10.02, 55]]);
    expect(pattern.wavelength).to.equal(1.540593);
    expect(pattern.spectrum).to.deep.equal([{ wavelength: 1.540593, weight: 1 }, { wavelength: 1.544414, weight: 0.5 }]);
    expect(read(ras('10 5 1\n11 6 1\n12 5 1\n', { MEAS_COND_XG_WAVE_TYPE: 'Ka1' })).spectrum).to.equal(undefined);
  });

  it('multiplies by the attenuator correction, with σ from what was counted', () => {
    expect(rows(read(ras('10 100 1\n11 400 10\n12 100 1\n')))).to.deep.equal([[10, 100, 10], [11, 4000, 200], [12, 100, 10]]);
    expect(rows(read(ras('10 100 1\n11 400 10\n12 100 1\n', { MEAS_SCAN_UNIT_Y: 'cps' })))).to.deep.equal([[10, 100], [11, 4000], [12, 100]]);
  });

  it('names other axes, lost rows, text and a cut file', () => {
    expect(fault(ras('1 5 1\n2 6 1\n3 5 1\n', { MEAS_SCAN_AXIS_X: 'Omega' }))).to.contain('Omega');
    expect(fault(ras('1 5 1\n2 6 1\n3 5 1\n', { MEAS_DATA_COUNT: '4' }))).to.contain('4 points but there are 3');
    expect(fault(ras('1 5 1\n2 six 1\n3 5 1\n'))).to.contain('scan:11').and.contain('six');
    expect(fault(ras('1 5 1\n2 6 1\n3 5 1\n').replace('*RAS_INT_END', ''))).to.contain('never end');
    const repairs: string[] = [];
    expect(read(ras('1 5 1\n2 six 1\n3 5 1\n4 6 1\n', { MEAS_DATA_COUNT: '4' }), 'scan', repairs).twoTheta).to.have.length(3);
    expect(repairs.join()).to.contain('line 12');
  });
});

describe('Rigaku archive (.rasx)', () => {
  const conditions =
    '<?xml version="1.0" encoding="utf-8"?><MeasurementConditions><HWConfigurations><XrayGenerator><WaveType>Ka</WaveType><WavelengthKalpha1>1.540593</WavelengthKalpha1>' +
    '<WavelengthKalpha2>1.544414</WavelengthKalpha2></XrayGenerator></HWConfigurations><ScanInformation><AxisName>TwoThetaTheta</AxisName><IntensityUnit>counts</IntensityUnit></ScanInformation></MeasurementConditions>';
  const archive = (profile: string, xml = conditions): Uint8Array =>
    zipSync({ 'root.xml': strToU8('<Root/>'), 'Data0/Profile0.txt': strToU8(profile), 'Data0/MesurementConditions0.xml': strToU8(xml) });

  it('reads the profile and its conditions', () => {
    const bytes = archive('\uFEFF10\t50\t1\n10.5\t60\t1\n11\t55\t1\n');
    const pattern = read(bytes);
    expect(recognisers(bytes)).to.deep.equal(['rasx']);
    expect(rows(pattern)).to.deep.equal([[10, 50], [10.5, 60], [11, 55]]);
    expect(pattern.spectrum).to.have.length(2);
  });

  it('names the file within the archive and its line', () => {
    expect(fault(archive('10\t50\t1\n10.5\tsix\t1\n'), 'a.rasx')).to.contain('a.rasx/Data0/Profile0.txt:2');
    expect(fault(archive('10\t5\t1\n11\t6\t1\n10.5\t5\t1\n'), 'a.rasx')).to.contain('a.rasx/Data0/Profile0.txt:3');
    expect(fault(archive('10\t5\t1\n11\t6\t1\n12\t5\t1\n', conditions.replace('TwoThetaTheta', 'Phi')))).to.contain('Phi');
    expect(fault(archive('10\t5\t1\n11\t6\t1\n12\t5\t1\n', conditions.slice(0, 80)))).to.contain('XML');
    expect(fault(zipSync({ 'Data0/Image0.bin': new Uint8Array(4) }), 'a.rasx')).to.contain('Profile');
    expect(fault(archive('10\t5\t1\n').subarray(0, 60), 'a.rasx')).to.contain('unpacked');
  });
});
