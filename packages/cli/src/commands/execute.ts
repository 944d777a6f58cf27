import { mkdir, readFile, access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { BraggscapeError } from '@braggscape/core';
import type { Checkpoint, PluginHost } from '@braggscape/core';
import { writeFileAtomically } from '../files/writeFileAtomically.js';
import { progressReporter } from '../results/progress.js';
import { runReport, runSummary } from '../results/report.js';
import { writeResults } from '../results/writeResults.js';
import { finishRun, prepareRun } from '../session.js';
import type { FinishedRun } from '../session.js';
import type { Terminal } from '../terminal.js';
import { exitCode, noteRepairs } from './shared.js';

/** Name of the checkpoint in the output folder. */
const CHECKPOINT = 'checkpoint.json';

/**
 * Prepare, run and report one refinement, with live progress and Ctrl-C.
 * @param directory folder that the configuration's input paths start from
 * @param output folder for the results
 * @param repairs if given, faults of the pattern are mended, and the repairs said
 * @returns the program's exit code
 */
export async function execute(
  raw: unknown,
  host: PluginHost,
  settings: { directory: string; output: string; resume: boolean; terminal: Terminal; repairs?: string[] | undefined },
): Promise<number> {
  const { terminal, output, repairs } = settings;
  const prepared = await prepareRun(raw, host, settings.directory, repairs);
  noteRepairs(repairs, terminal);
  const checkpoint = settings.resume ? await readCheckpointFile(join(output, CHECKPOINT)) : undefined;
  await prepareFolder(output);
  const interrupt = interruptible(terminal);
  let saving: Promise<unknown> = Promise.resolve();
  const report = progressReporter(terminal);
  let finished: FinishedRun;
  try {
    finished = await finishRun(prepared, host, {
      signal: interrupt.signal,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      onEvent(event) {
        report(event);
        const due = event.kind === 'stepped' || event.kind === 'stopped' ? event.checkpoint : undefined;
        if (due !== undefined) saving = saving.then(() => writeFileAtomically(join(output, CHECKPOINT), `${JSON.stringify(due)}\n`));
      },
    });
    await saving;
  } finally {
    interrupt.release();
    terminal.endProgress();
  }
  const files = await writeResults(finished, output);
  terminal.result(runSummary(finished, { ...files, checkpoint: join(output, CHECKPOINT) }));
  terminal.line(runReport(finished, files));
  return codeOf(finished);
}

function codeOf({ stopped }: FinishedRun): number {
  if (stopped.reason === 'converged') return exitCode.done;
  return stopped.reason === 'cancelled' ? exitCode.interrupted : exitCode.unconverged;
}

/** The first Ctrl-C ends the run in good order, a second one at once. */
function interruptible(terminal: Terminal): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    terminal.note('stopping after this step and keeping the best structure; press Ctrl-C again to leave at once');
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new BraggscapeError('file.unwritable', `results cannot be written here (${(cause as { code?: string }).code ?? 'unknown error'})`, {
      path: folder,
      hint: 'choose another folder with --output, or change its permissions',
      cause,
    });
  }
}

async function readCheckpointFile(path: string): Promise<Checkpoint> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Checkpoint;
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ENOENT';
    throw new BraggscapeError(
      missing ? 'file.missing' : 'checkpoint.mismatch',
      missing ? 'there is no checkpoint to resume from' : 'the checkpoint cannot be read',
      { path, hint: 'start without --resume', cause },
    );
  }
}
