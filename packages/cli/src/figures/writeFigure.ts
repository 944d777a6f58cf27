import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { View, parse, resetSVGDefIds } from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';
import { writeFileAtomically } from '../files/writeFileAtomically.js';

/** A figure as data: a Vega-Lite specification with its values inside. Loose here, because panels are put together from parts. */
export type FigureSpec = Readonly<Record<string, unknown>>;

/** Pixels of the PNG per pixel of the drawing. */
const SCALE = 2;

/** Draw a figure as SVG text. The same figure gives the same text on every machine. */
export async function renderSvg(figure: FigureSpec): Promise<string> {
  const view = new View(parse(compile(figure as unknown as TopLevelSpec).spec), { renderer: 'none' });
  try {
    // Vega counts clip paths through the whole life of the process.
    resetSVGDefIds();
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Rasterize an SVG with the fonts that come with the program, not with those that happen to be installed. */
export function renderPng(svg: string): Uint8Array {
  const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => fileURLToPath(new URL(`../../fonts/${name}`, import.meta.url)));
  const font = { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: SCALE }, font }).render().asPng();
}

/**
 * Write a figure as `path.svg` and `path.png`, each whole or not at all.
 * @param path without ending
 * @returns both paths
 * @throws BraggscapeError `file.unwritable`
 */
export async function writeFigure(path: string, figure: FigureSpec): Promise<readonly string[]> {
  const svg = await renderSvg(figure);
  await writeFileAtomically(`${path}.svg`, svg);
  await writeFileAtomically(`${path}.png`, renderPng(svg));
  return [`${path}.svg`, `${path}.png`];
}
