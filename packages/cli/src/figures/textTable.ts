/**
 * A table of texts as a part of a figure; the first row is the head, the first column stands to the left and all others to the right.
 * @param widths of the columns in pixels
 */
export function textTable(rows: readonly (readonly string[])[], widths: readonly number[], title?: string): Record<string, unknown> {
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0));
  const total = widths.reduce((sum, width) => sum + width, 0);
  const height = 17 * rows.length;
  const cells = rows.flatMap((row, r) => row.map((text, c) => ({ text, head: r === 0, first: c === 0, x: c === 0 ? 0 : starts[c] + widths[c], y: 17 * r + 9 })));
  const layer = (filter: string, mark: Record<string, unknown>): Record<string, unknown> => ({
    transform: [{ filter }],
    mark: { type: 'text', fontSize: 11, baseline: 'middle', fill: '#222222', aria: false, ...mark },
  });
  return {
    ...(title === undefined ? {} : { title: { text: title, fontSize: 12 } }),
    width: total,
    height,
    view: { stroke: null },
    data: { values: cells },
    encoding: {
      x: { field: 'x', type: 'quantitative', axis: null, scale: { domain: [0, total], nice: false } },
      y: { field: 'y', type: 'quantitative', axis: null, scale: { domain: [height, 0], nice: false } },
      text: { field: 'text' },
    },
    layer: [
      layer('datum.first && datum.head', { align: 'left', fontWeight: 'bold' }),
      layer('datum.first && !datum.head', { align: 'left' }),
      layer('!datum.first && datum.head', { align: 'right', fontWeight: 'bold' }),
      layer('!datum.first && !datum.head', { align: 'right' }),
    ],
  };
}
