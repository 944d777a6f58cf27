import { lastValueFrom, tap } from 'rxjs';
import { basename, isAbsolute, join } from 'node:path';
import type { Checkpoint, PlanCheckpoint, PluginHost, RunEvent, StoppedEvent, Structure } from '@braggscape/core';
import { isBraggscapeError, relocated, structureFromJson } from '@braggscape/core';
import { amdDistance, findSymmetry, matchStructures, strictTolerances } from '@braggscape/crystal';
import { makePlan, makeRecord, normalizeConfig, resolvePlan, run$ } from '@braggscape/pipeline';
import type { Choice, InputRecord, Plan, RunConfig, RunInputs, RunRecord } from '@braggscape/pipeline';
import { programVersion } from './compositionRoot.js';
import { loadConfig } from './files/loadConfig.js';
import { loadPattern } from './files/loadPattern.js';
import { loadStructure, splitReference } from './files/loadStructure.js';
import { withPatternWavelength } from './files/patternWavelength.js';
import { readInput } from './files/readInput.js';
import { withModelFolders, withPhasePaths } from './results/recordPaths.js';

/** A refinement with everything read and checked, about to start. */
export interface PreparedRun {
  readonly config: RunConfig;
  readonly plan: Plan;
  readonly inputs: readonly InputRecord[];
  /** Where they lie. */
  readonly inputPaths: readonly string[];
  /** The structure to judge by: the reference, or the one the target was simulated from. */
  readonly truth: Structure | undefined;
  /** What was mended in the pattern file, a sentence each. */
  readonly repairs: readonly string[];
}

/** A refinement that has ended. */
export interface FinishedRun extends PreparedRun {
  readonly stopped: StoppedEvent;
  readonly record: RunRecord;
  readonly verdict: Verdict | undefined;
}

/** How the result compares with the structure it is judged by, before and after. */
export interface Verdict {
  readonly start: StructureComparison;
  readonly final: StructureComparison;
}

/** Two structures compared. */
export interface StructureComparison {
  /** Match with the paper's tolerances (0.1, 0.2, 5°). */
  readonly match: boolean;
  /** Match with the strict tolerances (0.01, 0.02, 0.5°), cells not rescaled. */
  readonly strict: boolean;
  /** Root mean square displacement, normalized by (V/n)^⅓; null without a match. */
  readonly rms: number | null;
  /** Largest displacement, normalized likewise; null without a match. */
  readonly maxDist: number | null;
  /** L∞ distance of the average minimum distances, Å. */
  readonly amdDistance: number;
  /** Short Hermann–Mauguin symbols; null where no symmetry was found. */
  readonly spacegroups: readonly [string | null, string | null];
}

/**
 * Check a configuration, read what it names and build the plan. Nothing is written.
 * @param directory folder that the configuration's paths start from
 * @throws BraggscapeError before any work starts
 */
export async function prepareRun(raw: unknown, host: PluginHost, directory: string): Promise<PreparedRun> {
  const config = normalizeConfig(await withPatternWavelength(await withPlanFile(raw, directory), (path) => (isAbsolute(path) ? path : join(directory, path)), host), host);
  const inputPaths: string[] = [];
  const repairs: string[] = [];
  const at = (path: string): string => {
    const whole = isAbsolute(path) ? path : join(directory, path);
    inputPaths.push(splitReference(whole).path);
    return whole;
  };
  const start = await loadStructure(at(config.structure), host);
  const inputs: InputRecord[] = [{ role: 'structure', name: config.structure, sha256: start.file.sha256 }];
  let observed: RunInputs['observed'];
  let truth: Structure | undefined;
  if (config.pattern.structure !== undefined) {
    const target = await loadStructure(at(config.pattern.structure), host);
    inputs.push({ role: 'pattern', name: config.pattern.structure, sha256: target.file.sha256 });
    observed = { structure: target.structure };
    truth = target.structure;
  } else {
    const measured = await loadPattern(at(config.pattern.file ?? ''), host, config.pattern.repair ? repairs : undefined);
    inputs.push({ role: 'pattern', name: config.pattern.file ?? '', sha256: measured.file.sha256 });
    observed = { pattern: measured.pattern };
  }
  if (config.reference !== undefined) {
    const reference = await loadStructure(at(config.reference), host);
    inputs.push({ role: 'reference', name: config.reference, sha256: reference.file.sha256 });
    truth = reference.structure;
  }
  const instrument = await withPhaseTexts(config.instrument, at, inputs);
  const folders: string[] = [];
  const objectives = withModelFolders(config.objectives, (folder) => {
    folders.push(folder);
    return isAbsolute(folder) ? folder : join(directory, folder);
  });
  for (const folder of folders) {
    const name = join(folder, 'signature.json');
    inputs.push({ role: 'potential', name, sha256: (await readInput(at(name))).sha256 });
  }
  const plan = await makePlan({ ...config, instrument, objectives }, { start: start.structure, observed }, host);
  return { config, plan, inputs, inputPaths, truth, repairs };
}

