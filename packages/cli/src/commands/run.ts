import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { BraggscapeError } from '@braggscape/core';
import { createHost } from '../compositionRoot.js';
import { loadConfig } from '../files/loadConfig.js';
import { withSetting } from '../options.js';
import { execute } from './execute.js';
import { collect, terminalFor, withCommonOptions, withRepairOption } from './shared.js';
import type { CommonOptions, RepairOption } from './shared.js';

interface RunCommandOptions extends CommonOptions, RepairOption {
  readonly output?: string;
  readonly resume?: boolean;
  readonly set?: readonly string[];
}

/** `run`: a refinement from a configuration file. */
export function addRunCommand(program: Command): void {
  withRepairOption(withCommonOptions(program.command('run')))
    .summary('run a configuration file')
    .description(
      'Run the refinement that a configuration file (JSON or YAML, or the record.json of an earlier run) describes.\n' +
        'Paths in it start from its folder. Exit codes as for refine.',
    )
    .argument('<config>', 'configuration file')
    .option('-o, --output <folder>', 'folder for the results, instead of the configured one')
    .option('--set <key=value>', 'change a key of the configuration, such as optimizer.learningRate=0.01; may be repeated', collect)
    .option('--resume', 'go on from the checkpoint in the output folder')
    .addHelpText('after', '\nExamples:\n  $ braggscape run recover.yaml\n  $ braggscape run recover.yaml --set seed=2 --set projector.use=hexagonal -o out2\n')
    .action(async (path: string, options: RunCommandOptions) => {
      const directory = dirname(resolve(path));
      const loaded = await loadConfig(path);
      let { config } = loaded;
      if (options.repair === true) config = withSetting(config, 'pattern.repair=true');
      for (const assignment of options.set ?? []) config = withSetting(config, assignment);
      const host = await createHost([...new Set([...pluginNames(config), ...(options.plugin ?? [])])], directory);
      const configured = typeof config.output === 'string' ? config.output : 'braggscape-results';
      process.exitCode = await execute(config, host, {
        directory,
        output: options.output ?? (isAbsolute(configured) ? configured : join(directory, configured)),
        resume: options.resume === true,
        terminal: terminalFor(options),
        recorded: loaded.recorded,
      });
    });
}

/** Plugins must be loaded before the rest of a configuration can be checked. */
export function pluginNames(config: Readonly<Record<string, unknown>>): readonly string[] {
  const { plugins = [] } = config;
  if (Array.isArray(plugins) && plugins.every((name) => typeof name === 'string')) return plugins;
  throw new BraggscapeError('config.invalid', `"plugins" is ${JSON.stringify(plugins)}`, {
    path: 'plugins',
    hint: 'write a list of package names or paths',
  });
}
