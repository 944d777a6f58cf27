import type { Minimizer, Structure } from '@braggscape/core';
import { structureParameterization } from '@braggscape/crystal';
import { descend } from '../descend.js';
import type { RecoverySession } from '../recoverySession.js';
import type { WeightedObjective } from '../../run/structureProblem.js';

/** Options of {@link descendStep}. */
export interface DescendStepOptions {
  /** Widths in degrees that the pattern is smoothed by in turn; 0 for as it is. */
  readonly fwhm: readonly number[];
  /** Steps for each width. */
  readonly steps: number;
  /** Weight of the pattern's loss. */
  readonly pattern: number;
  /** Weight of the energy an atom, 1/eV. */
  readonly energy: number;
  readonly vary: readonly ('cell' | 'coords')[];
  /** End a width when the combined value is as low as this. */
  readonly target: number;
}

/** Descend a weighted sum of pattern and energy with any optimizer, no symmetry kept. */
export async function descendStep(session: RecoverySession, from: Structure, origin: string, options: DescendStepOptions, minimizer: Minimizer): Promise<void> {
  const { search, bounds, signal, energy } = session;
  const freedom = structureParameterization(from, { vary: options.vary });
  let structure = from;
  for (const width of options.fwhm) {
    if (await session.over()) break;
    const objectives: WeightedObjective[] = [];
    if (options.pattern > 0) objectives.push({ objective: search.objective(width), weight: options.pattern });
    if (options.energy > 0 && energy !== undefined) objectives.push({ objective: energy, weight: options.energy });
    if (objectives.length === 0) {
      session.warn('plan.noPotential', 'a step that descends the energy alone is left out, as no potential takes part');
      return;
    }
    const found = await descend(objectives, freedom, structure, { steps: options.steps, bounds, minimizer, stall: 1e-6, target: options.target, signal });
    structure = found.structure;
    session.arrived(found.converged);
  }
  session.named.set('descended', structure);
  const { value } = await search.objective(0).evaluate(structure, 'value');
  await session.offer({ structure, loss: value, origin: `descended from ${origin}` });
}
