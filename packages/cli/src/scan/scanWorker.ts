import { workerData } from 'node:worker_threads';
import type { PluginHost } from '@braggscape/core';
import { createScanEvaluator } from '@braggscape/pipeline';
import type { ScanEvaluator, ScanSetup } from '@braggscape/pipeline';
import { createHost } from '../compositionRoot.js';

/** What every worker of a scan is started with. */
export interface ScanWorkerData {
  readonly setup: ScanSetup;
  readonly plugins: readonly string[];
  /** Folder that plugin names are resolved from. */
  readonly directory: string;
}

/** A stretch of grid points: from `first` to `end`, not included. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
}

let evaluator: Promise<ScanEvaluator> | undefined;

/** Values of stretches, computed in a worker thread one after the other; the evaluator is made at the first. */
export async function evaluateStretches(stretches: readonly Stretch[]): Promise<readonly (readonly Float64Array[])[]> {
  const data = workerData as ScanWorkerData;
  evaluator ??= createHost(data.plugins, data.directory).then((host: PluginHost) => createScanEvaluator(data.setup, host));
  const { evaluate } = await evaluator;
  const found: (readonly Float64Array[])[] = [];
  for (const { first, end } of stretches) found.push(await evaluate(first, end));
  return found;
}
