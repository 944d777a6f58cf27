import type { Command } from 'commander';
import { kinds } from '@braggscape/core';
import { configJsonSchema } from '@braggscape/pipeline';
import { createHost } from '../compositionRoot.js';
import { table } from '../terminal.js';
import { terminalFor, withCommonOptions } from './shared.js';
import type { CommonOptions } from './shared.js';

/** `plugins`: what is loaded, with every entry and its options. */
export function addPluginsCommand(program: Command): void {
  withCommonOptions(program.command('plugins'))
    .summary('list plugins and everything they offer')
    .description('List the loaded plugins, and every metric, optimizer, projector … with its options and defaults.')
    .option('--schema', 'print the JSON Schema of configuration files, for editors')
    .addHelpText(
      'after',
      '\nExamples:\n  $ braggscape plugins\n  $ braggscape plugins --plugin braggscape-plugin-lion\n  $ braggscape plugins --schema > braggscape.schema.json\n',
    )
    .action(async (options: CommonOptions & { schema?: boolean }) => {
      const host = await createHost(options.plugin ?? []);
      if (options.schema === true) {
        process.stdout.write(`${JSON.stringify(configJsonSchema(host), null, 2)}\n`);
        return;
      }
      const terminal = terminalFor(options);
      const entries = kinds.flatMap((kind) =>
        host
          .registry(kind)
          .list()
          .map(({ id, plugin, summary, source, schema }) => ({ kind, id, plugin, summary, source, schema })),
      );
      terminal.result({ plugins: host.plugins, entries });
      terminal.line(table([['plugin', 'version'], ...host.plugins.map(({ name, version }) => [name, version])]));
      for (const kind of kinds) {
        const ofKind = entries.filter((entry) => entry.kind === kind);
        if (ofKind.length === 0) continue;
        terminal.line(`\n${kind}`);
        for (const { id, summary, schema } of ofKind) {
          terminal.line(`  ${id.padEnd(20)} ${summary}`);
          for (const [name, option] of Object.entries(schema.properties ?? {})) {
            const initial = option.default === undefined ? '' : ` [${JSON.stringify(option.default)}]`;
            terminal.line(`    ${name}${initial}: ${option.description ?? ''}`);
          }
        }
      }
    });
}
