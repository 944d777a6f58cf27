import { BraggscapeError } from '@braggscape/core';
import type { Projector, Structure } from '@braggscape/core';
import { cellFromLattice, cellParameterNames } from '@braggscape/crystal';
import { cellBoundsMap, onBound, shapeOf } from './cellBounds.js';
import type { CellBounds } from './cellBounds.js';
import { composeProjectors } from './composeProjectors.js';
import { latticeProjector } from './latticeProjector.js';
import { minimumDistanceProjector } from './minimumDistances.js';

/** Bounds of a descent, relative to the structure it starts from. Intervals are widened to contain the start. */
export interface Bounds {
  /** Least and largest factor of each length. */
  readonly lengths: readonly [number, number];
  /** Least and largest angle, degrees. */
  readonly angles: readonly [number, number];
  /** Largest change of each angle, degrees. */
  readonly angleChange: number;
  /** Least and largest factor of the volume. */
  readonly volume: readonly [number, number];
  /** Least distance of atoms as a part of the sum of their covalent radii; 0: no bound. */
  readonly minimumDistance: number;
}

/**
 * Named bounds. `wide` lets strongly distorted structures come home and keeps a descent from running away. `tight` is for a structure known to 5 % and 5°. Neither keeps atoms apart: on their way home they may have
 * to pass each other.
 */
export const boundsPresets = {
  wide: { lengths: [0.5, 2], angles: [30, 150], angleChange: 180, volume: [0.4, 2.5], minimumDistance: 0 },
  tight: { lengths: [0.95, 1.05], angles: [30, 150], angleChange: 5, volume: [0.85, 1.16], minimumDistance: 0 },
} as const satisfies Record<string, Bounds>;

export type BoundsPreset = keyof typeof boundsPresets;

/** Angles never enclose less than this, as a part of what right angles do, unless the start's do. */
const flattestShape = 0.1;

/**
 * Projector onto the structures within bounds of a start: cells by clamping (see `cellBoundsMap`), atoms by pushing them apart. P(P(s)) = P(s) holds. P has kinks at the bounds: there `projectGradient` is the
 * derivative from the inside, so that a descent that stands at a bound can leave it; outside it is the derivative, zero along what is clamped.
 *
 * @throws BraggscapeError `option.invalid` for an interval that is none, or bounds that contradict each other
 */
export function boundsProjector(start: Structure, bounds: Bounds = boundsPresets.wide): Projector {
  checkBounds(bounds);
  const cell = cellBoundsOf(start, bounds);
  const lattice = latticeProjector('bounds', cellBoundsMap(cell), 0);
  const atBound = ({ lattice: at }: Structure): readonly string[] => boundsReached(cellFromLattice(at), cell);
  // A cell within its bounds stays what it is to the last bit.
  const project: Projector['project'] = (structure) => (lattice.violation(structure) <= onBound ? structure : lattice.project(structure));
  const ofCell: Projector = { ...lattice, project, violation: (structure) => Math.max(0, lattice.violation(structure) - onBound), atBound };
  return bounds.minimumDistance === 0 ? ofCell : { ...composeProjectors([ofCell, minimumDistanceProjector(start, bounds.minimumDistance)]), id: 'bounds' };
}

function cellBoundsOf(start: Structure, { lengths, angles, angleChange, volume }: Bounds): CellBounds {
  const cell = cellFromLattice(start.lattice);
  const shape = shapeOf(cell);
  const size = cell[0] * cell[1] * cell[2] * shape;
  // Lengths must be able to make up for what the angles take from the volume.
  const needed = (1.05 * shape * volume[0]) / lengths[1] ** 3;
  return {
    start: cell,
    lengths: [0, 1, 2].map((i) => [cell[i] * lengths[0], cell[i] * lengths[1]] as const),
    angles: [3, 4, 5].map((i) => [Math.min(cell[i], Math.max(angles[0], cell[i] - angleChange)), Math.max(cell[i], Math.min(angles[1], cell[i] + angleChange))] as const),
    volume: [size * volume[0], size * Math.max(volume[1], (1.05 * lengths[0] ** 3) / shape)],
    leastShape: Math.min(shape * (1 - 1e-6), Math.max(flattestShape, needed)),
  };
}

/** Names of the bounds that a cell stands at. */
function boundsReached(cell: Float64Array, { lengths, angles, volume, leastShape }: CellBounds): readonly string[] {
  const at = (value: number, [lower, upper]: readonly [number, number]): boolean => upper > lower && (value <= lower * (1 + 1e-6) || value >= upper * (1 - 1e-6));
  const shape = shapeOf(cell);
  return [
    ...[...lengths, ...angles].flatMap((interval, i) => (at(cell[i], interval) ? [`cell.${cellParameterNames[i]}`] : [])),
    ...(at(cell[0] * cell[1] * cell[2] * shape, volume) ? ['cell.volume'] : []),
    ...(shape <= leastShape * (1 + 1e-7) ? ['cell.angles'] : []),
  ];
}

function checkBounds({ lengths, angles, angleChange, volume, minimumDistance }: Bounds): void {
  const fail = (path: string, value: unknown, hint: string): never => {
    throw new BraggscapeError('option.invalid', `the bounds of ${path} are ${JSON.stringify(value)}`, { path, hint });
  };
  if (!(lengths[0] > 0 && lengths[0] <= 1 && lengths[1] >= 1 && lengths[1] < Infinity)) fail('lengths', lengths, 'give two factors on either side of 1, such as [0.5, 2]');
  if (!(volume[0] > 0 && volume[0] <= 1 && volume[1] >= 1 && volume[1] < Infinity)) fail('volume', volume, 'give two factors on either side of 1, such as [0.4, 2.5]');
  if (!(angles[0] > 0 && angles[0] <= angles[1] && angles[1] < 180)) fail('angles', angles, 'give two angles between 0 and 180 degrees, such as [30, 150]');
  if (!(angleChange >= 0)) fail('angleChange', angleChange, 'give a change in degrees that is not negative');
  if (!(minimumDistance >= 0 && minimumDistance <= 1)) fail('minimumDistance', minimumDistance, 'give a part of the covalent radii from 0 to 1');
}
