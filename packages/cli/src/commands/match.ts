import type { Command } from 'commander';
import { paperTolerances } from '@braggscape/crystal';
import { createHost } from '../compositionRoot.js';
import { loadStructure } from '../files/loadStructure.js';
import { parseNumber } from '../options.js';
import { compareStructures } from '../session.js';
import { parsed, terminalFor, withCommonOptions } from './shared.js';
import type { CommonOptions } from './shared.js';

interface MatchOptions extends CommonOptions {
  readonly ltol: number;
  readonly stol: number;
  readonly angleTol: number;
}

/** `match`: whether two structures are the same. */
export function addMatchCommand(program: Command): void {
  const number = (option: string) => parsed((text) => parseNumber(option, text, { min: 0 }));
  withCommonOptions(program.command('match'))
    .summary('say whether two structures are the same')
    .description('Compare two structures: match within tolerances, strict match, displacements, average minimum distances, space groups.')
    .argument('<a>', 'structure file, or FILE#NAME for one of several in it')
    .argument('<b>', 'structure file')
    .option('--ltol <fraction>', 'tolerance of lattice lengths', number('--ltol'), paperTolerances.lengthTolerance)
    .option('--stol <fraction>', 'tolerance of sites, in units of (V/n)^(1/3)', number('--stol'), paperTolerances.siteTolerance)
    .option('--angle-tol <degrees>', 'tolerance of lattice angles', number('--angle-tol'), paperTolerances.angleTolerance)
    .addHelpText('after', '\nExamples:\n  $ braggscape match refined.cif published.cif\n  $ braggscape match a.cif b.cif --stol 0.3 --json\n')
    .action(async (a: string, b: string, options: MatchOptions) => {
      const terminal = terminalFor(options);
      const host = await createHost(options.plugin ?? []);
      const [first, second] = [await loadStructure(a, host), await loadStructure(b, host)];
      const tolerances = { ...paperTolerances, lengthTolerance: options.ltol, siteTolerance: options.stol, angleTolerance: options.angleTol };
      const comparison = await compareStructures(first.structure, second.structure, tolerances);
      terminal.result(comparison);
      const word = (yes: boolean): string => (yes ? 'yes' : 'no');
      terminal.line(`match          ${word(comparison.match)}  (lengths ${options.ltol}, sites ${options.stol}, angles ${options.angleTol}°)`);
      terminal.line(`strict match   ${word(comparison.strict)}  (0.01, 0.02, 0.5°, cells not rescaled)`);
      if (comparison.rms !== null) terminal.line(`displacement   rms ${comparison.rms.toPrecision(4)}, max ${comparison.maxDist?.toPrecision(4) ?? ''} of (V/n)^(1/3)`);
      terminal.line(`AMD distance   ${comparison.amdDistance.toPrecision(4)} Å`);
      terminal.line(`space groups   ${comparison.spacegroups.map((symbol) => symbol ?? 'not found').join(', ')}`);
    });
}
