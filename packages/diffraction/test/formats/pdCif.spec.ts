import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { writePdCif } from '@braggscape/diffraction';
import { errorOf, fault, read, recognisers, rows } from './kit.js';

const list = (tags: readonly string[], data: readonly (readonly (string | number)[])[]): string =>
  `loop_\n${tags.map((tag) => `  ${tag}`).join('\n')}\n${data.map((row) => row.join('  ')).join('\n')}\n`;

const angles = [10, 10.1, 10.2, 10.3];
const counts = [100, 400, 225, 64];
const plain = list(['_pd_meas_2theta_scan', '_pd_meas_counts_total'], angles.map((angle, i) => [angle, counts[i]]));
/** A profile with a column of weights. */
const weighted = (weight: (y: number) => number, values = counts): string =>
  `data_a\n${list(['_pd_proc_2theta_corrected', '_pd_proc_intensity_net', '_pd_proc_ls_weight'], angles.map((angle, i) => [angle, values[i], weight(values[i])]))}`;

describe('powder CIF', () => {
  it('reads angles and counts of the measured list, not of the calculated column', () => {
    const text = `data_a\n${list(['_pd_proc_point_id', '_pd_proc_2theta_corrected', '_pd_calc_intensity_net', '_pd_proc_intensity_net'], angles.map((angle, i) => [i + 1, angle, 7, counts[i]]))}`;
    expect(recognisers(text)).to.deep.equal(['pdcif']);
    expect(rows(read(text))).to.deep.equal(angles.map((angle, i) => [angle, counts[i]]));
    expect(rows(read(`data_a\n${plain.replaceAll('_pd_meas_', '_pd_meas.')}`))).to.deep.equal(angles.map((angle, i) => [angle, counts[i]]));
  });

  it('reads values that stand on other lines than their keys', () => {
    expect(read(`data_a\n_diffrn_radiation_type\n'Cu K\\a'\n_diffrn_radiation_wavelength\n1.5418\n${plain}`)).to.include({ wavelength: 1.5418, radiation: 'x-ray' });
  });

  it('takes columns of placeholders as absent, and leaves out points without intensity', () => {
    const tags = ['_pd_proc_2theta_corrected', '_pd_proc_d_spacing', '_pd_proc_energy_incident', '_pd_meas_2theta_scan', '_pd_proc_intensity_net'];
    expect(rows(read(`data_a\n${list(tags, angles.map((angle, i) => ['.', '.', '?', angle, counts[i]]))}`))).to.deep.equal(angles.map((angle, i) => [angle, counts[i]]));
    expect(rows(read(`data_a\n${list(tags.slice(3), angles.map((angle, i) => [angle, i === 1 ? '.' : counts[i]]))}`))).to.deep.equal([[10, 100], [10.2, 225], [10.3, 64]]);
  });

  it('makes angles from a range and an increment, which may be rounded or stand in another block', () => {
    const intensities = list(['_pd_meas_counts_total'], counts.map((count) => [count]));
    const range = (kind: string, min: number, max: number, increment: string): string => `_pd_${kind}_2theta_range_min ${min}\n_pd_${kind}_2theta_range_max\n ${max}\n_pd_${kind}_2theta_range_inc ${increment}\n`;
    expect([...read(`data_a\n${range('meas', 10, 10.3, '0.1')}${intensities}`).twoTheta]).to.deep.equal(angles);
    expect([...read(`data_a\n${range('meas', 10, 10.05, '0.017')}${intensities}`).twoTheta].at(-1)).to.equal(10.05);
    expect([...read(`data_a\n_pd_block_id p\n${intensities}\ndata_b\n_pd_block_diffractogram_id p\n${range('meas', 10, 10.3, '0.1')}`).twoTheta]).to.deep.equal(angles);
    expect(fault(`data_a\n${range('meas', 10, 11, '0.1')}${intensities}`)).to.contain('4 points, but _pd_meas_2theta_range (10 to 11 by 0.1) has 11');
  });

  it('prefers the corrected range to the measured one, if both fit', () => {
    const intensities = list(['_pd_meas_counts_total'], counts.map((count) => [count]));
    const range = (kind: string, min: number, max: number): string => `_pd_${kind}_2theta_range_min ${min}\n_pd_${kind}_2theta_range_max ${max}\n_pd_${kind}_2theta_range_inc 0.1\n`;
    expect(read(`data_a\n${range('meas', 10.073, 10.373)}${range('proc', 10, 10.3)}${intensities}`).twoTheta[0]).to.equal(10);
    expect(read(`data_a\n${range('meas', 10.073, 10.373)}${range('proc', 10, 11)}${intensities}`).twoTheta[0]).to.equal(10.073);
  });

  it('takes weights as 1/σ², and as σ where they are that', () => {
    const sigma = (text: string): number[] => [...(read(text).sigma ?? [])].map((value) => Number(value.toPrecision(6)));
    expect(sigma(weighted((y) => 1 / y))).to.deep.equal([10, 20, 15, 8]);
    expect(sigma(weighted((y) => Math.sqrt(y)))).to.deep.equal([10, 20, 15, 8]);
    // √ of the calculated intensity, and a background that hardly changes.
    expect(sigma(weighted((y) => Math.round(Math.sqrt(y + 9) * 100) / 100))[0]).to.equal(10.44);
    expect(sigma(weighted((y) => Math.sqrt(y), [400, 400, 400, 401]))[0]).to.equal(20);
    expect(sigma(weighted((y) => 1 / y, [400, 400, 400, 401]))[0]).to.equal(20);
    expect(read(weighted(() => 1)).sigma).to.equal(undefined);
    expect(sigma(weighted((y) => (y === 64 ? 0 : 1 / y)))).to.deep.equal([10, 20, 15, 8]);
  });

  it('reads uncertainties in brackets, exponents, and the column of the newer dictionary', () => {
    const values = ['327(18)', '2.20E+02(15)', '1.2(3)E3', '64(8)'];
    const text = `data_a\n${list(['_pd_meas_2theta_scan', '_pd_meas_intensity_total'], angles.map((angle, i) => [angle, values[i]]))}`;
    expect(rows(read(text))).to.deep.equal([[10, 327, 18], [10.1, 220, 15], [10.2, 1200, 300], [10.3, 64, 8]]);
    const column = `data_a\n${list(['_pd_meas_2theta_scan', '_pd_meas_intensity_total', '_pd_meas_intensity_total_su'], angles.map((angle, i) => [angle, counts[i], i + 1]))}`;
    expect([...(read(column).sigma ?? [])]).to.deep.equal([1, 2, 3, 4]);
  });

  it('never reads simulated blocks', () => {
    const simulated = `data_a_simulated_1.5418\n_diffrn_radiation_wavelength 9\n${plain}`;
    expect(read(`data_a\n_diffrn_radiation_wavelength 1.5418\n${plain}\n${simulated}`)).to.include({ wavelength: 1.5418 });
    expect(read(`data_a\n${plain}\n${simulated}`).wavelength).to.equal(undefined);
    expect(fault(simulated, 'a.cif')).to.contain('no block of the file holds a measured profile');
    expect(fault(`data_a\n${plain.replaceAll('_pd_meas_counts_total', '_pd_calc_intensity_total')}`, 'a.cif')).to.contain('calculated ones are not data');
  });

  it('reads one wavelength, or a loop with or without weights', () => {
    const loop = (tags: readonly string[], data: readonly (readonly (string | number)[])[]) => read(`data_a\n${list(tags, data)}\n${plain}`);
    const doublet = [{ wavelength: 1.54056, weight: 1 }, { wavelength: 1.54439, weight: 0.5 }];
    const types = ['_diffrn_radiation_type', '_diffrn_radiation_wavelength'];
    expect(loop(types, [['CuK\\a~1~', 1.54056], ['CuK\\a~2~', 1.54439]])).to.deep.include({ wavelength: 1.54056, spectrum: doublet });
    expect(loop(['_diffrn_radiation_wavelength', '_diffrn_radiation_wavelength_wt'], [[1.54439, 0.5], [1.54056, 1]])).to.deep.include({ wavelength: 1.54056, spectrum: doublet });
    expect(loop(types, [['a', 1.2], ['b', 2.4]])).to.include({ wavelength: 1.2 }).and.not.have.property('spectrum');
    expect(read(`data_a\n_diffrn_radiation_wavelength 0.49935(2)\n_diffrn_radiation_probe neutron\n${plain}`)).to.include({ wavelength: 0.49935, radiation: 'neutron' });
    expect(read(`data_a\n_diffrn_radiation_wavelength ?\n_pd_proc_wavelength ?\n${plain}`).wavelength).to.equal(undefined);
  });

  it('takes the wavelength from the block that belongs to the profile', () => {
    const blocks = (id: string): string => `data_p\n_pd_block_id one\n${plain}\ndata_x\n_pd_block_diffractogram_id other\n_diffrn_radiation_wavelength 9\ndata_y\n_pd_block_diffractogram_id ${id}\n_diffrn_radiation_wavelength 0.5\n`;
    expect(read(blocks('one')).wavelength).to.equal(0.5);
    expect(read(blocks('two')).wavelength).to.equal(undefined);
    expect(fault(`data_p\n${plain}\ndata_x\n_diffrn_radiation_wavelength 1\ndata_y\n_diffrn_radiation_wavelength 2\n`)).to.contain('scan:12').and.contain('wavelength 2');
  });

  it('asks which of several profiles, or takes the first and says so', () => {
    const text = `data_a\n${plain}\ndata_b\n${plain}`;
    expect(fault(text)).to.contain('"a", "b"');
    const repairs: string[] = [];
    expect(read(text, 'scan', repairs).twoTheta).to.have.length(4);
    expect(repairs[0]).to.contain('"a"');
  });

  it('names text, other axes and descending angles, with the line', () => {
    expect(fault(`data_a\n${plain.replace('400', 'many')}`, 'a.cif')).to.contain('a.cif:6').and.contain('"many"');
    expect(fault(`data_a\n${plain.replaceAll('_pd_meas_2theta_scan', '_pd_meas_time_of_flight')}`)).to.contain('_pd_meas_time_of_flight');
    expect(errorOf(`data_a\n${plain.replace('10.2', '9')}`, 'a.cif').path).to.equal('a.cif:7');
    expect(fault(`data_a\n${plain} 7`, 'a.cif')).to.contain('multiple');
    const repairs: string[] = [];
    read(`data_a\n${list(['_pd_meas_2theta_scan', '_pd_meas_counts_total'], [[3, 1], [2, 2], [1, 'nan'], [0.5, 3]])}`, 'scan', repairs);
    expect(repairs).to.have.length(2);
  });

  it('writes calculated and background columns beside the measured one', () => {
    const text = writePdCif({ twoTheta: Float64Array.from(angles), intensity: Float64Array.from(counts) }, { name: 'my scan', calculated: [1, 2, 3, 4], background: [5, 6, 7, 8] });
    expect(text).to.match(/^data_my_scan\n/);
    expect(text).to.contain('_pd_calc_intensity_total').and.contain('_pd_proc_intensity_bkg_calc').and.contain('\n2 10.1 400 2 6\n');
    expect(rows(read(text))).to.deep.equal(angles.map((angle, i) => [angle, counts[i]]));
  });

  it('writes what other programs read', () => {
    // reference/diffraction/check_written_pattern.py reads the same file with gemmi and pymatgen.
    const pattern = {
      twoTheta: Float64Array.of(10, 10.02, 10.04),
      intensity: Float64Array.of(100, 1e-7, 225),
      sigma: Float64Array.of(10, 0.5, 15),
      wavelength: 1.54056,
      spectrum: [
        { wavelength: 1.54056, weight: 1 },
        { wavelength: 1.54439, weight: 0.5 },
      ],
      radiation: 'x-ray',
      excluded: [{ from: 10.5, to: 11 }],
    } as const;
    const text = writePdCif(pattern, { name: 'my scan', calculated: [98.5, 12, 220], background: [5, 5, 5.5] });
    expect(text).to.equal(readFileSync(new URL('../../../../reference/diffraction/written_pattern.cif', import.meta.url), 'utf8'));
    expect(read(text)).to.deep.equal(pattern);
  });
});
