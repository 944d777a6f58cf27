import type { LocalMinimum, Barrier, Roughness, SurfaceAnalysis } from '@braggscape/landscape';
import { analyseSurface, barrierAlong, surface } from '@braggscape/landscape';
import type { StructureJson } from '@braggscape/core';
import type { Choice } from '../config/runConfig.js';
import { scanGrid } from './scanGrid.js';
import type { ScanPath } from './scanPaths.js';
import type { ScanAxisJson, ScanSetup, ScanSurface } from './scanSetup.js';

/** A surface of a landscape: an objective, at a peak width, or a weighted sum of two. */
export interface LandscapeSurface {
  readonly id: string;
  readonly unit: string;
  /** FWHM in degrees that peaks were broadened by; 0: not. */
  readonly broadening: number;
  /** Weights of the surfaces that it is the sum of; absent where it was computed itself. */
  readonly weights?: Readonly<Record<string, number>>;
  /** [points] the first axis runs fastest; NaN where there is no value. */
  readonly values: Float64Array;
}

/** A minimum as reported. */
export interface ReportedMinimum extends Omit<LocalMinimum, 'index'> {
  /** Whether the structure that the slice goes through lies in its basin. */
  readonly holdsTruth: boolean;
}

/** Curvatures of an objective at the structure itself. */
export interface ReportedCurvature {
  readonly eigenvalues: readonly number[];
  readonly flat: number;
  readonly conditionNumber: number;
  readonly negativeFraction: number;
}

/** What a landscape was computed from, every option filled in. */
export interface LandscapeConfig {
  readonly instrument: Choice;
  /** The computed surfaces, with their objectives; weights are those of the sum `combined`. */
  readonly objectives: readonly ScanSurface[];
  /** What metrics compare with: the hash of its content, and the axis in degrees; absent where there is no metric. */
  readonly target?: { readonly kind: 'structure' | 'pattern'; readonly sha256: string; readonly twoTheta: { readonly start: number; readonly stop: number; readonly count: number } };
  /** Descents; absent where none were asked for. */
  readonly descent?: {
    /** Id of the surface descended. */
    readonly on: string;
    readonly space: 'full' | 'slice';
    readonly optimizer: Choice;
    readonly projector: Choice;
    /** Positions in the units of the axes. */
    readonly starts: readonly (readonly number[])[];
    /** Largest number of steps. */
    readonly steps: number;
  };
  /** Of random axes, optimizers and projectors. */
  readonly seed: number;
}

/** Where a landscape comes from. */
export interface LandscapeProvenance {
  readonly config: LandscapeConfig;
  /** Version of the program, of Node and of each plugin, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A scan with its analysis, as kept in `landscape.json`. */
export interface Landscape extends LandscapeProvenance {
  readonly format: 'braggscape-landscape/1';
  readonly structure: StructureJson;
  readonly axes: readonly ScanAxisJson[];
  readonly surfaces: readonly (Omit<LandscapeSurface, 'values'> & { readonly values: readonly (number | null)[] })[];
  readonly minima: Readonly<Record<string, readonly ReportedMinimum[]>>;
  readonly roughness: Readonly<Record<string, Roughness>>;
  readonly curvature: Readonly<Record<string, ReportedCurvature>>;
  readonly paths: readonly ScanPath[];
  /** On a line to another structure: the barrier on the straight way from that one to this one, by surface. */
  readonly barriers: Readonly<Record<string, Barrier>>;
}

/** The surfaces of a scan, from what was computed. */
export function computedSurfaces({ surfaces }: ScanSetup, units: readonly string[], values: readonly Float64Array[]): readonly LandscapeSurface[] {
  return surfaces.map(({ id, broadening }, i) => ({ id, unit: units[i], broadening, values: values[i] }));
}

/** Weighted sum of surfaces of one grid; its unit is 1, as weights are per unit. */
export function combinedSurface(id: string, parts: readonly { readonly surface: LandscapeSurface; readonly weight: number }[]): LandscapeSurface {
  const values = new Float64Array(parts[0].surface.values.length);
  for (const { surface: part, weight } of parts) for (let i = 0; i < values.length; i++) values[i] += weight * part.values[i];
  return { id, unit: '1', broadening: 0, weights: Object.fromEntries(parts.map(({ surface: part, weight }) => [part.id, weight])), values };
}

/** Minima and roughness of each surface, by id. The true position is that of the structure itself, where it lies in the slice. */
export function analyseSurfaces(setup: ScanSetup, surfaces: readonly LandscapeSurface[]): ReadonlyMap<string, SurfaceAnalysis> {
  const axes = scanGrid(setup);
  const truth = setup.axes.map(({ origin }) => origin);
  return new Map(surfaces.map(({ id, values }) => [id, analyseSurface(surface(axes, values), truth)]));
}

/** The plain-data form of a scan with its analysis. */
export function makeLandscape(
  setup: ScanSetup,
  surfaces: readonly LandscapeSurface[],
  analyses: ReadonlyMap<string, SurfaceAnalysis>,
  more: LandscapeProvenance & Pick<Landscape, 'curvature' | 'paths'>,
): Landscape {
  const analysed = (id: string): SurfaceAnalysis => analyses.get(id) as SurfaceAnalysis;
  return {
    format: 'braggscape-landscape/1',
    structure: setup.structure,
    axes: setup.axes,
    surfaces: surfaces.map(({ values, ...rest }) => ({ ...rest, values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)) })),
    minima: Object.fromEntries(surfaces.map(({ id }) => [id, reportedMinima(analysed(id))])),
    roughness: Object.fromEntries(surfaces.map(({ id }) => [id, analysed(id).roughness])),
    ...more,
    barriers: barriersOf(setup, surfaces),
  };
}

/** Barriers of a scan along a single path that holds both of its ends. */
function barriersOf({ axes }: ScanSetup, surfaces: readonly LandscapeSurface[]): Readonly<Record<string, Barrier>> {
  const [axis] = axes;
  if (axes.length !== 1 || axis.kind !== 'path') return {};
  const last = axis.values.findLastIndex((value) => value <= 1 + 1e-9);
  const first = axis.values.findIndex((value) => value >= -1e-9);
  if (first < 0 || axis.values[axis.values.length - 1] < 1 - 1e-9 || axis.values[0] > 1e-9) return {};
  return Object.fromEntries(surfaces.map(({ id, values }) => [id, barrierAlong(values.slice(first, last + 1).reverse())]));
}

function reportedMinima({ minima, trueMinimum }: SurfaceAnalysis): readonly ReportedMinimum[] {
  return minima.map((minimum) => {
    const { index: _index, ...rest } = minimum;
    return { ...rest, holdsTruth: minimum === trueMinimum };
  });
}
