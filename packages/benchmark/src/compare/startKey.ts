import { createHash } from 'node:crypto';
import { canonicalJson } from '@braggscape/core';
import type { BenchmarkStructure, Protocol } from '../protocol/protocol.js';
import type { Task } from '../tasks/task.js';

/** What a start is made from, beside the protocol. */
export type StartOfTask = Pick<Task, 'structure' | 'noise' | 'level' | 'sample'>;

/**
 * Identity of the start of a task: equal keys mean that the same crystal is to be recovered from the same distorted structure, whatever the setting, the instrument and the version.
 * It covers what {@link distortedStart} depends on: the structure by content and by name (the random numbers are drawn for the name), noise model, level and sample, seed and noise law.
 */
export function startKeys({ seed, distribution }: Pick<Protocol, 'seed' | 'distribution'>): (start: StartOfTask) => string {
  const common = canonicalJson({ seed, distribution });
  const parts = new Map<BenchmarkStructure, string>();
  return ({ structure, noise, level, sample }) => {
    let part = parts.get(structure);
    if (part === undefined) {
      part = canonicalJson(structure);
      parts.set(structure, part);
    }
    return createHash('sha256').update(`${common}\n${part}\n${noise} ${level} ${sample}`).digest('hex').slice(0, 32);
  };
}
