/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The part of JSON Schema (draft 2020-12) that options use. Every option has a description, and a default unless it is required,
 * so that after normalization no option is undefined.
 */
export interface PropertySchema {
  readonly description?: string;
  readonly type?: JsonType | readonly JsonType[];
  readonly default?: JsonValue;
  readonly enum?: readonly JsonValue[];
  readonly const?: JsonValue;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: PropertySchema;
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | PropertySchema;
  readonly anyOf?: readonly PropertySchema[];
}

export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** One schema per option: the compiler keeps the interface and the schema equal. */
export type PropertySchemas<Options> = { readonly [Key in keyof Options]-?: PropertySchema & { readonly description: string } };

/**
 * A closed object schema from a property map; options without a default are required, unless listed as `optional`.
 */
export function closedObject(properties: Readonly<Record<string, PropertySchema>>, optional: readonly string[] = []): PropertySchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((key) => properties[key].default === undefined && !optional.includes(key)),
    additionalProperties: false,
  };
}
