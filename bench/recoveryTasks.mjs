// The rows, columns and structures of the recovery table.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Largest strain and largest fractional displacement of each column, and whether the target is realistic. */
export const columns = {
  L10: { lattice: 0.1, coordinates: 0 },
  L20: { lattice: 0.2, coordinates: 0 },
  X05: { lattice: 0, coordinates: 0.05 },
  X10: { lattice: 0, coordinates: 0.1 },
  B05: { lattice: 0.05, coordinates: 0.05 },
  B10: { lattice: 0.1, coordinates: 0.1 },
  X20: { lattice: 0, coordinates: 0.2 },
  L20X10: { lattice: 0.2, coordinates: 0.1 },
  'real-L10': { lattice: 0.1, coordinates: 0, realistic: true },
  'real-L20': { lattice: 0.2, coordinates: 0, realistic: true },
  'real-X10': { lattice: 0, coordinates: 0.1, realistic: true },
  'real-B10': { lattice: 0.1, coordinates: 0.1, realistic: true },
};

const sharp = (projector) => ({
  plan: 'descent',
  objectives: [{ use: 'cosine' }],
  optimizer: { use: 'snap' },
  projector,
  stop: [{ use: 'max-steps', steps: 1000 }, { use: 'gradient-tolerance' }, { use: 'stalled' }, { use: 'diverged' }],
});

/** Configuration of each method; `family` is that of the true structure's lattice, which only the row that says so is told. */
export const rows = {
  sharp: () => sharp({ use: 'none' }),
  'sharp-family': (family) => sharp(family),
  annealed: () => ({ plan: 'xrd' }),
  energy: () => ({ plan: 'energy' }),
  joint: () => ({ plan: 'joint' }),
  robust: () => ({ plan: 'robust' }),
};

/** Structures that settings were chosen on; the others were not looked at before. */
export const families = { chosenOn: ['Au2S', 'BaP3', 'GaTe', 'Na3MnCoNiO6', 'SmHo3Ni4'] };

/** The shared structures where they are present, else those of the examples. */
export function structureFiles() {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const shared = join(root, '../shared/structures');
  const folder = existsSync(shared) ? shared : join(root, 'examples');
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.cif') && !name.includes('node_modules'))
    .sort()
    .map((name) => ({ name: basename(name, '.cif').replace(/_mp-.*/, ''), path: join(folder, name) }));
}
