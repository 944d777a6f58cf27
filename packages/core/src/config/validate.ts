import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { BraggscapeError } from '../errors.js';
import { nameHint } from './nearestName.js';
import type { PropertySchema } from './schema.js';

const ajv = new Ajv2020({ strict: true, allErrors: true, useDefaults: true, verbose: true, allowUnionTypes: true });

/** A schema compiled once: check data, fill defaults into a copy, or throw. */
export interface Validator<Value> {
  /**
   * @param data raw value, left untouched
   * @param path where it stands, for the message, such as `optimizer`
   * @returns a deep copy with every default filled
   * @throws BraggscapeError `config.invalid` that lists every fault with its key, and the nearest name for unknown keys
   */
  (data: unknown, path?: string): Value;
}

/**
 * Compile a schema into a validator.
 * @throws BraggscapeError `plugin.invalid` if the schema itself is not valid
 */
export function compileSchema<Value>(schema: PropertySchema): Validator<Value> {
  let check: ValidateFunction;
  try {
    check = ajv.compile(schema);
  } catch (cause) {
    throw new BraggscapeError('plugin.invalid', `option schema is not valid: ${(cause as Error).message}`, { cause });
  }
  return (data, path = '') => {
    const copy: unknown = data === undefined ? {} : structuredClone(data);
    if (check(copy)) return copy as Value;
    const faults = describeFaults(check.errors ?? [], path);
    throw new BraggscapeError('config.invalid', faults.map((fault) => fault.text).join('; '), {
      ...(faults[0].hint === undefined ? {} : { hint: faults[0].hint }),
      ...(path === '' ? {} : { path }),
    });
  };
}

interface Fault {
  readonly text: string;
  readonly hint: string | undefined;
}

function describeFaults(errors: readonly ErrorObject[], path: string): Fault[] {
  // The branches of an anyOf each report their own fault; the anyOf itself is the one worth telling.
  const unions = errors.filter((error) => error.keyword === 'anyOf').map((error) => error.instancePath);
  const told = errors.filter((error) => error.keyword === 'anyOf' || !unions.some((at) => error.instancePath.startsWith(at)));
  return told.map((error) => describeFault(error, path));
}

function describeFault(error: ErrorObject, path: string): Fault {
  const at = dotted(path, error.instancePath);
  const shown = JSON.stringify(error.data);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const known = Object.keys((error.parentSchema as PropertySchema).properties ?? {});
      const hint = nameHint(key, known);
      return { text: `unknown key "${dotted(at, key)}" (${hint})`, hint: undefined };
    }
    case 'required': {
      const key = String(params.missingProperty);
      const wanted = (error.parentSchema as PropertySchema).properties?.[key]?.description;
      return { text: `key "${dotted(at, key)}" is missing${wanted === undefined ? '' : ` (${wanted})`}`, hint: undefined };
    }
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).map(String);
      const hint = typeof error.data === 'string' ? nameHint(error.data, allowed) : `one of ${allowed.join(', ')}`;
      return { text: `"${at}" is ${shown}, must be one of ${allowed.join(', ')}`, hint };
    }
    case 'anyOf': {
      const described = (error.parentSchema as PropertySchema).description;
      return { text: `"${at}" is ${shown}, which has none of the allowed forms`, hint: described };
    }
    default:
      return { text: `"${at === '' ? 'the configuration' : at}" ${error.message ?? 'is not valid'}, found ${shown}`, hint: undefined };
  }
}

function dotted(path: string, tail: string): string {
  const parts = tail.split('/').filter((part) => part !== '');
  return [path, ...parts].filter((part) => part !== '').join('.');
}
