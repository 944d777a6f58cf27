import { lastValueFrom, tap } from 'rxjs';
import type { Front, FrontEvent, PluginHost, Structure } from '@braggscape/core';
import { structureFromJson } from '@braggscape/core';
import { checkFront, front$ } from '@braggscape/pipeline';
import type { InputRecord } from '@braggscape/pipeline';
import { programVersion } from './compositionRoot.js';
import { loadStructure } from './files/loadStructure.js';
import { broadeningWidths } from './options.js';
import { compareStructures, prepareRun } from './session.js';
import type { PreparedRun, StructureComparison } from './session.js';

/** How a front is asked for. */
export interface FrontSettings {
  /** Points wanted; default 15. */
  readonly points?: number;
  /** Decades of the ratio of weights to either side; default 2. */
  readonly decades?: number;
  /** Steps of a descent; default 400. */
  readonly steps?: number;
  /** Structure files to start from besides the configuration's. */
  readonly from?: readonly string[];
}

/**
 * A configuration with what suits a front where it says nothing: pattern and CHGNet as objectives, L-BFGS with a memory as long as small cells have parameters, so that the flat valleys of
 * pattern losses are followed to their end, and a schedule of peak widths.
 */
export function withFrontDefaults(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  return {
    objectives: [{ use: 'cosine' }, { use: 'chgnet' }],
    // Energies are in single precision: a rise by their rounding is none.
    optimizer: { use: 'lbfgs', memory: 60, noise: 2e-7 },
    broadening: { fwhm: broadeningWidths },
    ...raw,
  };
}

/** A front with everything read and checked, about to be computed. */
export interface PreparedFront extends PreparedRun {
  readonly settings: FrontSettings;
  /** The further structures to start from. */
  readonly starts: readonly Structure[];
}

/** Check a configuration of a front and read what it names. Nothing is written. @throws BraggscapeError before any work starts */
export async function prepareFront(raw: unknown, host: PluginHost, directory: string, settings: FrontSettings = {}): Promise<PreparedFront> {
  const { from = [], ...numbers } = settings;
  const starts: Structure[] = [];
  const inputs: InputRecord[] = [];
  for (const path of from) {
    const { structure, file } = await loadStructure(path, host);
    starts.push(structure);
    inputs.push({ role: 'start', name: path, sha256: file.sha256 });
  }
  const prepared = await prepareRun(withFrontDefaults(raw), host, directory);
  try {
    checkFront(prepared.plan, { ...numbers, starts });
  } catch (error) {
    prepared.plan.dispose();
    throw error;
  }
  return { ...prepared, inputs: [...prepared.inputs, ...inputs], settings, starts };
}

/** A front that has been computed, with what it was computed from. */
export interface FinishedFront extends PreparedFront {
  readonly front: Front;
  /** How each point compares with the structure to judge by; empty without one. */
  readonly verdicts: readonly StructureComparison[];
  /** Version of the program and of each plugin by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Compute the front that was prepared. */
export async function finishFront(prepared: PreparedFront, host: PluginHost, options: { signal?: AbortSignal; onEvent?: (event: FrontEvent) => void } = {}): Promise<FinishedFront> {
  const { plan, truth, settings, starts } = prepared;
  try {
    const { from: _from, ...numbers } = settings;
    const events = front$(plan, { ...numbers, starts, ...(options.signal === undefined ? {} : { signal: options.signal }) });
    const last = await lastValueFrom(events.pipe(tap((event) => options.onEvent?.(event))));
    if (last.kind !== 'stopped') throw new Error(`the computation ended with a "${last.kind}" event`);
    const verdicts: StructureComparison[] = [];
    if (truth !== undefined) for (const { structure } of last.front.points) verdicts.push(await compareStructures(truth, structureFromJson(structure)));
    const versions = { braggscape: programVersion, node: process.versions.node, ...Object.fromEntries(host.plugins.map(({ name, version }) => [name, version])) };
    return { ...prepared, front: last.front, verdicts, versions };
  } finally {
    plan.dispose();
  }
}

/** The three points worth looking at: both ends, and between them the knee, or the middle where the knee is an end; fewer where there are fewer. */
export function exampleIndices({ points, knee }: Front): readonly number[] {
  const last = points.length - 1;
  const middle = knee > 0 && knee < last ? knee : Math.floor(points.length / 2);
  return [...new Set([0, middle, last])].filter((index) => index >= 0);
}

/** What the point of an index is, in words. */
export function pointName({ points, knee, objectives }: Front, index: number): string {
  const lowest = ({ id, unit }: Front['objectives'][number]): string => `lowest ${id}${unit === 'eV/atom' ? ' energy' : unit === '1' ? ' loss' : ''}`;
  if (points.length === 1) return objectives.map(lowest).join(', ');
  if (index === 0 || index === points.length - 1) return lowest(objectives[index === 0 ? 0 : 1]);
  return index === knee ? 'knee' : 'between';
}
