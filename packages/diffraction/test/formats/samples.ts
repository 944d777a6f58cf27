import { strToU8, zipSync } from 'fflate';

/** Small sound files by name, one of each format, to be damaged. */
export const samples: Readonly<Record<string, Uint8Array>> = {
  'a.xy': strToU8('# wavelength: 1.5406\n2theta,intensity,sigma\n10 1 1\n10.5 2.5 1\n11 3e1 2\n11.5 4 1\n'),
  'a.json': strToU8('{"twoTheta":[10,11,12],"intensity":[1,2,3],"sigma":[1,1,2],"wavelength":1.54,"excluded":[{"from":10,"to":11}]}'),
  'a.gsas': strToU8(`t\nBANK 1 4 1 CONS 1000.0 2.0 0 0 STD\n${[10, 20, 30, 15].map((count) => `  ${String(count).padStart(6)}`).join('')}\n`),
  'a.fxye': strToU8('t\nBANK 1 3 3 CONS 1000.0 2.0 0 0 FXYE\n1000.0 5 0.5\n1002.0 7 0.6\n1004.0 6 0.7\n'),
  'a.uxd': strToU8("_FILEVERSION=2\n_WL1=1.5406\n_DRIVE='COUPLED'\n_STEPTIME=1\n_STEPSIZE=0.1\n_START=10\n_COUNTS\n 5 6 7\n_START=20\n_COUNTS\n 8 9 9\n"),
  'a.ras': strToU8('*RAS_DATA_START\n*RAS_HEADER_START\n*MEAS_SCAN_AXIS_X "TwoTheta"\n*HW_XG_WAVE_LENGTH_ALPHA1 "1.54"\n*RAS_HEADER_END\n*RAS_INT_START\n10 5 1\n11 6 1\n12 7 2\n*RAS_INT_END\n*RAS_DATA_END\n'),
  'a.rasx': zipSync({
    'Data0/Profile0.txt': strToU8('10\t5\t1\n11\t6\t1\n12\t5\t1\n'),
    'Data0/MesurementConditions0.xml': strToU8('<MeasurementConditions><AxisName>TwoTheta</AxisName></MeasurementConditions>'),
  }),
  'a.xrdml': strToU8(
    '<?xml version="1.0"?><xrdMeasurements><xrdMeasurement><usedWavelength><kAlpha1>1.54</kAlpha1></usedWavelength><scan scanAxis="Gonio"><dataPoints><positions axis="2Theta"><startPosition>10</startPosition>' +
      '<endPosition>12</endPosition></positions><commonCountingTime>1</commonCountingTime><counts>1 2 3</counts></dataPoints></scan></xrdMeasurement></xrdMeasurements>',
  ),
  'a.brml': zipSync({
    'Experiment0/RawData0.xml': strToU8(
      '<RawData><DataRoute RouteFlag="Measured"><ScanAxisInfo AxisId="TwoTheta"/><Datum>1,1,10,5,3</Datum><Datum>1,1,11,5,4</Datum><Datum>1,1,12,5,3</Datum></DataRoute></RawData>',
    ),
  }),
  'a.raw': version1(),
  'b.raw': version4(),
  'a.cif': strToU8(
    'data_a\n_diffrn_radiation_wavelength 1.5418\nloop_\n_pd_meas_2theta_scan\n_pd_meas_counts_total\n_pd_proc_ls_weight\n10 100 0.01\n10.1 400 0.0025\n10.2 327(18) 0.003\n10.3 . 0\n10.4 50 0.02\n',
  ),
};

function version1(): Uint8Array {
  const bytes = new Uint8Array(712 + 304 + 12);
  const view = new DataView(bytes.buffer);
  bytes.set(strToU8('RAW1.01'));
  view.setUint32(12, 1, true);
  view.setUint32(712, 304, true);
  view.setUint32(716, 3, true);
  view.setFloat64(728, 20, true);
  view.setFloat64(888, 0.1, true);
  view.setUint32(964, 4, true);
  for (let i = 0; i < 3; i++) view.setFloat32(1016 + 4 * i, 5 + i, true);
  return bytes;
}

function version4(): Uint8Array {
  const bytes = new Uint8Array(61 + 160 + 12);
  const view = new DataView(bytes.buffer);
  bytes.set(strToU8('RAW4.00'));
  bytes.set(strToU8('Locked Coupled'), 61 + 32);
  view.setFloat64(61 + 72, 20, true);
  view.setFloat64(61 + 80, 0.1, true);
  view.setUint32(61 + 88, 3, true);
  view.setUint32(61 + 136, 4, true);
  for (let i = 0; i < 3; i++) view.setFloat32(61 + 160 + 4 * i, 5 + i, true);
  return bytes;
}
