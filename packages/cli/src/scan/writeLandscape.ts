import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { pointAt, pointCount } from '@braggscape/landscape';
import { scanGrid } from '@braggscape/pipeline';
import type { Landscape, LandscapeSurface, ScanSetup } from '@braggscape/pipeline';
import { writeFileAtomically } from '../files/writeFileAtomically.js';

/**
 * Write `landscape.json` and `landscape.parquet`: a column for each axis and surface, a row for each grid point, the first axis running fastest. Points without a value are empty.
 * @returns both paths
 * @throws BraggscapeError `file.unwritable`
 */
export async function writeLandscape(landscape: Landscape, setup: ScanSetup, surfaces: readonly LandscapeSurface[], folder: string): Promise<{ readonly json: string; readonly parquet: string }> {
  const [json, parquet] = [join(folder, 'landscape.json'), join(folder, 'landscape.parquet')];
  await writeFileAtomically(parquet, parquetOf(setup, surfaces));
  await writeFileAtomically(json, `${JSON.stringify(landscape)}\n`);
  return { json, parquet };
}

/** The table of a scan as a Parquet file. */
export function parquetOf(setup: ScanSetup, surfaces: readonly LandscapeSurface[]): Uint8Array {
  const axes = scanGrid(setup);
  const positions = Array.from({ length: pointCount(axes) }, (_, i) => pointAt(axes, i));
  const columnData = [
    ...axes.map(({ name }, k) => ({ name, data: positions.map((position) => position[k]), type: 'DOUBLE' as const, nullable: false })),
    ...surfaces.map(({ id, values }) => ({ name: id, data: Array.from(values, (value) => (Number.isFinite(value) ? value : null)), type: 'DOUBLE' as const, nullable: true })),
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
