import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { BraggscapeError, isBraggscapeError } from '@braggscape/core';
import type { PluginHost } from '@braggscape/core';
import { checkJournals, copyJournals, journalFile, mergeProtocols, openJournal, protocolFile, readProtocol, tasksByKey } from '@braggscape/benchmark';
import type { FailedTask, FolderProtocol, Protocol } from '@braggscape/benchmark';
import type { CommonOptions } from '../commands/shared.js';
import { exitCode } from '../commands/shared.js';
import { createHost } from '../compositionRoot.js';
import { prepareFolder } from '../files/prepareFolder.js';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import type { Terminal } from '../terminal.js';
import { noteMissingDuckDb, writeBenchmark } from './writeBenchmark.js';

/** Options of `benchmark merge`. */
export interface MergeOptions extends Pick<CommonOptions, 'json'> {
  readonly output: string;
  readonly resume?: boolean;
  readonly figures: boolean;
}

/**
 * Put folders of results together and write their tables.
 * @returns the program's exit code
 * @throws BraggscapeError before anything is written, if the folders do not belong together
 */
export async function mergeBenchmarks(folders: readonly string[], { output, resume, figures }: MergeOptions, terminal: Terminal): Promise<number> {
  if (resume !== true && existsSync(journalFile(output))) {
    throw new BraggscapeError('file.unwritable', 'the folder holds results already', { path: output, hint: 'add to them with --resume, or choose another folder' });
  }
  const sources = await distinct(folders, output);
  const all: FolderProtocol[] = [];
  for (const folder of existsSync(protocolFile(output)) ? [output, ...sources] : sources) all.push({ folder, protocol: await readProtocol(folder) });
  const protocol = mergeProtocols(all);
  await checkJournals([output, ...sources]);
  await noteMissingDuckDb(terminal);
  await prepareFolder(output);
  const journal = await openJournal(output);
  try {
    const before = journal.keys.size;
    const added = await copyJournals(sources, journal);
    await writeFileAtomically(protocolFile(output), `${JSON.stringify(protocol, null, 1)}\n`);
    const { total, missing } = countMissing(protocol, journal.keys);
    const failed = await failuresOf([output, ...sources], journal.keys);
    const { cells, files } = await writeBenchmark(protocol, output, { state: 'complete', failed, shard: false, figures }, await hostFor(protocol, terminal), terminal);
    terminal.result({ state: missing === 0 ? 'complete' : 'incomplete', total, before, added, missing, failed, cells, files });
    terminal.line(`${total - missing} of ${total} tasks have results; ${added} of them are new`);
    if (missing > 0) terminal.note(`${missing} of ${total} tasks have no result: merge more folders with --resume, or do them with benchmark paper --resume`);
    return missing === 0 ? exitCode.done : exitCode.unconverged;
  } finally {
    await journal.close();
  }
}

/** A host for the figures. Plugins that are not installed here were needed where the results come from, and are not needed to draw most of them. */
async function hostFor({ plugins }: Protocol, terminal: Terminal): Promise<PluginHost> {
  try {
    return await createHost(plugins);
  } catch (error) {
    if (!isBraggscapeError(error)) throw error;
    terminal.note(`${error.message}; going on without the protocol's plugins`);
    return createHost();
  }
}

/** The folders without those named twice and without the output, which takes part anyway. */
async function distinct(folders: readonly string[], output: string): Promise<readonly string[]> {
  const real = (folder: string): Promise<string> => realpath(folder).catch(() => folder);
  const seen = new Set([await real(output)]);
  const kept: string[] = [];
  for (const folder of folders) {
    const place = await real(folder);
    if (!seen.has(place)) kept.push(folder);
    seen.add(place);
  }
  return kept;
}

function countMissing(protocol: Protocol, keys: ReadonlySet<string>): { readonly total: number; readonly missing: number } {
  const wanted = [...tasksByKey(protocol).keys()];
  return { total: wanted.length, missing: wanted.filter((key) => !keys.has(key)).length };
}

/** Failures of all folders whose tasks have no result from elsewhere, the last attempt of each. */
async function failuresOf(folders: readonly string[], keys: ReadonlySet<string>): Promise<readonly FailedTask[]> {
  const failures = new Map<string, FailedTask>();
  for (const folder of folders) {
    const text = await readFile(join(folder, 'failures.json'), 'utf8').catch(() => '[]');
    for (const failure of parseFailures(text)) if (!keys.has(failure.key)) failures.set(failure.key, failure);
  }
  return [...failures.values()].sort((a, b) => (a.task < b.task ? -1 : 1));
}

/** A file that is none tells nothing, and is no reason to refuse results. */
function parseFailures(text: string): readonly FailedTask[] {
  try {
    const failures = JSON.parse(text) as unknown;
    return Array.isArray(failures) ? (failures as FailedTask[]) : [];
  } catch {
    return [];
  }
}
