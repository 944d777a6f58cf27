import { expect } from 'chai';
import { strToU8, zipSync } from 'fflate';
import { fault, read, recognisers, rows } from './kit.js';

/** Bytes with texts and numbers at offsets, little-endian. */
const bytesOf = (length: number, fill: (view: DataView, text: (at: number, value: string) => void) => void): Uint8Array => {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer), (at, value) => bytes.set(strToU8(value), at));
  return bytes;
};
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** A file of version 1.01 with ranges of start, step and counts. */
const raw1 = (ranges: readonly { start: number; step: number; counts: readonly number[]; type?: number; seconds?: number; angles?: boolean; extra?: number }[]): Uint8Array => {
  const header = bytesOf(712, (view, text) => {
    text(0, 'RAW1.01');
    view.setUint32(12, ranges.length, true);
    view.setFloat64(624, 1.5406, true);
    view.setFloat64(632, 1.54439, true);
    view.setFloat64(648, 0.5, true);
  });
  const blocks = ranges.map(({ start, step, counts, type = 0, seconds = 1, angles = false, extra = 0 }) =>
    bytesOf(304 + extra + counts.length * (angles ? 12 : 4), (view) => {
      view.setUint32(0, 304, true);
      view.setUint32(4, counts.length, true);
      view.setFloat64(8, start / 2, true);
      view.setFloat64(16, start, true);
      view.setFloat64(176, step, true);
      view.setFloat32(192, seconds, true);
      view.setUint32(196, type, true);
      view.setUint32(248, angles ? 1 : 0, true);
      view.setUint32(252, angles ? 12 : 4, true);
      view.setUint32(256, extra, true);
      counts.forEach((count, i) => {
        view.setFloat32(304 + extra + i * (angles ? 12 : 4), count, true);
        if (angles) view.setFloat64(304 + extra + i * 12 + 4, start + i * step + 0.001, true);
      });
    }),
  );
  return joined(header, ...blocks);
};

/** A record of version 4.00: kind, length, rest. */
const record = (kind: number, length: number, fill: (view: DataView, text: (at: number, value: string) => void) => void): Uint8Array =>
  bytesOf(length, (view, text) => {
    view.setUint32(0, kind, true);
    view.setUint32(4, length, true);
    fill(view, text);
  });

const raw4 = (scan: { start: number; step: number; counts: readonly number[]; type?: string; drive?: string; size?: number }): Uint8Array => {
  const { start, step, counts, type = 'Locked Coupled', drive = '2Theta', size = 4 } = scan;
  const source = record(30, 120, (view) => {
    view.setFloat64(80, 1.5406, true);
    view.setFloat64(88, 1.54439, true);
    view.setFloat64(104, 0.5, true);
  });
  const drives = joined(
    ...[['Theta', start / 2, 0], [drive, start, 1]].map(([name, position, flag]) =>
      record(50, 64, (view, text) => {
        view.setUint32(8, flag as number, true);
        text(12, name as string);
        view.setFloat64(56, position as number, true);
      }),
    ),
  );
  const range = bytesOf(160, (view, text) => {
    text(32, type);
    view.setFloat64(72, start, true);
    view.setFloat64(80, step, true);
    view.setUint32(88, counts.length, true);
    view.setFloat32(92, 500, true);
    view.setUint32(136, size, true);
    view.setUint32(140, drives.length, true);
  });
  const data = bytesOf(counts.length * size, (view) => counts.forEach((count, i) => view.setFloat32(i * size, count, true)));
  return joined(bytesOf(61, (_, text) => text(0, 'RAW4.00')), record(10, 48, (_, text) => text(12, 'SAMPLEID')), source, range, drives, data);
};

const doublet = [{ wavelength: 1.5406, weight: 1 }, { wavelength: 1.54439, weight: 0.5 }];

describe('Bruker RAW1.01', () => {
  it('reads 2θ, which stands behind θ, counts and the tube', () => {
    const bytes = raw1([{ start: 20, step: 0.02, counts: [5, 7, 6], extra: 40 }]);
    const pattern = read(bytes);
    expect(recognisers(bytes)).to.deep.equal(['bruker-raw']);
    expect(rows(pattern)).to.deep.equal([[20, 5], [20.02, 7], [20.04, 6]]);
    expect(pattern.wavelength).to.equal(1.5406);
    expect(pattern.spectrum).to.deep.equal(doublet);
  });

  it('reads measured angles, and joins ranges of other counting times', () => {
    expect([...read(raw1([{ start: 20, step: 0.5, counts: [5, 7, 6], angles: true }])).twoTheta]).to.deep.equal([20.001, 20.501, 21.001]);
    const pattern = read(raw1([{ start: 20, step: 1, counts: [4, 9, 16] }, { start: 30, step: 1, counts: [36, 64, 16], seconds: 2 }]));
    expect(rows(pattern)[4]).to.deep.equal([31, 32, 4]);
  });

  it('names rocking curves, cut files and contradictions', () => {
    expect(fault(raw1([{ start: 20, step: 0.02, counts: [5, 7, 6], type: 3 }]))).to.contain('type 3');
    expect(fault(raw1([{ start: 20, step: 0.02, counts: [5, 7, 6] }]).subarray(0, 1020), 'a.raw')).to.contain('cut off');
    expect(fault(raw1([{ start: 20, step: 0, counts: [5, 7, 6] }]))).to.contain('step of 0');
  });
});

