import { randomFromSeed } from '@braggscape/core';
import { judgedMetrics, mutualInformation, noiseModels } from '@braggscape/benchmark';
import type { NoiseModel, Protocol } from '@braggscape/benchmark';
import { theme } from '../../figures/theme.js';
import type { FigureSpec } from '../../figures/writeFigure.js';
import { protocolText } from './caption.js';
import type { ResultNumbers } from './resultNumbers.js';
import { settingStyles } from './settingStyle.js';

/** Points drawn in the whole figure: its SVG stays below a megabyte. */
const MOST_POINTS = 4800;
/** Fewest rows that mutual information is estimated from, as in the tables. */
const LEAST_ROWS = 8;
/** Size of a panel. */
const [WIDTH, HEIGHT] = [210, 170];
/** Values below are drawn there: rounding, not chemistry. */
const [LEAST_LOSS, LEAST_AMD] = [1e-10, 1e-6];

/**
 * How far final structures are from the truth against how well their patterns agree with the target: a row for each noise model, a column for each setting that minimizes a metric.
 * Both axes are logarithmic, since recovered structures lie many decades below the others; mutual information does not change by that.
 * @returns undefined without anything to draw
 */
export function similarityFigure(protocol: Protocol, numbers: readonly ResultNumbers[]): FigureSpec | undefined {
  const shown = settingStyles(protocol).filter(({ kind }) => kind === 'metric' || kind === 'constraint');
  const finite = numbers.filter(({ similarity, amd }) => Number.isFinite(similarity) && Number.isFinite(amd));
  const panels = noiseModels.flatMap((noise) => {
    const own = shown.flatMap(({ name }) => {
      const rows = finite.filter((row) => row.noise === noise && row.setting === name);
      return rows.length === 0 ? [] : [{ noise, name, rows }];
    });
    return own.length === 0 ? [] : [own];
  });
  const count = panels.flat().length;
  if (count === 0) return undefined;
  const most = Math.floor(MOST_POINTS / count);
  const thinned = panels.flat().filter(({ rows }) => rows.length > most).length;
  const largest = panels.flat().reduce((found, { rows }) => Math.max(found, rows.length), 0);
  const points = thinned === 0 ? 'all points are drawn' : `of up to ${largest} points a panel ${most} are drawn, chosen at random (seed ${protocol.seed}); mutual information (MI) is that of all`;
  return {
    config: theme,
    title: {
      text: 'Distance from the truth against similarity of patterns',
      subtitle: [
        `final structures, ${protocolText(protocol)}; ${points}`,
        'each panel has the metric that its setting minimizes; brighter: larger noise level; MI pools all levels; points at the left and lower edges lie there or beyond',
      ],
      fontSize: 15,
    },
    vconcat: panels.map((row, r) => ({
      hconcat: row.map(({ noise, name, rows }, c) => {
        const metric = protocol.settings.find((setting) => setting.name === name)?.similarity ?? 'cosine';
        return panel(noise, name, rows, { protocol, most, metric, first: c === 0, last: r === panels.length - 1, legend: c === row.length - 1 });
      }),
      spacing: 18,
      resolve: { scale: { x: 'independent', y: 'independent', color: 'shared' } },
    })),
    spacing: 18,
    resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
  };
}

interface PanelPlace {
  readonly protocol: Protocol;
  readonly most: number;
  readonly metric: string;
  readonly first: boolean;
  readonly last: boolean;
  readonly legend: boolean;
}

function panel(noise: NoiseModel, name: string, rows: readonly ResultNumbers[], { protocol, most, metric, first, last, legend }: PanelPlace): Record<string, unknown> {
  const levels = [...(protocol.levels[noise] ?? [])].sort((a, b) => a - b);
  const judged = (judgedMetrics as readonly string[]).includes(metric) ? metric : 'cosine';
  const values = chosen(rows, most, protocol.seed, `${noise} ${name}`).map(({ similarity, amd, level }) => ({ x: Math.max(LEAST_LOSS, round(1 - similarity)), y: Math.max(LEAST_AMD, round(amd)), level }));
  const information = rows.length < LEAST_ROWS ? undefined : mutualInformation(rows.map(({ similarity }) => similarity), rows.map(({ amd }) => amd), { seed: protocol.seed });
  const axis = { format: '.0e', tickCount: 5, labelOverlap: true };
  return {
    title: { text: `${noise}: ${name}`, subtitle: information === undefined ? `${rows.length} points, too few for MI` : `MI ${information.toFixed(2)} nats`, fontSize: 12 },
    width: WIDTH,
    height: HEIGHT,
    data: { values },
    // Descriptions of every point for screen readers would be most of the file.
    mark: { type: 'point', shape: 'circle', filled: true, size: 11, opacity: 0.75, aria: false, clip: true },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: last ? `1 − similarity (${judged})` : null, scale: { type: 'log', domain: [LEAST_LOSS, 1], nice: false, reverse: false, clamp: true }, axis },
      y: { field: 'y', type: 'quantitative', title: first ? 'AMD distance to the truth (Å)' : null, scale: { type: 'log', domain: [LEAST_AMD, 10], nice: false, clamp: true }, axis },
      color: {
        field: 'level',
        type: 'ordinal',
        scale: { domain: levels, range: levels.map((_, i) => shade(i, levels.length)) },
        legend: legend ? { title: 'noise level', orient: 'right', direction: 'vertical', symbolType: 'circle', symbolSize: 60, symbolOpacity: 1 } : null,
      },
    },
  };
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
