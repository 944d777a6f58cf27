import type { RunEvent } from '@braggscape/core';
import type { Terminal } from '../terminal.js';

/** Shows a run's events as one live line: step, objective, best, rate, time left. */
export function progressReporter(terminal: Terminal): (event: RunEvent) => void {
  let maxSteps: number | undefined;
  let firstStep = 0;
  let firstSecond: number | undefined;
  return (event) => {
    switch (event.kind) {
      case 'started':
        ({ maxSteps } = event);
        firstStep = event.resumedAt ?? 0;
        terminal.note(
          `${event.resumedAt === undefined ? 'refining' : `resuming at step ${event.resumedAt},`} ${event.parameters.length} parameters, start ${event.initial.value.toPrecision(4)}`,
        );
        if (event.finding !== undefined) terminal.note(`symmetry: ${event.finding}`);
        break;
      case 'stage':
        terminal.endProgress();
        terminal.note(
          `stage ${event.index + 1} of ${event.count}: ${event.broadening > 0 ? `peaks broadened by ${event.broadening}°` : 'sharp peaks'}, from ${event.value.toPrecision(4)}`,
        );
        break;
      case 'planStep':
        terminal.endProgress();
        terminal.note(`step ${event.index + 1} of ${event.count} of the plan: ${event.name} from ${event.from}`);
        firstSecond = undefined;
        firstStep = event.step;
        break;
      case 'stepped': {
        firstSecond ??= event.seconds;
        const elapsed = event.seconds - firstSecond;
        const rate = elapsed > 0.05 ? (event.step - firstStep - 1) / elapsed : undefined;
        const left = rate === undefined || maxSteps === undefined ? '' : `  at most ${duration((maxSteps - event.step) / rate)} left`;
        const parts = Object.entries(event.objectives).map(([id, value]) => `${id} ${value.toPrecision(4)}`);
        terminal.progress(
          `step ${event.step}${maxSteps === undefined ? '' : `/${maxSteps}`}  ${parts.join('  ')}  best ${event.bestValue.toPrecision(4)}` +
            `${rate === undefined ? '' : `  ${rate.toFixed(0)} steps/s`}${left}`,
        );
        break;
      }
      case 'warning':
        terminal.note(`step ${event.step}: ${event.message}`);
        break;
      case 'stopped':
        terminal.endProgress();
        break;
    }
  };
}

/** Seconds for people. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