describe('Bruker RAW4.00', () => {
  it('reads points of one or two numbers', () => {
    for (const size of [4, 8]) {
      const pattern = read(raw4({ start: 15, step: 0.5, counts: [3, 5, 4], size }));
      expect(rows(pattern)).to.deep.equal([[15, 3], [15.5, 5], [16, 4]]);
      expect(pattern.spectrum).to.deep.equal(doublet);
    }
  });

  it('names scans of other drives, and cut files', () => {
    expect(fault(raw4({ start: 15, step: 0.5, counts: [3, 5, 4], drive: 'Phi', type: 'Phi Scan' }))).to.contain('Phi');
    expect(fault(raw4({ start: 15, step: 0.5, counts: [3, 5, 4] }).subarray(0, 420))).to.contain('cut off');
  });
});

describe('other Bruker raw files', () => {
  it('are named by version, with the remedy', () => {
    for (const [magic, version] of [['RAW2', 'RAW2'], ['RAW ', 'RAW'], ['RAW5.00', 'RAW5.00']]) {
      expect(fault(bytesOf(100, (_, text) => text(0, magic)))).to.contain(`"${version}"`).and.contain('.uxd');
    }
  });
});

describe('Bruker .brml', () => {
  const route = (rowsOfData: string, views = true, flag = 'Measured'): string =>
    `<DataRoute RouteFlag="${flag}"><ScanInformation ScanName="s"><TimePerStep>1</TimePerStep><ScanAxes><ScanAxisInfo AxisId="TwoTheta"/><ScanAxisInfo AxisId="Theta"/></ScanAxes></ScanInformation>\n${rowsOfData}\n` +
    (views
      ? '<DataViews><RawDataView Start="0" Length="1" xsi:type="FixedRawDataView" LogicName="MeasuredTime"/><RawDataView Start="2" Length="2" xsi:type="VaryingRawDataView"><Varying><FieldDefinitions AxisId="Theta"/><FieldDefinitions AxisId="TwoTheta"/></Varying></RawDataView>' +
        '<RawDataView Start="4" Length="1" xsi:type="RecordedRawDataView"/></DataViews>'
      : '') +
    '</DataRoute>';
  const archive = (...routes: readonly string[]): Uint8Array =>
    zipSync({
      'Experiment0/DataContainer.xml': strToU8('<DataContainer/>'),
      'Experiment0/RawData0.xml': strToU8(
        `<?xml version="1.0"?>\n<RawData xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><FixedInformation><WaveLengthAlpha1 Unit="A" Value="1.5406"/><WaveLengthAlpha2 Value="1.54439"/><WaveLengthRatio Value="0.5"/></FixedInformation>\n<DataRoutes>${routes.join('\n')}</DataRoutes></RawData>`,
      ),
    });

  it('reads the columns that the views name', () => {
    const bytes = archive(route('<Datum>1,1,5,10,100</Datum><Datum>1,1,5.1,10.2,120</Datum><Datum>1,1,5.2,10.4,90</Datum>'));
    const pattern = read(bytes);
    expect(recognisers(bytes)).to.deep.equal(['brml']);
    expect(rows(pattern)).to.deep.equal([[10, 100], [10.2, 120], [10.4, 90]]);
    expect(pattern.spectrum).to.deep.equal(doublet);
  });

  it('reads files without views, and the measured route of several', () => {
    const data = '<Datum>1,1,10,5,100</Datum><Datum>1,1,10.2,5.1,120</Datum><Datum>1,1,10.4,5.2,90</Datum>';
    expect(rows(read(archive(route(data, false))))).to.deep.equal([[10, 100], [10.2, 120], [10.4, 90]]);
    expect(rows(read(archive(route(data, false), route('<Datum>x</Datum>', false, 'Final'))))).to.have.length(3);
  });

  it('names damaged rows, frames and other axes', () => {
    expect(fault(archive(route('<Datum>1,1,5,10,100</Datum>\n<Datum>1,1,5,ten,100</Datum>')), 'a.brml')).to.contain('RawData0.xml:5').and.contain('ten');
    const frames = archive(route('<Datum>1</Datum>').replace('Start="4" Length="1"', 'Start="4" Length="900"'));
    expect(fault(frames)).to.contain('area detector');
    expect(fault(archive(route('<Datum>1</Datum>').replaceAll('TwoTheta', 'Phi')))).to.contain('2θ');
    expect(fault(zipSync({ 'a.txt': strToU8('x') }), 'a.brml')).to.contain('RawData0.xml');
  });
});
