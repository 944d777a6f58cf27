import { BraggscapeError } from '../errors.js';
import { nameHint } from '../config/nearestName.js';
import type { Validator } from '../config/validate.js';
import type { PropertySchema } from '../config/schema.js';
import type { CreateContext } from './kinds.js';

/** An entry as the host holds it: identified, with its options schema compiled. */
export interface Entry<Product> {
  readonly id: string;
  readonly plugin: string;
  readonly summary: string;
  readonly source?: string;
  /** Closed JSON Schema of the options. */
  readonly schema: PropertySchema;
  /** Options checked and completed. */
  readonly normalize: Validator<Readonly<Record<string, unknown>>>;
  /** Create from options that `normalize` returned. */
  create(options: Readonly<Record<string, unknown>>, context: CreateContext): Product | Promise<Product>;
}

/** All entries of one kind. */
export interface Registry<Product> {
  readonly kind: string;
  /** @throws BraggscapeError `plugin.unknownId` with the nearest id as hint */
  get(id: string): Entry<Product>;
  has(id: string): boolean;
  /** Sorted by id. */
  list(): readonly Entry<Product>[];
}

/** A registry as a view over a function that lists the entries. */
export function createRegistry<Product>(kind: string, entries: () => readonly Entry<Product>[]): Registry<Product> {
  const list = (): Entry<Product>[] => [...entries()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    kind,
    list,
    has: (id) => entries().some((entry) => entry.id === id),
    get: (id) => {
      const found = entries().find((entry) => entry.id === id);
      if (found !== undefined) return found;
      throw new BraggscapeError('plugin.unknownId', `no ${singular(kind)} is called "${id}"`, {
        hint: nameHint(
          id,
          entries().map((entry) => entry.id),
        ),
      });
    },
  };
}

/** `patternModels` → `pattern model`. */
export function singular(kind: string): string {
  return kind.replace(/s$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
