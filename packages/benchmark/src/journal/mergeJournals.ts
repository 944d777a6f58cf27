import { createHash } from 'node:crypto';
import { BraggscapeError, canonicalJson } from '@braggscape/core';
import type { TaskResult } from '../results/taskResult.js';
import { readJournal } from './journal.js';
import type { Journal } from './journal.js';

/** Conflicts that are listed one by one. */
const LISTED = 10;

/**
 * Copy the results of folders into a journal, each key once.
 * @returns how many were new
 * @throws BraggscapeError what reading and writing journals throws
 */
export async function copyJournals(sources: readonly string[], journal: Journal): Promise<number> {
  let added = 0;
  for (const source of sources) {
    for await (const result of readJournal(source)) if (await journal.append(result)) added++;
  }
  return added;
}

/**
 * Check that equal tasks of several folders have equal results, times aside. Where they do not, machines or installations differ, and mixing them would hide it.
 * @throws BraggscapeError `format.invalid` that lists the results with equal keys and different numbers
 */
export async function checkJournals(folders: readonly string[]): Promise<void> {
  const known = new Map<string, { readonly numbers: string; readonly folder: string }>();
  const conflicts: string[] = [];
  for (const folder of folders) {
    for await (const result of readJournal(folder)) {
      const numbers = numbersOf(result);
      const earlier = known.get(result.key);
      if (earlier === undefined) known.set(result.key, { numbers, folder });
      else if (earlier.numbers !== numbers) {
        const { noise, level, sample, structure, setting, key } = result;
        conflicts.push(`${noise} ${level} #${sample} ${structure} ${setting} (${key}) in ${earlier.folder} and ${folder}`);
      }
    }
  }
  if (conflicts.length === 0) return;
  const rest = conflicts.length > LISTED ? `, and ${conflicts.length - LISTED} more` : '';
  throw new BraggscapeError('format.invalid', `equal tasks have different results: ${conflicts.slice(0, LISTED).join('; ')}${rest}`, {
    hint: 'one of the folders was computed by a changed program, plugin or model: leave it out, or remove those lines from its journal and go on with --resume',
  });
}

/** A digest of what a task computed, without times. */
function numbersOf({ stopReason, steps, evaluations, initial, final, objectives, verdict }: TaskResult): string {
  return createHash('sha256').update(canonicalJson({ stopReason, steps, evaluations, initial, final, objectives, verdict })).digest('base64');
}
