import { access, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { BraggscapeError, isBraggscapeError } from '@braggscape/core';
import type { Checkpoint, PlanCheckpoint, PluginHost } from '@braggscape/core';
import type { InputRecord } from '@braggscape/pipeline';
import { prepareFolder } from '../files/prepareFolder.js';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import { progressReporter } from '../results/progress.js';
import { runReport, runSummary } from '../results/report.js';
import { writeResults } from '../results/writeResults.js';
import { finishRun, prepareRun } from '../session.js';
import type { FinishedRun, PreparedRun } from '../session.js';
import type { Terminal } from '../terminal.js';
import { interruptible } from './interruptible.js';
import { exitCode, noteRepairs } from './shared.js';

/** Name of the checkpoint in the output folder. */
const CHECKPOINT = 'checkpoint.json';

/**
 * Prepare, run and report one refinement, with live progress and Ctrl-C.
 * @param directory folder that the configuration's input paths start from
 * @param output folder for the results
 * @returns the program's exit code
 */
export async function execute(
  raw: unknown,
  host: PluginHost,
  settings: {
    directory: string;
    output: string;
    resume: boolean;
    terminal: Terminal;
    /** Inputs of the record that is repeated. */
    recorded?: readonly InputRecord[];
  },
): Promise<number> {
  const { terminal, output } = settings;
  let saving: Promise<unknown> = Promise.resolve();
  const interrupt = interruptible(terminal, () => saving);
  try {
    const prepared = await prepareRun(raw, host, settings.directory);
    noteRepairs(prepared.repairs, terminal);
    noteChanges(settings.recorded ?? [], prepared, terminal);
    const checkpoint = settings.resume ? await readCheckpointFile(join(output, CHECKPOINT)) : undefined;
    await prepareFolder(output);
    await checkOverwriting(prepared, output, settings.resume, terminal);
    interrupt.phase = 'running';
    const report = progressReporter(terminal);
    const finished: FinishedRun = await finishRun(prepared, host, {
      signal: interrupt.signal,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      onEvent(event) {
        report(event);
        const due = event.kind === 'stepped' || event.kind === 'stopped' ? event.checkpoint : undefined;
        if (due !== undefined) saving = saving.then(() => save(due));
      },
    });
    interrupt.phase = 'writing';
    await saving;
    terminal.endProgress();
    const files = await writeResults(finished, output, settings.directory);
    terminal.result(runSummary(finished, { ...files, checkpoint: join(output, CHECKPOINT) }));
    terminal.line(runReport(finished, files));
    return codeOf(finished);
  } finally {
    terminal.endProgress();
    interrupt.release();
  }

  /** A checkpoint that cannot be written is no reason to lose the run. */
  async function save(due: Checkpoint | PlanCheckpoint): Promise<void> {
    try {
      await writeFileAtomically(join(output, CHECKPOINT), `${JSON.stringify(due)}\n`);
    } catch (error) {
      if (!isBraggscapeError(error)) throw error;
      terminal.note(`no checkpoint: ${error.report}`);
    }
  }
}

/** Say which inputs are not those that a record was made with. */
function noteChanges(recorded: readonly InputRecord[], { inputs }: PreparedRun, terminal: Terminal): void {
  for (const { role, name, sha256 } of recorded) {
    const now = inputs.find((input) => input.role === role && basename(input.name) === basename(name));
    if (now !== undefined && now.sha256 !== sha256) terminal.note(`${now.name} has changed since the record was made: the run will differ`);
  }
}

function codeOf({ stopped }: FinishedRun): number {
  if (stopped.reason === 'converged') return exitCode.done;
  return stopped.reason === 'cancelled' ? exitCode.interrupted : exitCode.unconverged;
}

/**
 * Refuse to write over what the run reads, and say so where an earlier run's results are replaced.
 * @throws BraggscapeError `file.unwritable`
 */
async function checkOverwriting(prepared: PreparedRun, output: string, resume: boolean, terminal: Terminal): Promise<void> {
  const written = ['refined.cif', 'record.json', CHECKPOINT].map((name) => resolve(join(output, name)));
  const lost = prepared.inputPaths.find((path) => written.includes(resolve(path)));
  if (lost !== undefined) {
    throw new BraggscapeError('file.unwritable', 'the results would replace a file that the run reads', { path: lost, hint: 'choose another folder with --output' });
  }
  const earlier = await access(written[1]).then(
    () => true,
    () => false,
  );
  if (earlier && !resume) terminal.note(`the results of an earlier run in ${output} will be replaced`);
}

async function readCheckpointFile(path: string): Promise<Checkpoint | PlanCheckpoint> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Checkpoint | PlanCheckpoint;
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ENOENT';
    throw new BraggscapeError(
      missing ? 'file.missing' : 'checkpoint.mismatch',
      missing ? 'there is no checkpoint to resume from' : 'the checkpoint cannot be read',
      { path, hint: 'start without --resume', cause },
    );
  }
}
