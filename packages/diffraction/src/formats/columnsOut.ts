import type { Pattern } from '@braggscape/core';
import { spectrumText } from './radiation.js';

/** Columns as text, under a head of comments that the reader understands. */
export function writeColumns(pattern: Pattern, sigma: Float64Array | undefined): string {
  const { twoTheta, intensity, wavelength, spectrum, radiation, excluded = [] } = pattern;
  const head = [
    `# twoTheta (degrees)  intensity${sigma === undefined ? '' : '  sigma'}`,
    ...(wavelength === undefined ? [] : [`# wavelength: ${wavelength} (angstrom)`]),
    ...(spectrum === undefined ? [] : [`# spectrum: ${spectrumText(spectrum)}`]),
    ...(radiation === undefined ? [] : [`# radiation: ${radiation}`]),
    ...excluded.map(({ from, to }) => `# excluded: ${from} ${to}`),
  ];
  const lines = Array.from(
    twoTheta,
    (angle, i) => `${Number(angle.toPrecision(12))} ${intensity[i]}${sigma === undefined ? '' : ` ${sigma[i]}`}`,
  );
  return `${head.join('\n')}\n${lines.join('\n')}\n`;
}
