import { Option } from 'commander';
import type { Command } from 'commander';
import { axisForms } from '@braggscape/pipeline';
import { broadeningWidths, parseNumber, parseWidths } from '../options.js';
import { parseGrid, parsePosition, parseRanges, parseWeights } from '../scan/scanOptions.js';
import { runScan } from '../scan/runScan.js';
import type { ScanOptions } from '../scan/scanOptions.js';
import { backendOption } from './potential.js';
import { collect, parsed, terminalFor, withBackgroundOption, withCommonOptions, withRepairOption } from './shared.js';
import { withInstrumentOptions } from './simulate.js';

/** `scan`: slices of objectives, and how rough they are. */
export function addScanCommand(program: Command): void {
  const whole = (option: string, min: number) => parsed((text) => parseNumber(option, text, { min, integer: true }));
  const command = withCommonOptions(program.command('scan'))
    .summary('map objectives along one or two axes, and say how rough they are')
    .description(
      'Evaluate objectives on a line or plane of structures through STRUCTURE, find their minima and basins, and put their roughness into numbers (docs/landscapes.md).\n' +
        'Writes landscape.json, landscape.parquet and figures. Exit code: 0 done, 130 interrupted (--resume goes on), 1 bad input.',
    )
    .argument('<structure>', 'structure the slice goes through: a file, or FILE#NAME for one of several in it')
    .requiredOption('--axes <axes>', `one or two of: ${axisForms}`)
    .option('--range <ranges>', 'FROM:TO for each axis: factors (or Å) for lengths, degrees for angles, fractions for coordinates; or ±WIDTH about the structure (default: 0.8:1.2, ±20, ±0.25)', parsed(parseRanges))
    .option('--grid <points>', 'points along each axis, such as 61x61 (default: 61x61, or 401)', parsed(parseGrid))
    .option('--objective <id[=weight]>', 'metric, potential, or folder of a graph model; may be repeated; several are also combined by their weights if there is a potential (default: cosine)', collect)
    .option('--pattern <file>', 'pattern that metrics compare with; or a structure, whose pattern is simulated (default: the structure itself)')
    .addOption(backendOption())
    .option('--broaden [widths]', `metrics also with peaks broadened by these FWHM in degrees (default: ${broadeningWidths.join(',')})`, parsed(parseWidths))
    .option('--weights <weights>', 'with two objectives: also the first plus each of these times the second', parsed(parseWeights))
    .option('--descend [optimizer]', 'draw the ways of descents in three settings: unconstrained, from a projected start, projected (default: adam)')
    .option('--descend-on <id>', 'objective to descend (default: the first), or combined')
    .addOption(new Option('--descend-in <space>', 'whether all parameters move, or the position on the slice').choices(['full', 'slice']).default('full'))
    .option('--project <id>', 'constraint of the projected settings: none, a lattice family, or spacegroup, that of the structure', 'spacegroup')
    .option('--from <position>', 'start of a descent, one number for each axis, as in --range; may be repeated', (text: string, previous: readonly (readonly number[])[] | undefined) => [...(previous ?? []), parsed(parsePosition)(text)])
    .option('--steps <number>', 'largest number of steps of a descent', whole('--steps', 1), 500)
    .option('--set <key=value>', 'set an option of the optimizer, such as learningRate=0.01; may be repeated', collect)
    .option('--seed <number>', 'seed of random axes', whole('--seed', Number.MIN_SAFE_INTEGER), 0)
    .option('--workers <number>', 'threads (default: one a core)', whole('--workers', 1))
    .requiredOption('-o, --output <folder>', 'folder for the results')
    .option('--resume', 'go on with an interrupted scan in the output folder')
    .option('--no-curvature', 'leave the curvatures at the structure out')
    .option('--no-figures', 'draw no figures');
  withBackgroundOption(withRepairOption(withInstrumentOptions(command)))
    .addHelpText(
      'after',
      `
Examples:
  $ braggscape scan U2Ti.cif --axes a,c --wavelength 1.5406 -o out
  $ braggscape scan U2Ti.cif --axes a=b,c --grid 101x101 --objective cosine --objective mse --wavelength CuKa1 -o out
  $ braggscape scan U2Ti.cif --axes a,c --grid 41x41 --objective cosine --objective chgnet=0.5 --weights 0.1,1,10 --wavelength CuKa1 -o out
  $ braggscape scan U2Ti.cif --axes a,c --broaden --wavelength CuKa1 -o out
  $ braggscape scan Au2S.cif --axes a,alpha --range 0.8:1.2,70:110 --descend --from 1.1,97 --project cubic --wavelength CuKa1 -o out
  $ braggscape scan quartz.cif --axes wyckoff:Si1.x --objective chgnet -o out
`,
    )
    .action(async (structure: string, options: ScanOptions) => {
      process.exitCode = await runScan(structure, options, terminalFor(options));
    });
}
