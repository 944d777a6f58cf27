import type { Surface } from './surface.js';

/**
 * Autocorrelation length along each axis: the shift at which the correlation of the surface with itself has fallen to 1/e, in the units of the axis. Interpolated linearly between
 * grid steps; the whole span where it does not fall so far.
 *
 * The correlation at a shift is the mean, over all pairs of points so far apart along the axis, of the product of their deviations from the mean value, by the variance.
 *
 * @see E. Weinberger, Biol. Cybern. 63 (1990) 325
 */
export function autocorrelationLengths({ axes, values }: Surface): readonly number[] {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const variance = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length;
  return axes.map(({ values: ticks }, k) => {
    const count = ticks.length;
    const span = ticks[count - 1] - ticks[0];
    const step = span / (count - 1);
    if (!(variance > 0)) return span;
    let before = 1;
    for (let shift = 1; shift < count; shift++) {
      const now = correlationAt(shift, k) / variance;
      if (now <= Math.exp(-1)) return step * (shift - 1 + (before - Math.exp(-1)) / (before - now));
      before = now;
    }
    return span;
  });

  function correlationAt(shift: number, axis: number): number {
    const columns = axes[0].values.length;
    const rows = values.length / columns;
    const [dx, dy] = axis === 0 ? [shift, 0] : [0, shift];
    let [sum, pairs] = [0, 0];
    for (let j = 0; j + dy < rows; j++)
      for (let i = 0; i + dx < columns; i++) {
        const product = (values[j * columns + i] - mean) * (values[(j + dy) * columns + i + dx] - mean);
        if (!Number.isFinite(product)) continue;
        sum += product;
        pairs++;
      }
    return pairs === 0 ? 0 : sum / pairs;
  }
}
