import type { Minimizer, Projector, Structure, StructureJson, VectorProblem } from '@braggscape/core';
import { BraggscapeError, structureToJson } from '@braggscape/core';
import { structureParameterization } from '@braggscape/crystal';
import type { VariedBlock } from '@braggscape/crystal';
import { descend } from '@braggscape/landscape';
import type { DescentOptions } from '@braggscape/landscape';
import { weightedSum } from '@braggscape/optimizers';
import { noProjector } from '@braggscape/projectors';
import { isInadmissible } from '../run/inadmissible.js';
import { refinedParameters } from '../run/refinedParameters.js';
import { structureProblem } from '../run/structureProblem.js';
import type { WeightedObjective } from '../run/structureProblem.js';
import type { Slice } from './slice.js';
import { sliceProblem } from './sliceProblem.js';

/** The three settings of descent that the paper compares. */
export type PathSetting = 'unconstrained' | 'unconstrained from projected start' | 'projected';

/** The way of a descent, as seen on the slice. */
export interface ScanPath {
  readonly setting: PathSetting;
  /** Positions on the slice, the start first; in full space those nearest to the structures. */
  readonly points: readonly (readonly number[])[];
  /** Combined value at each. */
  readonly values: readonly number[];
  readonly end: 'converged' | 'noStep' | 'maxSteps';
  /** The structure where it ended. */
  readonly final: StructureJson;
}

/** What descends, and where. */
export interface ScanPathOptions extends DescentOptions {
  readonly objectives: readonly WeightedObjective[];
  readonly minimizer: Minimizer;
  /** Constraint of the settings that have one. */
  readonly projector: Projector;
  /** `full`: all parameters of the blocks move, and the way is seen from the slice. `slice`: nothing moves but the position. */
  readonly space: 'full' | 'slice';
  /** Blocks that move in full space. */
  readonly vary: readonly VariedBlock[];
}

/**
 * The ways of descents from a position in the three settings; only the first where the projector changes nothing.
 * @throws BraggscapeError `option.invalid` where a projection leads out of the slice and the descent is held in it
 */
export async function scanPaths(slice: Slice, start: readonly number[], options: ScanPathOptions): Promise<readonly ScanPath[]> {
  const from = slice.structureAt(start);
  const { projector } = options;
  const paths = [await onePath(slice, from, noProjector, 'unconstrained', options)];
  if (projector.removedDof(from) === 0) return paths;
  paths.push(await onePath(slice, projector.project(from), noProjector, 'unconstrained from projected start', options));
  paths.push(await onePath(slice, from, projector, 'projected', options));
  return paths;
}

/**
 * Check that descents can start at a position, before anything is computed.
 * @throws BraggscapeError `option.invalid` where there is no cell, or a projection leads out of the slice and the descent is held in it
 */
export function checkDescentStart(slice: Slice, start: readonly number[], projector: Projector, space: ScanPathOptions['space']): void {
  try {
    const from = slice.structureAt(start);
    projector.project(from);
    if (space === 'slice') sliceProblem(slice, [], projector).project(inSliceStart(slice, from));
  } catch (error) {
    if (!isInadmissible(error)) throw error;
    throw new BraggscapeError('option.invalid', `there is no structure at the start ${start.map((value) => Number(value.toPrecision(4))).join(', ')}: ${(error as Error).message}`, { path: 'from', hint: 'start elsewhere' });
  }
}

async function onePath(slice: Slice, from: Structure, projector: Projector, setting: PathSetting, options: ScanPathOptions): Promise<ScanPath> {
  const { problem, start, structureAt } = options.space === 'slice' ? inSlice(slice, from, projector, options) : inFull(from, projector, options);
  const { points, values, end } = await descend(problem, options.minimizer, start, options);
  return {
    setting,
    points: points.map((x) => slice.positionOf(structureAt(x))),
    values,
    end,
    final: structureToJson(structureAt(points[points.length - 1])),
  };
}

interface Descent {
  readonly problem: VectorProblem;
  readonly start: Float64Array;
  structureAt(x: Float64Array): Structure;
}

function inFull(from: Structure, projector: Projector, { objectives, vary }: ScanPathOptions): Descent {
  const parameterization = structureParameterization(from, { vary });
  const problem = structureProblem(objectives, weightedSum, parameterization, projector, refinedParameters([], []));
  return { problem, start: parameterization.pack(from), structureAt: (x) => problem.structureAt(x) };
}

function inSlice(slice: Slice, from: Structure, projector: Projector, { objectives }: ScanPathOptions): Descent {
  const { origin, scales } = slice;
  return {
    problem: sliceProblem(slice, objectives, projector),
    start: inSliceStart(slice, from),
    structureAt: (x) => slice.structureAt(origin.map((value, k) => value + x[k] / scales[k])),
  };
}

/** Position of a structure relative to the slice's own, in Å along each axis. */
function inSliceStart(slice: Slice, from: Structure): Float64Array {
  return Float64Array.from(slice.positionOf(from), (value, k) => (value - slice.origin[k]) * slice.scales[k]);
}
