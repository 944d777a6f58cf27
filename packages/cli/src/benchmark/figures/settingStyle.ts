import type { Protocol, Setting } from '@braggscape/benchmark';
import { seriesColors } from '../../figures/theme.js';

/** How a setting is told from others in all figures of a benchmark: by colour, and without colour by dash and shape. */
export interface SettingStyle {
  readonly name: string;
  readonly kind: SettingKind;
  readonly color: string;
  readonly dash: readonly number[];
  readonly shape: string;
  /** Filled symbols are descents on one metric, as in the paper. */
  readonly filled: boolean;
}

/** What kind of recovery a setting is. */
export type SettingKind = 'metric' | 'constraint' | 'plan' | 'relaxation';

/** Colours of settings in order: those of series, and some more that stay apart from them. */
const palette: readonly string[] = [...seriesColors, '#000000', '#7a5195', '#8c6d31', '#004d40'];

const looks: Readonly<Record<SettingKind, Pick<SettingStyle, 'dash' | 'shape' | 'filled'>>> = {
  metric: { dash: [1, 0], shape: 'circle', filled: true },
  constraint: { dash: [6, 3], shape: 'diamond', filled: true },
  plan: { dash: [8, 3, 2, 3], shape: 'triangle-up', filled: false },
  relaxation: { dash: [2, 3], shape: 'square', filled: false },
};

/** What kind of recovery a setting is: a descent on the metric it is named after, the same with a constraint, another refinement, or a relaxation. */
export function settingKind(setting: Setting): SettingKind {
  if (setting.kind === 'relaxation') return 'relaxation';
  if (setting.constraint !== 'none') return 'constraint';
  return setting.config.plan === 'descent' && setting.vary === 'noise' ? 'metric' : 'plan';
}

/** Styles of a protocol's settings, in its order. A constrained setting has the colour of the metric that it constrains. */
export function settingStyles({ settings }: Pick<Protocol, 'settings'>): readonly SettingStyle[] {
  const colorOf = new Map<string, string>();
  return settings.map((setting) => {
    const kind = settingKind(setting);
    const colored = kind === 'constraint' ? (settings.find((other) => settingKind(other) === 'metric' && other.similarity === setting.similarity)?.name ?? setting.name) : setting.name;
    const color = colorOf.get(colored) ?? palette[colorOf.size % palette.length];
    colorOf.set(colored, color);
    return { name: setting.name, kind, color, ...looks[kind] };
  });
}

/** An item of a legend that is drawn. */
export interface LegendItem extends Pick<SettingStyle, 'color' | 'dash' | 'shape' | 'filled'> {
  readonly name: string;
}

/** Pixels between lines of a legend, and those of a line and its symbol. */
const [LEGEND_ROW, SAMPLE] = [19, 34];

/**
 * One legend for all panels of a figure, in as many lines as it needs: drawn, because a legend of Vega's would widen the panel it belongs to and merges dashes and shapes badly.
 * @param items whose shape is `none` have a line only
 */
export function legendPanel(items: readonly LegendItem[], width: number, { lines = true }: { readonly lines?: boolean } = {}): Record<string, unknown> {
  let [x, row] = [0, 0];
  const placed = items.map((item) => {
    const wide = SAMPLE + 22 + 6.7 * item.name.length;
    if (x > 0 && x + wide > width) [x, row] = [0, row + 1];
    const at = { ...item, x, x2: x + SAMPLE, middle: x + SAMPLE / 2, text: x + SAMPLE + 6, y: LEGEND_ROW * (row + 0.5) };
    x += wide;
    return at;
  });
  const height = LEGEND_ROW * (row + 1);
  const place = (field: string, extent: number): Record<string, unknown> => ({ field, type: 'quantitative', axis: null, scale: { domain: [0, extent], nice: false } });
  const y = { ...place('y', height), scale: { domain: [height, 0], nice: false } };
  const layer = placed.flatMap((item) => [
    ...(lines || item.shape === 'none' ? [{ data: { values: [item] }, mark: { type: 'rule', color: item.color, strokeWidth: 2, strokeDash: item.dash }, encoding: { x: place('x', width), x2: { field: 'x2' }, y } }] : []),
    ...(item.shape === 'none' ? [] : [{ data: { values: [item] }, mark: symbolMark(item), encoding: { x: place('middle', width), y } }]),
  ]);
  const names = { data: { values: placed.map(({ name, text, y: at }) => ({ name, text, y: at })) }, mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 11 }, encoding: { x: place('text', width), y, text: { field: 'name' } } };
  return { width, height, view: { stroke: null }, layer: [...layer, names] };
}

/** The symbol of a setting as a mark. */
export function symbolMark({ color, shape, filled }: Pick<SettingStyle, 'color' | 'shape' | 'filled'>): Record<string, unknown> {
  return { type: 'point', shape, size: 52, opacity: 1, stroke: color, strokeWidth: 1.6, fill: filled ? color : '#ffffff', filled: false };
}
