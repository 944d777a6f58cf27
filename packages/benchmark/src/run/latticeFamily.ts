import { BraggscapeError, randomFromSeed } from '@braggscape/core';
import type { PluginHost, Structure } from '@braggscape/core';
import { findSymmetry } from '@braggscape/crystal';

/** Largest change of a length or an angle (rad) by a constraint that the true structure may still be said to keep. */
const KEPT = 1e-3;

/**
 * Projector that keeps the lattice family of a true structure. Those of the families act on the axes as they are given: they want the conventional cell, with b unique if it is monoclinic and c if it is tetragonal or hexagonal.
 * A rhombohedral lattice may have rhombohedral or hexagonal axes.
 *
 * @throws BraggscapeError `structure.unsupported` for a cell that the constraint would change
 */
export async function latticeFamily(truth: Structure, host: PluginHost): Promise<string> {
  const { latticeFamily: family } = findSymmetry(truth);
  for (const use of family === 'rhombohedral' ? ['rhombohedral', 'hexagonal'] : [family]) {
    const entry = host.registry('projectors').get(use);
    const projector = await entry.create(entry.normalize({}, use), { start: truth, random: randomFromSeed(0) });
    if (projector.violation(truth) <= KEPT) return use;
  }
  throw new BraggscapeError('structure.unsupported', `the lattice is ${family}, and the cell is not its conventional one, so that the constraint would destroy it`, {
    hint: 'give the conventional cell (b unique if monoclinic, c if tetragonal or hexagonal), or leave the settings with +constraint out',
  });
}
