import { expect } from 'chai';
import { fault, read, recognisers, rows } from './kit.js';

interface ScanOptions {
  readonly axis?: string;
  readonly positions?: string;
  readonly values?: string;
  readonly more?: string;
}

const scan = ({ axis = 'Gonio', positions = '<startPosition>10.0</startPosition><endPosition>10.4</endPosition>', values = '<counts unit="counts">100 120 90</counts>', more = '<commonCountingTime unit="seconds">2.0</commonCountingTime>' }: ScanOptions = {}): string =>
  `<scan appendNumber="0" mode="Continuous" scanAxis="${axis}" status="Completed">\n<dataPoints>\n<positions axis="2Theta" unit="deg">${positions}</positions>\n<positions axis="Omega" unit="deg"><startPosition>5</startPosition><endPosition>5.2</endPosition></positions>\n${more}\n${values}\n</dataPoints></scan>\n`;

const document = (scans: string, used = '<usedWavelength intended="K-Alpha 1"><kAlpha1 unit="Angstrom">1.5405980</kAlpha1><kAlpha2 unit="Angstrom">1.5444260</kAlpha2><kBeta unit="Angstrom">1.3922500</kBeta><ratioKAlpha2KAlpha1>0.5000</ratioKAlpha2KAlpha1></usedWavelength>'): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<xrdMeasurements xmlns="http://www.xrdml.com/XRDMeasurement/2.1" status="Completed">\n<xrdMeasurement measurementType="Scan">${used}\n${scans}</xrdMeasurement></xrdMeasurements>\n`;

describe('XRDML', () => {
  it('reads counts between start and end, and the doublet', () => {
    const text = document(scan());
    const pattern = read(text);
    expect(recognisers(text)).to.deep.equal(['xrdml']);
    expect(rows(pattern)).to.deep.equal([[10, 100], [10.2, 120], [10.4, 90]]);
    expect(pattern).to.include({ wavelength: 1.540598, radiation: 'x-ray' });
    expect(pattern.spectrum).to.deep.equal([{ wavelength: 1.540598, weight: 1 }, { wavelength: 1.544426, weight: 0.5 }]);
  });

  it('reads listed positions and a wavelength without Kα₂', () => {
    const pattern = read(document(scan({ positions: '<listPositions>10 10.1 10.3</listPositions>' }), '<usedWavelength><kAlpha1>1.5405980</kAlpha1><ratioKAlpha2KAlpha1>0</ratioKAlpha2KAlpha1></usedWavelength>'));
    expect([...pattern.twoTheta]).to.deep.equal([10, 10.1, 10.3]);
    expect(pattern.wavelength).to.equal(1.540598);
    expect(pattern.spectrum).to.equal(undefined);
  });

  it('applies attenuation factors to counts, not to intensities, which have them; σ is that of what was counted', () => {
    const factors = '<beamAttenuationFactors>1 100 1</beamAttenuationFactors>';
    expect(rows(read(document(scan({ values: `${factors}<counts>100 400 81</counts>` }))))).to.deep.equal([[10, 100, 10], [10.2, 40000, 2000], [10.4, 81, 9]]);
    expect(rows(read(document(scan({ values: `${factors}<intensities>100 40000 81</intensities>` }))))).to.deep.equal([[10, 100, 10], [10.2, 40000, 2000], [10.4, 81, 9]]);
    expect(rows(read(document(scan({ values: '<commonBeamAttenuationFactor>1.00</commonBeamAttenuationFactor><counts>100 400 81</counts>' }))))[1]).to.deep.equal([10.2, 400]);
  });

  it('joins scans that follow one another and reports others', () => {
    const second = scan({ positions: '<startPosition>20</startPosition><endPosition>20.4</endPosition>', more: '<commonCountingTime>4</commonCountingTime>' });
    expect(rows(read(document(scan() + second)))[3]).to.deep.equal([20, 50, 5]);
    expect(fault(document(scan() + scan()))).to.contain('scan 2').and.contain('overlaps');
    const repairs: string[] = [];
    expect(read(document(scan() + scan()), 'scan', repairs).twoTheta).to.have.length(3);
    expect(repairs[0]).to.contain('scan 1');
  });

  it('names what it cannot read, with the line', () => {
    expect(fault(document(scan({ positions: '<commonPosition>20</commonPosition>' })), 'a.xrdml')).to.match(/a\.xrdml:6.*does not move 2θ/);
    expect(fault(document(scan({ values: '<counts>1 two 3</counts>' })), 'a.xrdml')).to.match(/a\.xrdml:9.*"two"/);
    expect(fault(document(scan({ values: '' })), 'a.xrdml')).to.contain('no intensities');
    expect(fault(document(scan({ values: '<counts>1 2 3</counts><beamAttenuationFactors>1 2</beamAttenuationFactors>' })))).to.contain('2 attenuation factors');
    expect(fault(document(scan({ more: '<commonDivergenceCorrection>1.1</commonDivergenceCorrection>' })))).to.contain('divergence');
    expect(fault(document(scan({ more: '<countingTimes>1 2 1</countingTimes>' })))).to.contain('different times');
    expect(fault(document(scan()).slice(0, 600), 'a.xrdml')).to.contain('not valid XML');
    expect(fault(document(''), 'a.xrdml')).to.contain('no scan');
  });
});
