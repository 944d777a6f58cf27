// Timing helpers of the benchmarks.

export { median } from '@braggscape/benchmark';

/** Milliseconds of each call, for at least `seconds` seconds and `least` calls, after one call to warm up. */
export function timesOf(run, seconds, least = 5) {
  run();
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end || times.length < least) {
    const began = performance.now();
    run();
    times.push(performance.now() - began);
  }
  return times;
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** One row of a table: the first cell to the left, the others to the right. */
export function row(cells, width = 15) {
  return cells.map((cell, i) => (i === 0 ? String(cell).padEnd(24) : String(cell).padStart(width))).join('');
}
