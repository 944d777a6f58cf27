import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginHost } from '@braggscape/core';
import type { SurfaceAnalysis } from '@braggscape/landscape';
import type { Landscape, LandscapeSurface, ScanSetup, Slice } from '@braggscape/pipeline';
import { comparedPattern } from '../figures/comparedPattern.js';
import { independentScales, slicePanel } from '../figures/slicePanel.js';
import { textTable } from '../figures/textTable.js';
import { seriesColors, theme } from '../figures/theme.js';
import { writeFigure } from '../figures/writeFigure.js';
import { comparedPatterns } from './prepareScan.js';
import { roughnessColumns } from './roughnessTable.js';
import { drawnValues, falseMinima, positionText, surfacePanel } from './surfaceDrawing.js';

/** A scan with everything that figures show. */
export interface DrawnScan {
  readonly setup: ScanSetup;
  readonly slice: Slice;
  readonly surfaces: readonly LandscapeSurface[];
  readonly analyses: ReadonlyMap<string, SurfaceAnalysis>;
  readonly landscape: Landscape;
  /** Id of the surface that paths descend. */
  readonly descended?: string;
  readonly title: string;
}

/** Widest row of panels. */
const PANELS_IN_A_ROW = 3;

/**
 * Draw a scan into a folder: the surfaces beside each other with their minima, the patterns of the deepest false ones and the table of roughness (`landscape`), series of peak
 * widths with a frame for each (`widths-…`, `frames-…/`), and series of weights (`weights`).
 * @returns the paths, .svg and .png
 */
export async function scanFigures(scan: DrawnScan, folder: string, host: PluginHost): Promise<readonly string[]> {
  const files = [...(await writeFigure(join(folder, 'landscape'), await landscapeFigure(scan, host)))];
  const main = mainSurfaces(scan);
  for (const sharp of main.filter(({ id }) => scan.surfaces.some((other) => other.id.startsWith(`${id}@`)))) {
    const series = [...scan.surfaces.filter(({ id }) => id.startsWith(`${sharp.id}@`)), sharp];
    const titles = series.map(({ broadening }) => (broadening > 0 ? `${broadening}°` : 'instrument'));
    files.push(...(await writeFigure(join(folder, `widths-${sharp.id.replace(/[^\w.-]/g, '_')}`), seriesFigure(scan, series, titles, { title: `${sharp.id}, peaks broadened by a FWHM of …`, axis: 'FWHM of broadening (degrees)' }))));
    files.push(...(await frames(scan, series, titles, join(folder, `frames-${sharp.id.replace(/[^\w.-]/g, '_')}`))));
  }
  const weighted = scan.surfaces.filter(({ id, weights }) => weights !== undefined && id !== 'combined');
  if (weighted.length > 0) {
    const titles = weighted.map(({ weights }) => `weight ${Object.values(weights ?? {})[1]}`);
    files.push(...(await writeFigure(join(folder, 'weights'), seriesFigure(scan, weighted, titles, { title: `${weightedNames(weighted[0])}, each less its lowest value`, axis: 'weight' }))));
  }
  return files;
}

function weightedNames({ weights }: LandscapeSurface): string {
  return Object.keys(weights ?? {}).join(' + weight × ');
}

/** The surfaces of the contrast: without those of other widths and weights. */
function mainSurfaces({ surfaces }: DrawnScan): readonly LandscapeSurface[] {
  return surfaces.filter(({ id, broadening, weights }) => broadening === 0 && (weights === undefined || id === 'combined'));
}

async function landscapeFigure(scan: DrawnScan, host: PluginHost): Promise<Record<string, unknown>> {
  const { setup, slice, analyses, landscape } = scan;
  const main = mainSurfaces(scan);
  const shown = main.find(({ unit, weights }) => unit === '1' && weights === undefined);
  const numbered = shown === undefined ? [] : falseMinima(analysis(analyses, shown.id));
  const panels = main.map((one) =>
    slicePanel(surfacePanel(setup, one, analysis(analyses, one.id), { title: panelTitle(one), numbered: one === shown ? numbered : [], paths: one.id === scan.descended ? landscape.paths : [] }), main.length === 1 ? 420 : 300),
  );
  // Ways are drawn on maps, and only where the surface that they descend is.
  const pathsShown = setup.axes.length === 2 && landscape.paths.length > 0 && main.some(({ id }) => id === scan.descended);
  const patterns = numbered.length === 0 ? undefined : await comparedPatterns(setup, numbered.map((at) => slice.structureAt(at)), host);
  const columns = roughnessColumns(landscape, main.map(({ id }) => id));
  const numbers = textTable(columns, [240, ...columns[0].slice(1).map((id) => Math.max(80, 7.6 * id.length))]);
  const drawn = patterns === undefined || shown === undefined ? [] : patterns.calculated.map((pattern, i) => {
    const value = analysis(analyses, shown.id).minima.find(({ at }) => at === numbered[i])?.value ?? Number.NaN;
    const title = `${i + 1}: ${positionText(setup.axes, numbered[i])}; ${shown.id} ${value.toFixed(3)}`;
    const size = main.length === 1 ? { width: 380, height: 84 } : { width: 300, height: 120 };
    return comparedPattern({ title, twoTheta: patterns.observed.twoTheta, observed: patterns.observed.intensity, calculated: pattern, legend: i === 0 }, size);
  });
  const rows: Record<string, unknown>[] = [];
  // Patterns and numbers beside a single map, beneath several.
  if (panels.length === 1) {
    const patternColumn = drawn.length === 0 ? [] : [{ vconcat: drawn, spacing: 6, resolve: independentScales }];
    rows.push({ hconcat: [panels[0], ...patternColumn, numbers], spacing: 40, resolve: independentScales });
  } else {
    for (let i = 0; i < panels.length; i += PANELS_IN_A_ROW) rows.push({ hconcat: panels.slice(i, i + PANELS_IN_A_ROW), spacing: 30, resolve: independentScales });
    if (drawn.length > 0) rows.push({ hconcat: drawn, spacing: 30, resolve: independentScales });
    rows.push(numbers);
  }
  return {
    config: theme,
    title: { text: scan.title, subtitle: `${setup.axes.length === 1 ? 'dashed line' : 'cross'}: the structure itself; dots: local minima, the deepest false ones numbered${pathsShown ? '; ways from squares to black dots' : ''}` },
    vconcat: rows,
    spacing: 24,
    resolve: independentScales,
  };
}

