import type { HistoryEntry, PluginMeta, ResultVerdict, Solution, StopReason, StoppedEvent } from '@braggscape/core';
import type { RunConfig } from '../config/runConfig.js';

/** A file that went into a run. */
export interface InputRecord {
  /** What it was used as: `structure`, `pattern`, `reference` or `configuration`. */
  readonly role: string;
  readonly name: string;
  /** Of the bytes as read. */
  readonly sha256: string;
}

/** Everything needed to know, and to repeat, what a run did. */
export interface RunRecord {
  readonly format: 'braggscape-record/1';
  /** Every default filled in; a valid configuration itself. */
  readonly config: RunConfig;
  readonly inputs: readonly InputRecord[];
  /** Version of the program and of each plugin by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly plan: string;
  readonly stopReason: StopReason;
  readonly message: string;
  readonly steps: number;
  readonly evaluations: number;
  readonly seconds: number;
  readonly initial: Solution;
  readonly final: Solution;
  readonly last: Solution;
  /** Of runs by a plan: how far the result can be believed. */
  readonly verdict?: ResultVerdict;
  readonly history: readonly HistoryEntry[];
}

/** Record of a finished run. */
export function makeRecord(
  config: RunConfig,
  inputs: readonly InputRecord[],
  plugins: readonly PluginMeta[],
  stopped: StoppedEvent,
  more: Readonly<Record<string, string>> = {},
): RunRecord {
  return {
    format: 'braggscape-record/1',
    config,
    inputs,
    versions: { ...more, ...Object.fromEntries(plugins.map(({ name, version }) => [name, version])) },
    seed: config.seed,
    plan: stopped.checkpoint.plan,
    stopReason: stopped.reason,
    message: stopped.message,
    steps: stopped.steps,
    evaluations: stopped.evaluations,
    seconds: stopped.seconds,
    initial: stopped.initial,
    final: stopped.best,
    last: stopped.last,
    ...(stopped.verdict === undefined ? {} : { verdict: stopped.verdict }),
    history: stopped.history,
  };
}
