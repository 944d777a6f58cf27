import type { Terminal } from '../terminal.js';
import { exitCode } from './shared.js';

/** The signals that ask a run to end. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What the first signal does: before the run begins it leaves, during the run it ends it in good order, while results are written it waits for them. A second one leaves at once. */
type Phase = 'preparing' | 'running' | 'writing';

/** The way to end a run by signals, and the phase that it is in. */
export interface Interrupt {
  readonly signal: AbortSignal;
  phase: Phase;
  release(): void;
}

/**
 * Listen to signals until released.
 * @param settled resolves when a checkpoint that is being written is whole
 * @param stopping what the first signal during the run is answered with
 */
export function interruptible(terminal: Terminal, settled: () => Promise<unknown>, stopping = 'stopping after this step and keeping the best structure'): Interrupt {
  const controller = new AbortController();
  const interrupt: Interrupt = {
    signal: controller.signal,
    phase: 'preparing',
    release: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
  const leave = (): void => {
    void settled().finally(() => process.exit(exitCode.interrupted));
  };
  let told = false;
  function onSignal(): void {
    if (interrupt.phase === 'preparing') {
      terminal.note('interrupted before the run began; nothing was written');
      leave();
    } else if (interrupt.phase === 'writing') {
      // Every file is written whole or not at all, so that leaving loses no more than what is not there yet.
      if (told) leave();
      else terminal.note('the results are being written; one moment, or press Ctrl-C again to leave without the rest');
      told = true;
    } else if (controller.signal.aborted) leave();
    else {
      terminal.note(`${stopping}; press Ctrl-C again to leave at once`);
      controller.abort();
    }
  }
  for (const name of signals) process.on(name, onSignal);
  return interrupt;
}
