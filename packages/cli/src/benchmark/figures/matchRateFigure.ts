import { noiseModels } from '@braggscape/benchmark';
import type { CellSummary, NoiseModel, Protocol, Rate } from '@braggscape/benchmark';
import { theme } from '../../figures/theme.js';
import type { FigureSpec } from '../../figures/writeFigure.js';
import { lines, protocolText, runsText } from './caption.js';
import { legendPanel, settingStyles, symbolMark } from './settingStyle.js';
import type { LegendItem, SettingStyle } from './settingStyle.js';

/** A figure of rates against noise levels. */
export interface RateFigure {
  readonly title: string;
  /** Sentences; broken into lines as the figure is wide. */
  readonly subtitle: readonly string[];
  /** Rows of panels. */
  readonly rows: readonly { readonly name: string; readonly rate: (cell: CellSummary) => Rate; readonly initial: (cell: CellSummary) => Rate }[];
  /** Settings drawn in a panel, by noise model. */
  readonly settings: (noise: NoiseModel) => readonly SettingStyle[];
}

/** Size of a panel, and the room between two. */
const [WIDTH, HEIGHT, BETWEEN] = [380, 230, 30];
/** Room that the first panel's axis takes beside it. */
const AXIS = 70;
/** Part of the distance between levels that settings beside each other take up. */
const SPREAD = 0.56;

/** Names of the noise models on axes. */
export const levelTitles: Readonly<Record<NoiseModel, string>> = { lattice: 'largest lattice strain (fraction)', coords: 'largest displacement (fractional coordinate)' };

/** Both rates of a benchmark, at the paper's and at strict tolerances. */
export const bothRates: RateFigure['rows'] = [
  { name: 'match', rate: ({ match }) => match, initial: ({ initialMatch }) => initialMatch },
  { name: 'strict match', rate: ({ strict }) => strict, initial: ({ initialStrict }) => initialStrict },
];

const startsItem: LegendItem = { name: 'starts themselves', color: '#8c8c8c', dash: [1, 0], shape: 'none', filled: false };

/**
 * Rates against noise levels: a column for each noise model with results, a line with intervals for each setting, and the rate of the starts in grey.
 * @returns undefined without anything to draw
 */
export function rateFigure(protocol: Protocol, summaries: readonly CellSummary[], figure: RateFigure): FigureSpec | undefined {
  const cells = summaries.filter(({ runs }) => runs > 0);
  const columns = noiseModels.filter((noise) => cells.some((cell) => cell.noise === noise && figure.settings(noise).some(({ name }) => name === cell.setting)));
  if (columns.length === 0) return undefined;
  const used = columns.flatMap((noise) => figure.settings(noise).filter(({ name }) => cells.some((cell) => cell.noise === noise && cell.setting === name)).map(({ name }) => name));
  const shown = settingStyles(protocol).filter(({ name }) => used.includes(name));
  const width = columns.length * WIDTH + (columns.length - 1) * BETWEEN;
  return {
    config: theme,
    title: { text: figure.title, subtitle: lines(figure.subtitle, width + AXIS), fontSize: 15 },
    vconcat: [
      legendPanel([...shown, startsItem], width),
      ...figure.rows.map((row, r) => ({
        hconcat: columns.map((noise, c) =>
          ratePanel(protocol.levels[noise] ?? [], cells.filter((cell) => cell.noise === noise), figure.settings(noise), {
            title: `(${String.fromCharCode(97 + r * columns.length + c)}) ${noise} noise: ${row.name}`,
            yTitle: c === 0 ? `${row.name} rate (%)` : null,
            xTitle: r === figure.rows.length - 1 ? levelTitles[noise] : null,
            ...row,
          }),
        ),
        spacing: BETWEEN,
      })),
    ],
    spacing: 14,
  };
}

/**
 * How often each setting that sees the pattern finds the truth, at the paper's and at strict tolerances (the paper's Fig. 1).
 * @returns undefined without anything to draw
 */
