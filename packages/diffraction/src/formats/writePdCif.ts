import type { Pattern } from '@braggscape/core';

/** What a powder CIF can say beside the measured profile. */
export interface PdCifOptions {
  /** Name of the block; characters that a name cannot have become underscores. */
  readonly name?: string;
  /** [m] calculated intensities, same unit as the measured ones. */
  readonly calculated?: ArrayLike<number>;
  /** [m] background within the calculated intensities. */
  readonly background?: ArrayLike<number>;
}

/** A pattern as a block of powder CIF: radiation, range and one list of points. Source: as the reader. */
export function writePdCif(pattern: Pattern, { name = 'pattern', calculated, background }: PdCifOptions = {}): string {
  const { twoTheta, intensity, sigma, wavelength, spectrum, radiation, excluded = [] } = pattern;
  const columns: readonly (readonly [string, ArrayLike<number> | undefined])[] = [
    ['_pd_meas_2theta_scan', twoTheta.map((angle) => Number(angle.toPrecision(12)))],
    ['_pd_meas_intensity_total', intensity],
    ['_pd_meas_intensity_total_su', sigma],
    ['_pd_calc_intensity_total', calculated],
    ['_pd_proc_intensity_bkg_calc', background],
  ];
  const given = columns.filter((column): column is readonly [string, ArrayLike<number>] => column[1] !== undefined);
  const rows = Array.from(intensity, (_, i) => [i + 1, ...given.map(([, values]) => values[i])].join(' '));
  const lines = [
    `data_${name.replace(/[^\w.-]/g, '_') || 'pattern'}`,
    ...(radiation === undefined ? [] : [`_diffrn_radiation_probe ${radiation}`]),
    ...radiationLines(wavelength, spectrum),
    `_pd_meas_number_of_points ${intensity.length}`,
    ...(excluded.length === 0 ? [] : ['_pd_proc_info_excluded_regions', ';', ...excluded.map(({ from, to }) => `${from} to ${to} degrees`), ';']),
    'loop_',
    '_pd_data_point_id',
    ...given.map(([tag]) => tag),
    ...rows,
  ];
  return `${lines.join('\n')}\n`;
}

function radiationLines(wavelength: number | undefined, spectrum: Pattern['spectrum']): readonly string[] {
  if (spectrum !== undefined && spectrum.length > 1) {
    return [
      'loop_',
      '_diffrn_radiation_wavelength_id',
      '_diffrn_radiation_wavelength',
      '_diffrn_radiation_wavelength_wt',
      ...spectrum.map((line, i) => `${i + 1} ${line.wavelength} ${line.weight}`),
    ];
  }
  return wavelength === undefined ? [] : [`_diffrn_radiation_wavelength ${wavelength}`];
}
