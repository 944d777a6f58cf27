import type { SurfaceAnalysis } from '@braggscape/landscape';
import { valueRange } from '@braggscape/landscape';
import type { LandscapeSurface, ScanAxisJson, ScanPath, ScanSetup } from '@braggscape/pipeline';
import type { SliceAxis, SlicePanel } from '../figures/slicePanel.js';

const greek: Readonly<Record<string, string>> = { alpha: 'α', beta: 'β', gamma: 'γ' };

/** Title of an axis, such as `a = b (Å)` or `α (degrees)`. */
export function axisTitle({ name, unit }: Pick<ScanAxisJson, 'name' | 'unit'>): string {
  const [form, rest] = name.includes(':') ? [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)] : ['', name];
  const shown = rest.split('=').map((part) => greek[part] ?? part).join(' = ');
  const words: Readonly<Record<string, string>> = {
    wyckoff: `${shown}, all equivalent sites`,
    to: 'part of the way',
    mode: `soft mode ${shown}`,
    random: `random direction ${shown}`,
    'random-cell': `random strain ${shown}`,
    'random-coords': `random displacement ${shown}`,
  };
  return `${words[form] ?? shown}${unit === '1' ? (form === 'to' ? '' : ' (fraction)') : ` (${unit})`}`;
}

/** Axes of a scan as drawn. */
export function drawnAxes({ axes }: ScanSetup): readonly SliceAxis[] {
  return axes.map((axis) => ({ title: axisTitle(axis), values: axis.values }));
}

/** What is drawn of a surface: its values, or how far they lie above the lowest where only differences mean something. */
export interface DrawnValues {
  readonly values: Float64Array;
  readonly title: string;
  readonly domain: readonly [number, number];
}

/** Losses are drawn as they are; energies and sums with them from their lowest value up. Where few points lie far above all others the scale ends at the 90th percentile. */
export function drawnValues({ unit, weights, values }: LandscapeSurface): DrawnValues {
  const relative = unit !== '1' || weights !== undefined;
  const { low, high } = valueRange(values);
  const shown = relative ? values.map((value) => value - low) : values;
  const bottom = relative ? 0 : Math.min(low, 0);
  const top = relative ? high - low : high;
  const sorted = shown.filter(Number.isFinite).sort();
  const usual = sorted[Math.floor(0.9 * sorted.length)];
  const cut = top - bottom > 2 * (usual - bottom) && usual > bottom;
  const name = relative ? (unit === '1' ? 'above lowest' : `${unit} above lowest`) : 'loss';
  return { values: shown, title: `${name}${cut ? ', scale cut' : ''}`, domain: [bottom, top > bottom ? (cut ? usual : top) : bottom + 1] };
}

/** Number of false minima whose patterns are shown. */
const SHOWN_MINIMA = 3;

/** Positions of the deepest minima, by depth, beside that of the truth; those inside the slice first. */
export function falseMinima({ minima, trueMinimum }: SurfaceAnalysis): readonly (readonly number[])[] {
  return minima
    .filter((minimum) => minimum !== trueMinimum && !minimum.onEdge)
    .sort((a, b) => b.depth - a.depth)
    .slice(0, SHOWN_MINIMA)
    .map(({ at }) => at);
}

/** Title of a narrow colour bar: the unit in a line of its own, and whether values lie beyond its end. */
function barTitle({ unit, weights }: LandscapeSurface, { values }: DrawnValues, [, top]: readonly [number, number]): readonly string[] {
  const what = weights !== undefined ? ['sum above', 'lowest (unit 1)'] : unit === '1' ? ['loss (unit 1)'] : ['above lowest', `(${unit})`];
  const beyond = values.some((value) => Number.isFinite(value) && value > top);
  return [...what, ...(beyond ? ['scale cut'] : [])];
}

/** The panel of a surface; with a title at its colour bar where its own title does not say what is drawn. */
export function surfacePanel(
  setup: ScanSetup,
  surface: LandscapeSurface,
  analysis: SurfaceAnalysis,
  more: { readonly title?: string; readonly paths?: readonly ScanPath[]; readonly numbered?: readonly (readonly number[])[]; readonly domain?: readonly [number, number]; readonly withBarTitle?: boolean } = {},
): SlicePanel {
  const drawn = drawnValues(surface);
  const truth = setup.axes.map(({ origin }) => origin);
  const inside = setup.axes.every(({ values, origin }) => origin >= values[0] && origin <= values[values.length - 1]);
  const domain = more.domain ?? drawn.domain;
  return {
    title: more.title ?? surface.id,
    axes: drawnAxes(setup),
    values: drawn.values,
    valueTitle: drawn.title,
    domain,
    ...(more.withBarTitle === true ? { barTitle: barTitle(surface, drawn, domain) } : {}),
    ...(inside ? { truth } : {}),
    minima: analysis.minima.filter(({ onEdge }) => !onEdge).map(({ at }) => at),
    numbered: more.numbered ?? [],
    paths: (more.paths ?? []).map(({ setting, points }) => ({ name: setting, points })),
  };
}

/** A position for people, such as `a 4.21 Å, c 2.93 Å`. */
export function positionText(axes: readonly Pick<ScanAxisJson, 'name' | 'unit'>[], at: readonly number[]): string {
  return axes.map(({ name, unit }, k) => `${name.split('=').map((part) => greek[part] ?? part).join(' = ')} ${Number(at[k].toPrecision(4))}${unit === '1' ? '' : unit === 'degrees' ? '°' : ` ${unit}`}`).join(', ');
}
