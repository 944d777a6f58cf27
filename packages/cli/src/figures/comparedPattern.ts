import { colors } from './theme.js';
import { thinnedIndices } from './thinning.js';

/** A calculated pattern over the one it is compared with. */
export interface ComparedPattern {
  readonly title: string;
  /** [m] degrees. */
  readonly twoTheta: ArrayLike<number>;
  readonly observed: ArrayLike<number>;
  /** On any scale: each is drawn in parts of its own maximum. */
  readonly calculated: ArrayLike<number>;
  /** Whether the colours are explained, in a corner. */
  readonly legend?: boolean;
}

/** Two patterns over each other, as a part of a larger figure. */
export function comparedPattern({ title, twoTheta, observed, calculated, legend = true }: ComparedPattern, { width, height }: { readonly width: number; readonly height: number }): Record<string, unknown> {
  const [tops, tallest] = [maximum(observed), maximum(calculated)];
  const values = thinnedIndices(twoTheta, [observed, calculated], width).flatMap((i) => [
    { x: round(twoTheta[i]), y: round((100 * observed[i]) / tops), curve: 'target' },
    { x: round(twoTheta[i]), y: round((100 * calculated[i]) / tallest), curve: 'calculated' },
  ]);
  const line = (curve: string, mark: Record<string, unknown>): Record<string, unknown> => ({ transform: [{ filter: `datum.curve === '${curve}'` }], mark: { type: 'line', strokeJoin: 'round', ...mark } });
  return {
    title: { text: title, fontSize: 11, fontWeight: 'normal', offset: 4 },
    width,
    height,
    data: { values },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: '2θ (degrees)', scale: { domain: [twoTheta[0], twoTheta[twoTheta.length - 1]], nice: false } },
      y: { field: 'y', type: 'quantitative', title: 'intensity (%)', axis: { tickCount: 3 } },
      color: {
        field: 'curve',
        type: 'nominal',
        scale: { domain: ['target', 'calculated'], range: [colors.observed, colors.calculated] },
        legend: legend ? { title: null, symbolType: 'stroke', orient: 'top-right', direction: 'vertical' } : null,
      },
      order: { field: 'x', type: 'quantitative' },
    },
    layer: [line('target', { strokeWidth: 2.2 }), line('calculated', { strokeWidth: 1.1 })],
  };
}

function maximum(values: ArrayLike<number>): number {
  let top = 0;
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i]);
  return top > 0 ? top : 1;
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}
