import type { GridAxis } from '@braggscape/landscape';
import type { ScanSetup } from './scanSetup.js';

/** The grid of a scan. */
export function scanGrid({ axes }: Pick<ScanSetup, 'axes'>): readonly GridAxis[] {
  return axes.map(({ name, unit, values }) => ({ name, unit, values: Float64Array.from(values) }));
}