export function matchRateFigure(protocol: Protocol, summaries: readonly CellSummary[]): FigureSpec | undefined {
  const styles = settingStyles(protocol).filter(({ kind }) => kind !== 'relaxation');
  const drawn = summaries.filter(({ setting }) => styles.some(({ name }) => name === setting));
  const kinds = new Set(styles.map(({ kind }) => kind));
  return rateFigure(protocol, summaries, {
    title: 'How often the true structure is found',
    subtitle: [
      `${protocolText(protocol)}; ${runsText(drawn)}; bars: 95 % Jeffreys intervals; points of a level stand beside each other`,
      ['solid: descent on one metric', ...(kinds.has('constraint') ? ['dashed: with the lattice constrained'] : []), ...(kinds.has('plan') ? ['open triangles: plans and other configurations, which may refine more than what was distorted'] : [])].join('; '),
    ],
    rows: bothRates,
    settings: () => styles,
  });
}

interface RatePanel {
  readonly title: string;
  readonly yTitle: string | null;
  readonly xTitle: string | null;
  readonly rate: (cell: CellSummary) => Rate;
  readonly initial: (cell: CellSummary) => Rate;
}

function ratePanel(given: readonly number[], cells: readonly CellSummary[], settings: readonly SettingStyle[], { title, xTitle, yTitle, rate, initial }: RatePanel): Record<string, unknown> {
  // Levels stand at equal distances: they cover two decades, and settings beside each other need room at each.
  const levels = [...given].sort((a, b) => a - b);
  const drawn = settings.filter(({ name }) => cells.some(({ setting }) => setting === name));
  const x = {
    field: 'x',
    type: 'quantitative',
    title: xTitle,
    scale: { domain: [-0.5, levels.length - 0.5], nice: false },
    axis: { values: levels.map((_, i) => i), labelExpr: `${JSON.stringify(levels.map(String))}[datum.value]`, grid: false },
  };
  const y = { field: 'y', type: 'quantitative', title: yTitle, scale: { domain: [0, 100], nice: false }, axis: { values: [0, 20, 40, 60, 80, 100] } };
  const starts = levels.flatMap((level, i) => {
    // Plans take the first samples only; the setting with most runs says most about the starts.
    const most = cells.filter((cell) => cell.level === level).sort((a, b) => b.runs - a.runs)[0] as CellSummary | undefined;
    return most === undefined ? [] : [{ x: i, y: 100 * initial(most).rate }];
  });
  const layers = drawn.flatMap((style, k) => {
    const offset = drawn.length === 1 ? 0 : SPREAD * (k / (drawn.length - 1) - 0.5);
    const points = levels.flatMap((level, i) => {
      const cell = cells.find((one) => one.level === level && one.setting === style.name);
      if (cell === undefined) return [];
      const { rate: value, low, high } = rate(cell);
      return [{ setting: style.name, level, x: i + offset, y: 100 * value, low: 100 * low, high: 100 * high }];
    });
    return [
      { data: { values: points }, mark: { type: 'line', color: style.color, strokeWidth: 1.6, strokeDash: style.dash, opacity: 0.85 }, encoding: { x, y } },
      { data: { values: points }, mark: { type: 'rule', color: style.color, strokeWidth: 1.2 }, encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } } },
      { data: { values: points }, mark: symbolMark(style), encoding: { x, y } },
    ];
  });
  const grey = starts.length === 1 ? { type: 'point', shape: 'stroke', size: 900, stroke: '#b0b0b0', strokeWidth: 3, opacity: 1 } : { type: 'line', color: '#b0b0b0', strokeWidth: 3 };
  return { title: { text: title, fontSize: 12 }, width: WIDTH, height: HEIGHT, layer: [{ data: { values: starts }, mark: grey, encoding: { x, y } }, ...layers] };
}
