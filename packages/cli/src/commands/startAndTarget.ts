import { BraggscapeError } from '@braggscape/core';
import type { PluginHost } from '@braggscape/core';
import { patternOrStructure } from '../files/loadPattern.js';
import { parseList } from '../options.js';
import type { BackgroundOption, CommonOptions, RepairOption } from './shared.js';
import { instrumentConfig } from './simulate.js';
import type { InstrumentOptions } from './simulate.js';

/** Options that say what is compared with what. */
export interface TargetOptions extends CommonOptions, InstrumentOptions, RepairOption, BackgroundOption {
  readonly pattern: string;
}

/** The keys of a configuration that name the start, the observed pattern and the instrument. */
export async function startAndTarget(structure: string, options: TargetOptions, host: PluginHost): Promise<Record<string, unknown>> {
  return {
    plugins: options.plugin ?? [],
    structure,
    pattern: {
      ...(await patternOrStructure(options.pattern, host)),
      ...(options.repair === true ? { repair: true } : {}),
      ...(options.subtractBackground === undefined ? {} : { subtractBackground: { width: options.subtractBackground } }),
    },
    instrument: await instrumentConfig(options),
    twoTheta: options.twoTheta,
  };
}

/**
 * The projector that `--project` names, or several at once.
 * @throws BraggscapeError `option.invalid` for a list with a gap
 */
export function projectorChoice(text: string): Record<string, unknown> {
  const names = parseList(text);
  if (names.length !== text.split(',').length) throw new BraggscapeError('option.invalid', `--project got ${JSON.stringify(text)}`, { hint: 'write names with one comma between them, such as auto,bounds' });
  return names.length === 1 ? { use: names[0] } : { use: 'compose', of: names.map((use) => ({ use })) };
}
