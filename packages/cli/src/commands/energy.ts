import type { Command } from 'commander';
import { BraggscapeError, GPA_PER_EV_PER_CUBIC_ANGSTROM } from '@braggscape/core';
import type { PotentialResult, Structure } from '@braggscape/core';
import { elementSymbol } from '@braggscape/crystal';
import { createHost } from '../compositionRoot.js';
import { loadStructure } from '../files/loadStructure.js';
import { table } from '../terminal.js';
import { createPotential, withPotentialOptions } from './potential.js';
import type { PotentialOptions } from './potential.js';
import { terminalFor, withCommonOptions } from './shared.js';
import type { CommonOptions } from './shared.js';

/** `energy`: energy, forces and stress of a structure. */
export function addEnergyCommand(program: Command): void {
  const command = withCommonOptions(program.command('energy'))
    .summary('calculate energy, forces and stress of a structure')
    .description('Calculate energy, forces and stress of a structure with an interatomic potential. Stress is positive under tension.')
    .argument('<structure>', 'structure file, or FILE#NAME for one of several in it');
  withPotentialOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape energy quartz.cif
  $ braggscape energy quartz.cif --potential chgnet --backend cpu --json
  $ braggscape energy argon.cif --potential lennard-jones --set epsilon=0.0104 --set sigma=3.4
  $ braggscape energy quartz.cif --potential ./my-potential`,
    )
    .action(async (reference: string, options: CommonOptions & PotentialOptions) => {
      const terminal = terminalFor(options);
      const host = await createHost(options.plugin ?? []);
      const { structure } = await loadStructure(reference, host);
      const potential = await createPotential(options, host, structure);
      const result = await potential.compute(structure);
      checkFinite(result, potential.id);
      const { energy, forces, stress, sites } = result;
      const n = structure.numbers.length;
      const inGPa = stress?.map((value) => value * GPA_PER_EV_PER_CUBIC_ANGSTROM);
      terminal.result({
        energyPerAtom: energy / n,
        energy,
        ...(forces === undefined ? {} : { forces: rows(forces) }),
        ...(inGPa === undefined ? {} : { stress: rows(inGPa) }),
        ...(sites === undefined ? {} : { sites: Object.fromEntries(Object.entries(sites).map(([name, values]) => [name, [...values]])) }),
        potential: potential.id,
        backend: potential.backend ?? 'cpu',
      });
      terminal.line(`${potential.id}${potential.backend === undefined ? '' : ` on ${potential.backend}`}: ${energy.toFixed(6)} eV, ${(energy / n).toFixed(6)} eV/atom`);
      if (forces !== undefined) terminal.line(`\nforces (eV/Å)\n${forceTable(structure, forces, sites)}`);
      if (inGPa !== undefined) terminal.line(`\nstress (GPa)\n${rows(inGPa).map((row) => row.map((value) => value.toFixed(4).padStart(10)).join('')).join('\n')}`);
      potential.dispose?.();
    });
}

/**
 * Refuse numbers that are not finite, which a descent would step back from but a result must not contain.
 * @throws BraggscapeError `structure.unsupported`
 */
export function checkFinite({ energy, forces, stress }: PotentialResult, id: string): void {
  if (Number.isFinite(energy) && forces?.every(Number.isFinite) !== false && stress?.every(Number.isFinite) !== false) return;
  throw new BraggscapeError('structure.unsupported', `potential "${id}" gives numbers that are not finite for this structure`, { hint: 'check its cell and distances, or choose another potential' });
}

function rows(values: Float64Array): number[][] {
  return Array.from({ length: values.length / 3 }, (_, i) => [...values.subarray(3 * i, 3 * i + 3)]);
}

function forceTable({ numbers, labels }: Structure, forces: Float64Array, sites: PotentialResult['sites']): string {
  const extra = Object.entries(sites ?? {});
  return table([
    ['site', 'x', 'y', 'z', ...extra.map(([name]) => name)],
    ...rows(forces).map((force, i) => [labels?.[i] ?? `${elementSymbol(numbers[i])}${i + 1}`, ...force.map((value) => value.toFixed(5)), ...extra.map(([, values]) => values[i].toFixed(3))]),
  ]);
}