/** Name of a surface, with the weights of a sum, and what its colours mean. */
function panelTitle(surface: LandscapeSurface): string {
  const { id, weights } = surface;
  const sum = Object.entries(weights ?? {}).map(([part, weight]) => (weight === 1 ? part : `${weight} × ${part}`));
  return `${sum.length === 0 ? id : sum.join(' + ')}: ${drawnValues(surface).title}`;
}

function analysis(analyses: ReadonlyMap<string, SurfaceAnalysis>, id: string): SurfaceAnalysis {
  return analyses.get(id) as SurfaceAnalysis;
}

/** Common scale of a series, from the values of all. */
function commonDomain({ setup, analyses }: DrawnScan, series: readonly LandscapeSurface[]): readonly [number, number] {
  const domains = series.map((one) => surfacePanel(setup, one, analysis(analyses, one.id)).domain);
  return [Math.min(...domains.map(([low]) => low)), Math.max(...domains.map(([, high]) => high))];
}

function seriesFigure(scan: DrawnScan, series: readonly LandscapeSurface[], titles: readonly string[], { title, axis }: { readonly title: string; readonly axis: string }): Record<string, unknown> {
  const { setup, analyses } = scan;
  // Weights change the unit of the sum, widths do not change that of a loss.
  const domain = series.every(({ weights }) => weights === undefined) ? commonDomain(scan, series) : undefined;
  const panels = series.map((one, i) => slicePanel(surfacePanel(setup, one, analysis(analyses, one.id), { title: titles[i], withBarTitle: true, ...(domain === undefined ? {} : { domain }) }), 170));
  const rows: Record<string, unknown>[] = [];
  const inRow = Math.min(5, Math.ceil(panels.length / Math.ceil(panels.length / 5)));
  for (let i = 0; i < panels.length; i += inRow) rows.push({ hconcat: panels.slice(i, i + inRow), spacing: 16, resolve: independentScales });
  const curves = series.map((one, i) => {
    const { roughness } = analysis(analyses, one.id);
    return { at: titles[i].replace('weight ', '').replace('instrument', 'sharp'), order: i, basin: 100 * (roughness.basinFraction ?? 0), minima: roughness.localMinima, offset: 100 * (roughness.offset ?? 0) };
  });
  const chart = (field: string, label: string, color: string): Record<string, unknown> => ({
    width: 330,
    height: 150,
    data: { values: curves },
    mark: { type: 'line', point: { filled: true, size: 40, color }, color, strokeWidth: 1.6 },
    encoding: {
      x: { field: 'at', type: 'ordinal', sort: { field: 'order' }, title: axis, axis: { labelAngle: 0 } },
      y: { field, type: 'quantitative', title: label, scale: { zero: true, nice: true }, axis: { tickMinStep: field === 'minima' ? 1 : 0, tickCount: 5 } },
      order: { field: 'order', type: 'quantitative' },
    },
  });
  rows.push({
    hconcat: [
      chart('basin', 'true basin (% of the slice)', seriesColors[1]),
      chart('minima', 'local minima', seriesColors[0]),
      // A loss has its minimum at the truth by itself; a sum with an energy need not.
      ...(curves.some(({ offset }) => offset > 1e-6) ? [chart('offset', 'its minimum off truth (% of span)', seriesColors[2])] : []),
    ],
    spacing: 40,
  });
  return { config: theme, title: { text: scan.title, subtitle: `${title}; cross: the structure itself, dots: local minima` }, vconcat: rows, spacing: 18, resolve: independentScales };
}

/** One picture a width, all of one scale, to be put into motion. */
async function frames(scan: DrawnScan, series: readonly LandscapeSurface[], titles: readonly string[], folder: string): Promise<readonly string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const domain = commonDomain(scan, series);
  const files: string[] = [];
  for (const [i, one] of series.entries()) {
    const found = analysis(scan.analyses, one.id);
    const { basinFraction, localMinima } = found.roughness;
    const title = `${titles[i]}: ${localMinima} local minima, true basin ${(100 * (basinFraction ?? 0)).toFixed(1)} %`;
    const panel = slicePanel(surfacePanel(scan.setup, one, found, { title, domain, withBarTitle: true }), 420);
    files.push(...(await writeFigure(join(folder, `frame-${String(i + 1).padStart(2, '0')}`), { config: theme, ...panel })));
  }
  return files;
}
