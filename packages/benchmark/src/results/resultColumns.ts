import type { CellValue, Column } from '../tables/column.js';
import { judgedMetrics } from './taskResult.js';
import type { Judgement, TaskResult } from './taskResult.js';

const column = (name: string, type: Column<TaskResult>['type'], of: (result: TaskResult) => CellValue, nullable = false): Column<TaskResult> => ({ name, type, nullable, of });

/** The columns of one structure of a result, `initial` or `final`. */
function judgementColumns(which: 'initial' | 'final'): readonly Column<TaskResult>[] {
  const own = (name: string, type: Column<TaskResult>['type'], of: (judgement: Judgement) => CellValue, nullable = false): Column<TaskResult> =>
    column(`${which}_${name}`, type, (result) => of(result[which]), nullable);
  return [
    own('match', 'boolean', ({ match }) => match),
    own('strict', 'boolean', ({ strict }) => strict),
    own('rms', 'real', ({ rms }) => rms, true),
    own('max_dist', 'real', ({ maxDist }) => maxDist, true),
    own('amd', 'real', ({ amd }) => amd, true),
    ...judgedMetrics.map((id) => own(id.replace('-', '_'), 'real', ({ losses }) => losses[id], true)),
    own('energy_per_atom', 'real', ({ energyPerAtom }) => energyPerAtom, true),
    own('structure', 'text', ({ structure }) => JSON.stringify(structure)),
  ];
}

/**
 * The table of results, a row for each task. Lengths are in Å, energies in eV/atom, seconds are CPU seconds; `objectives` and structures are JSON texts. What does not exist, as the displacement of
 * structures that do not match, is null.
 */
export const resultColumns: readonly Column<TaskResult>[] = [
  column('key', 'text', ({ key }) => key),
  column('structure', 'text', ({ structure }) => structure),
  column('noise', 'text', ({ noise }) => noise),
  column('level', 'real', ({ level }) => level),
  column('sample', 'integer', ({ sample }) => sample),
  column('setting', 'text', ({ setting }) => setting),
  column('stop_reason', 'text', ({ stopReason }) => stopReason),
  column('message', 'text', ({ message }) => message),
  column('steps', 'integer', ({ steps }) => steps),
  column('evaluations', 'integer', ({ evaluations }) => evaluations),
  column('seconds', 'real', ({ seconds }) => seconds),
  column('verdict', 'text', ({ verdict }) => verdict, true),
  column('objectives', 'text', ({ objectives }) => JSON.stringify(objectives)),
  ...judgementColumns('initial'),
  ...judgementColumns('final'),
];