/**
 * A configuration whose plan, if it names a file, is that file's content.
 * @throws BraggscapeError as reading the file does, or `config.invalid` with the file and the key at fault
 */
export async function withPlanFile(raw: unknown, directory: string): Promise<unknown> {
  const { plan: given } = (raw ?? {}) as { plan?: unknown };
  if (typeof given !== 'string' || !/[\\/]|\.(ya?ml|json)$/.test(given)) return raw;
  const { config } = await loadConfig(isAbsolute(given) ? given : join(directory, given));
  const plan = { name: basename(given).replace(/\.[^.]*$/, ''), ...config };
  try {
    resolvePlan(plan);
  } catch (cause) {
    if (!isBraggscapeError(cause)) throw cause;
    throw relocated(cause, `${given}: ${(cause.path ?? 'plan').replace(/^plan\./, '')}`);
  }
  return { ...(raw as object), plan };
}

/** An instrument whose phases carry the text of their structure files. */
export async function withPhaseTexts(instrument: Choice, at: (path: string) => string, inputs: InputRecord[]): Promise<Choice> {
  const texts = new Map<string, string>();
  const paths: string[] = [];
  withPhasePaths(instrument, (path) => {
    paths.push(path);
    return path;
  });
  for (const path of paths) {
    const file = await readInput(at(path));
    inputs.push({ role: 'phase', name: path, sha256: file.sha256 });
    texts.set(path, file.text());
  }
  return withPhasePaths(instrument, (path) => texts.get(path) ?? path);
}

/** Run what was prepared to its end. */
export async function finishRun(
  prepared: PreparedRun,
  host: PluginHost,
  options: { signal?: AbortSignal; checkpoint?: Checkpoint | PlanCheckpoint; onEvent?: (event: RunEvent) => void } = {},
): Promise<FinishedRun> {
  const { plan, config, inputs, truth } = prepared;
  try {
    const last = await lastValueFrom(run$(plan, options).pipe(tap((event) => options.onEvent?.(event))));
    if (last.kind !== 'stopped') throw new Error(`the run ended with a "${last.kind}" event`);
    const record = makeRecord(config, inputs, host.plugins, last, { braggscape: programVersion, node: process.versions.node });
    const verdict =
      truth === undefined
        ? undefined
        : {
            start: await compareStructures(truth, structureFromJson(last.initial.structure)),
            final: await compareStructures(truth, structureFromJson(last.best.structure)),
          };
    return { ...prepared, stopped: last, record, verdict };
  } finally {
    plan.dispose();
  }
}

/** Compare two structures the ways results are judged. */
export async function compareStructures(
  a: Structure,
  b: Structure,
  tolerances?: Parameters<typeof matchStructures>[2],
): Promise<StructureComparison> {
  const loose = await matchStructures(a, b, tolerances);
  const strict = await matchStructures(a, b, strictTolerances);
  return {
    match: loose.match,
    strict: strict.match,
    rms: loose.rms ?? null,
    maxDist: loose.maxDist ?? null,
    amdDistance: amdDistance(a, b),
    spacegroups: [spaceGroupSymbol(a), spaceGroupSymbol(b)],
  };
}

/** Short Hermann–Mauguin symbol at 0.01 Å; null where the symmetry finder gives up, as it may on overlapping atoms. */
function spaceGroupSymbol(structure: Structure): string | null {
  try {
    return findSymmetry(structure).symbol;
  } catch {
    return null;
  }
}
