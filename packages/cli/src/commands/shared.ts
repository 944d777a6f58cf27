import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { isBraggscapeError } from '@braggscape/core';
import { parseNumber } from '../options.js';
import { createTerminal } from '../terminal.js';
import type { Terminal } from '../terminal.js';

/** Exit codes, part of the program's contract. */
export const exitCode = { done: 0, badInput: 1, unconverged: 2, interrupted: 130 } as const;

/** Options every verb has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly plugin?: readonly string[];
}

/** Add the options every verb has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object on standard output')
    .option('--plugin <name>', 'load a plugin: a package name or the path of a module; may be repeated', collect);
}

/** Option of the verbs that read measured patterns. */
export interface RepairOption {
  readonly repair?: boolean;
}

/** Add the option of the verbs that read measured patterns. */
export function withRepairOption(command: Command): Command {
  return command.option('--repair', 'mend faults of the pattern file where that is possible (reversed or repeated angles, NaN, text, gaps), and say each repair');
}

/** Option of the verbs that compare with a pattern. */
export interface BackgroundOption {
  /** Width of the widest peak, degrees. */
  readonly subtractBackground?: number;
}

/** Add the option of the verbs that compare with a pattern. */
export function withBackgroundOption(command: Command): Command {
  const width = parsed((text) => parseNumber('--subtract-background', text, { min: 0 }));
  return command
    .addOption(new Option('--subtract-background [width]', 'take off a background estimated by clipping everything narrower than WIDTH degrees').argParser(width).preset('3'));
}

/** The list for the repairs of a pattern, if they are wanted. */
export function repairList({ repair }: RepairOption): string[] | undefined {
  return repair === true ? [] : undefined;
}

/** Say what was repaired, on standard error. */
export function noteRepairs(repairs: readonly string[] | undefined, terminal: Terminal): void {
  for (const sentence of repairs ?? []) terminal.note(`repaired: ${sentence}`);
}

/** Collect a repeatable option. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** An option parser whose typed error reaches commander as its own kind, so that the message names the option. */
export function parsed<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (isBraggscapeError(error)) throw new InvalidArgumentError(error.hint ?? error.message);
      throw error;
    }
  };
}

/** Terminal for a verb's options. */
export function terminalFor(options: CommonOptions): Terminal {
  return createTerminal(options.json === true);
}
