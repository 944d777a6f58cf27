import { noiseModels, quantile } from '@braggscape/benchmark';
import type { CellSummary, NoiseModel, Protocol } from '@braggscape/benchmark';
import { theme } from '../../figures/theme.js';
import type { FigureSpec } from '../../figures/writeFigure.js';
import { lines, protocolText, runsText } from './caption.js';
import type { ResultNumbers } from './resultNumbers.js';
import { legendPanel, settingStyles, symbolMark } from './settingStyle.js';
import type { SettingStyle } from './settingStyle.js';

/** Size of a panel, and the room between two. */
const [WIDTH, HEIGHT, BETWEEN] = [380, 250, 40];
/** Room that the first panel's axis takes beside it. */
const AXIS = 70;

/** A noise model's level that is drawn, with its cells. */
interface Chosen {
  readonly noise: NoiseModel;
  readonly level: number;
  readonly cells: readonly CellSummary[];
}

/**
 * Match rate against median CPU seconds at one level of each noise model, a point for each setting: the leaderboard at a glance.
 * @param levels level of each noise model; left out: that whose match rates differ most between settings
 * @returns undefined without anything to draw
 */
export function costFigure(protocol: Protocol, summaries: readonly CellSummary[], numbers: readonly ResultNumbers[], levels: Readonly<Partial<Record<NoiseModel, number>>> = {}): FigureSpec | undefined {
  const cells = summaries.filter(({ runs }) => runs > 0);
  const chosen = noiseModels.flatMap((noise): readonly Chosen[] => {
    const level = levels[noise] ?? tellingLevel(cells.filter((cell) => cell.noise === noise));
    const own = cells.filter((cell) => cell.noise === noise && cell.level === level);
    return level === undefined || own.length === 0 ? [] : [{ noise, level, cells: own }];
  });
  if (chosen.length === 0) return undefined;
  const styles = settingStyles(protocol).filter(({ name }) => chosen.some((one) => one.cells.some(({ setting }) => setting === name)));
  const width = chosen.length * WIDTH + (chosen.length - 1) * BETWEEN;
  const domain = secondsDomain(chosen, numbers);
  const why = Object.keys(levels).length > 0 ? [] : ['drawn is the noise level at which settings differ most in their rates'];
  return {
    config: theme,
    title: {
      text: 'Success and cost',
      subtitle: lines([`${protocolText(protocol)}; ${runsText(chosen.flatMap((one) => one.cells))}; up: 95 % Jeffreys interval, across: middle half of the runs`, ...why, 'CPU seconds are those of the machine that ran the benchmark'], width + AXIS),
      fontSize: 15,
    },
    vconcat: [legendPanel(styles, width, { lines: false }), { hconcat: chosen.map((one, index) => panel(one, numbers, styles, { index, domain })), spacing: BETWEEN }],
    spacing: 14,
  };
}

/** The level whose match rates differ most between settings, the lowest of equals. */
function tellingLevel(cells: readonly CellSummary[]): number | undefined {
  const levels = [...new Set(cells.map(({ level }) => level))].sort((a, b) => a - b);
  const spread = (level: number): number => {
    const rates = cells.filter((cell) => cell.level === level).map(({ match }) => match.rate);
    return Math.max(...rates) - Math.min(...rates);
  };
  return levels.reduce<number | undefined>((best, level) => (best === undefined || spread(level) > spread(best) ? level : best), undefined);
}

/** A panel's points with the CPU seconds of the runs behind them. */
function panel(
  { noise, level, cells }: Chosen,
  numbers: readonly ResultNumbers[],
  styles: readonly SettingStyle[],
  { index, domain }: { readonly index: number; readonly domain: readonly [number, number] },
): Record<string, unknown> {
  const points = styles.flatMap((style) => {
    const cell = cells.find(({ setting }) => setting === style.name);
    const seconds = secondsOf(numbers, noise, level, style.name);
    if (cell === undefined || seconds.length === 0) return [];
    const [x1, x, x2] = [0.25, 0.5, 0.75].map((p) => quantile(seconds, p) as number);
    return [{ style, row: { setting: style.name, x, x1, x2, y: 100 * cell.match.rate, low: 100 * cell.match.low, high: 100 * cell.match.high } }];
  });
  const x = { field: 'x', type: 'quantitative', title: 'median CPU seconds of a recovery', scale: { type: 'log', domain, nice: false }, axis: { format: '~g', tickCount: 6 } };
  const y = { field: 'y', type: 'quantitative', title: index === 0 ? 'match rate (%)' : null, scale: { domain: [0, 100], nice: false }, axis: { values: [0, 20, 40, 60, 80, 100] } };
  return {
    title: { text: `(${String.fromCharCode(97 + index)}) ${noise} noise, level ${level}`, fontSize: 12 },
    width: WIDTH,
    height: HEIGHT,
    layer: points.flatMap(({ style, row }) => [
      { data: { values: [row] }, mark: { type: 'rule', color: style.color, strokeWidth: 1.2 }, encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } } },
      { data: { values: [row] }, mark: { type: 'rule', color: style.color, strokeWidth: 1.2 }, encoding: { x: { ...x, field: 'x1' }, x2: { field: 'x2' }, y } },
      { data: { values: [row] }, mark: { ...symbolMark(style), size: 85 }, encoding: { x, y } },
    ]),
  };
}

/** CPU seconds of the runs of a cell; no less than a millisecond, which the clock hardly tells and a logarithmic axis needs. */
function secondsOf(numbers: readonly ResultNumbers[], noise: NoiseModel, level: number, setting: string): readonly number[] {
  return numbers.filter((row) => row.noise === noise && row.level === level && row.setting === setting).map(({ seconds }) => Math.max(1e-3, seconds));
}

/** A common axis for all panels, with some room at its ends. */
function secondsDomain(chosen: readonly Chosen[], numbers: readonly ResultNumbers[]): readonly [number, number] {
  const ends = chosen.flatMap(({ noise, level, cells }) => cells.flatMap(({ setting }) => [0.25, 0.75].flatMap((p) => quantile(secondsOf(numbers, noise, level, setting), p) ?? [])));
  return [0.7 * Math.min(...ends, 1e3), 1.4 * Math.max(...ends, 1e-3)];
}
