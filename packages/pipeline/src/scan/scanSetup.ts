import type { Pattern, StructureJson } from '@braggscape/core';
import type { Choice, ObjectiveChoice } from '../config/runConfig.js';

/** One of the surfaces that a scan computes. */
export interface ScanSurface {
  /** Name in results: the objective's, with `@WIDTH` where peaks are broadened. */
  readonly id: string;
  readonly choice: ObjectiveChoice;
  /** FWHM in degrees that peaks are broadened by; 0: not. */
  readonly broadening: number;
}

/** An axis as plain data. */
export interface ScanAxisJson {
  readonly name: string;
  readonly unit: string;
  readonly origin: number;
  readonly direction: readonly number[];
  readonly kind: 'length' | 'angle' | 'coordinate' | 'displacement' | 'path';
  /** Evenly spaced values, ascending. */
  readonly values: readonly number[];
}

/** Everything that the values of a scan depend on, as plain data that may be sent to a worker. */
export interface ScanSetup {
  /** The structure that the slice goes through. */
  readonly structure: StructureJson;
  readonly axes: readonly ScanAxisJson[];
  readonly surfaces: readonly ScanSurface[];
  readonly instrument: Choice;
  /** What metrics compare with: a measured pattern, or a structure with the axis to simulate it on; absent where no metric is asked for. */
  readonly target?: { readonly pattern: Pattern } | { readonly structure: StructureJson; readonly twoTheta: { readonly start: number; readonly stop: number; readonly count: number } };
}
