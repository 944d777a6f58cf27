import type { Structure } from '@braggscape/core';
import { elementSymbol } from '../elements.js';

/** What a cell contains. */
export interface Composition {
  /** Formula of one formula unit as CIFs write it, such as `Mg2 Si`; of the cell where the counts are not whole. */
  readonly formula: string;
  /** Formula units in the cell. */
  readonly formulaUnits: number;
}

/** Formula in the order of Hill (1900): carbon, hydrogen, then the alphabet; without carbon the alphabet alone. */
export function compositionOf(structure: Structure): Composition {
  const counts = new Map<string, number>();
  structure.numbers.forEach((z, i) => {
    const symbol = elementSymbol(z);
    counts.set(symbol, (counts.get(symbol) ?? 0) + structure.occupancy[i]);
  });
  const whole = [...counts.values()].every((count) => Math.abs(count - Math.round(count)) < 1e-6 && Math.round(count) > 0);
  const units = whole ? [...counts.values()].map(Math.round).reduce(greatestCommonDivisor) : 1;
  const rank = (symbol: string): string => (counts.has('C') && (symbol === 'C' || symbol === 'H') ? ` ${symbol}` : symbol);
  const formula = [...counts]
    .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .map(([symbol, count]) => symbol + countText(count / units))
    .join(' ');
  return { formula, formulaUnits: units };
}

function countText(count: number): string {
  const text = String(Number(count.toFixed(4)));
  return text === '1' ? '' : text;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
