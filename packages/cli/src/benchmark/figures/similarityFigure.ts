import { randomFromSeed } from '@braggscape/core';
import { mutualInformation, noiseModels } from '@braggscape/benchmark';
import type { NoiseModel, Protocol } from '@braggscape/benchmark';
import { theme } from '../../figures/theme.js';
import type { FigureSpec } from '../../figures/writeFigure.js';
import { lines, protocolText } from './caption.js';
import type { ResultNumbers } from './resultNumbers.js';
import { legendPanel, settingStyles } from './settingStyle.js';

/** Points drawn in the whole figure: its SVG stays below a megabyte. */
const MOST_POINTS = 4200;
/** Fewest rows that mutual information is estimated from, as in the tables. */
const LEAST_ROWS = 8;
/** Size of a panel, and the room between two. */
const [WIDTH, HEIGHT, BETWEEN] = [200, 180, 16];
/** Smaller values are drawn there: rounding, not chemistry. */
const LEAST = { loss: 1e-14, amd: 1e-6 } as const;

/**
 * How far final structures are from the truth against how well their patterns agree with the target: a row for each noise model, a column for each setting that minimizes a metric.
 * Both axes are logarithmic, since recovered structures lie many decades below the others. Mutual information does not change under maps of the axes, but its estimate does where values span
 * decades: both are given, that of the values themselves, as in the tables and the paper, and that of the drawn logarithms.
 * @returns undefined without anything to draw
 */
export function similarityFigure(protocol: Protocol, numbers: readonly ResultNumbers[]): FigureSpec | undefined {
  const shown = settingStyles(protocol).filter(({ kind }) => kind === 'metric' || kind === 'constraint');
  const finite = numbers.filter(({ similarity, amd }) => Number.isFinite(similarity) && Number.isFinite(amd));
  const rows = noiseModels.flatMap((noise) => {
    const panels = shown.flatMap(({ name }) => {
      const points = finite.filter((point) => point.noise === noise && point.setting === name);
      return points.length === 0 ? [] : [{ name, points }];
    });
    return panels.length === 0 ? [] : [{ noise, panels }];
  });
  const sizes = rows.flatMap(({ panels }) => panels.map(({ points }) => points.length));
  if (sizes.length === 0) return undefined;
  const most = Math.floor(MOST_POINTS / sizes.length);
  const columns = Math.max(...rows.map(({ panels }) => panels.length));
  const width = columns * (WIDTH + BETWEEN + 40);
  const thinned = Math.max(...sizes) <= most ? 'all points are drawn' : `of up to ${Math.max(...sizes)} points a panel ${most} are drawn, chosen at random with seed ${protocol.seed}; mutual information (MI) is that of all`;
  return {
    config: theme,
    title: {
      text: 'Distance from the truth against similarity of patterns',
      subtitle: lines(
        [
          `final structures, ${protocolText(protocol)}; ${thinned}`,
          'each panel has the metric that its setting minimizes, else cosine; points on edges lie there or beyond; MI pools all levels: of the values, and of their logarithms as drawn',
        ],
        width,
      ),
      fontSize: 15,
    },
    vconcat: rows.flatMap(({ noise, panels }) => {
      const levels = [...(protocol.levels[noise] ?? [])].sort((a, b) => a - b);
      const colors = new Map(levels.map((level, i) => [level, shade(i, levels.length)]));
      const items = levels.map((level) => ({ name: `${noise} ${level}`, color: colors.get(level) ?? '#000000', dash: [1, 0], shape: 'circle', filled: true }));
      return [
        legendPanel(items, panels.length * WIDTH, { lines: false }),
        { hconcat: panels.map(({ name, points }, c) => panel(protocol.seed, noise, name, points, { most, colors, first: c === 0 })), spacing: BETWEEN },
      ];
    }),
    spacing: 14,
  };
}

interface PanelPlace {
  readonly most: number;
  readonly colors: ReadonlyMap<number, string>;
  readonly first: boolean;
}

function panel(seed: number, noise: NoiseModel, name: string, points: readonly ResultNumbers[], { most, colors, first }: PanelPlace): Record<string, unknown> {
  const place = ({ similarity, amd, level }: ResultNumbers): { x: number; y: number; color: string } => ({
    x: Math.max(LEAST.loss, round(1 - similarity)),
    y: Math.max(LEAST.amd, round(amd)),
    color: colors.get(level) ?? '#000000',
  });
  const axis = (values: readonly number[]): Record<string, unknown> => ({ format: '.0e', values, grid: true });
  return {
    title: { text: `${noise}: ${name}`, subtitle: informationText(points, points.map(place), seed), fontSize: 12 },
    width: WIDTH,
    height: HEIGHT,
    data: { values: chosen(points, most, seed, `${noise} ${name}`).map(place) },
    // Descriptions of every point for screen readers would be most of the file.
    mark: { type: 'point', shape: 'circle', filled: true, size: 13, opacity: 0.75, aria: false, clip: true },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: '1 − similarity', scale: { type: 'log', domain: [LEAST.loss, 1], nice: false, clamp: true }, axis: axis([1e-12, 1e-8, 1e-4, 1]) },
      y: { field: 'y', type: 'quantitative', title: first ? 'AMD distance (Å)' : null, scale: { type: 'log', domain: [LEAST.amd, 10], nice: false, clamp: true }, axis: axis([1e-6, 1e-4, 1e-2, 1]) },
      color: { field: 'color', type: 'nominal', scale: null },
    },
  };
}

function informationText(points: readonly ResultNumbers[], places: readonly { readonly x: number; readonly y: number }[], seed: number): string {
  if (points.length < LEAST_ROWS) return `${points.length} points: too few for MI`;
  const plain = mutualInformation(points.map(({ similarity }) => similarity), points.map(({ amd }) => amd), { seed });
  const drawn = mutualInformation(places.map(({ x }) => Math.log10(x)), places.map(({ y }) => Math.log10(y)), { seed });
  return `MI ${plain.toFixed(2)} nats, log ${drawn.toFixed(2)}`;
}

/** Some of the rows, the same for the same seed, in random order, so that no level hides another. */
function chosen(rows: readonly ResultNumbers[], most: number, seed: number, label: string): readonly ResultNumbers[] {
  const random = randomFromSeed(seed).derive(`figure ${label}`);
  const deck = [...rows];
  const count = Math.min(most, deck.length);
  for (let i = 0; i < count; i++) {
    const other = i + random.integer(deck.length - i);
    [deck[i], deck[other]] = [deck[other], deck[i]];
  }
  return deck.slice(0, count);
}

/** Viridis from dark to bright at equal steps, without its brightest end, which is lost on white. */
const viridis = ['#440154', '#482475', '#414487', '#355f8d', '#2a788e', '#21918c', '#22a884', '#44bf70', '#7ad151', '#bddf26'] as const;

function shade(i: number, count: number): string {
  return viridis[count === 1 ? 0 : Math.round((i * (viridis.length - 1)) / (count - 1))];
}

/** Digits beyond a pixel only make the file larger. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
