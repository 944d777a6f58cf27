import { parseDocument } from 'yaml';
import { BraggscapeError } from '@braggscape/core';
import type { InputRecord } from '@braggscape/pipeline';
import { readInput } from './readInput.js';

/** A configuration as read. */
export interface LoadedConfig {
  readonly config: Record<string, unknown>;
  /** Inputs of the record it came from, if it came from one. */
  readonly recorded: readonly InputRecord[];
}

/**
 * Read a configuration in JSON or YAML.
 * @throws BraggscapeError `config.invalid` with the line at fault
 */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const file = await readInput(path);
  // JSON is YAML, so one parser with line numbers serves both.
  const document = parseDocument(file.text(), { prettyErrors: true, uniqueKeys: true });
  if (document.errors.length > 0) {
    const [first] = document.errors;
    const line = first.linePos?.[0].line;
    throw new BraggscapeError('config.invalid', first.message.split('\n')[0].replace(/:$/, ''), {
      path: line === undefined ? path : `${path}:${line}`,
      hint: 'configurations are JSON or YAML',
    });
  }
  const value: unknown = document.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BraggscapeError('config.invalid', 'the configuration must be an object', { path, hint: 'write "key: value" lines, or a JSON object' });
  }
  // A record of an earlier run holds its configuration.
  const record = value as { format?: unknown; config?: unknown; inputs?: unknown };
  if ((record.format === 'braggscape-record/1' || record.format === 'braggscape-front/1') && typeof record.config === 'object' && record.config !== null) {
    return { config: record.config as Record<string, unknown>, recorded: Array.isArray(record.inputs) ? (record.inputs as readonly InputRecord[]) : [] };
  }
  return { config: value as Record<string, unknown>, recorded: [] };
}
