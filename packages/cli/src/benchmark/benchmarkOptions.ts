import { BraggscapeError } from '@braggscape/core';
import { noiseModels, paperLevels } from '@braggscape/benchmark';
import type { NoiseModel, Protocol } from '@braggscape/benchmark';
import type { CommonOptions } from '../commands/shared.js';
import type { InstrumentOptions } from '../commands/simulate.js';
import { parseList } from '../options.js';

/** Options of `benchmark paper`. */
export interface BenchmarkOptions extends CommonOptions, InstrumentOptions {
  /** Folder of structure files; left out: the set that comes along. */
  readonly structures?: string;
  readonly noise: readonly NoiseModel[];
  readonly levels?: readonly number[];
  readonly distribution: 'uniform' | 'normal';
  readonly samples: number;
  readonly settings: readonly string[];
  readonly optimizer: string;
  readonly steps: number;
  readonly seed: number;
  /** Id of a potential, or `none`. */
  readonly energies: string;
  readonly output: string;
  readonly workers?: number;
  readonly redis?: string;
  readonly shard?: Shard;
  readonly resume?: boolean;
  readonly figures: boolean;
}

/** Shard `index` of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The parsed value of `--shard i/n`. */
export function parseShard(text: string): Shard {
  const [, first, second] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const [index, count] = [Number(first), Number(second)];
  if (index >= 1 && index <= count) return { index, count };
  throw new BraggscapeError('option.invalid', `--shard got ${JSON.stringify(text)}`, { hint: 'write I/N with I from 1 to N, such as 3/10' });
}

/** The parsed value of `--noise`. */
export function parseNoise(text: string): readonly NoiseModel[] {
  const given = parseList(text);
  if (given.length > 0 && new Set(given).size === given.length && given.every((name) => (noiseModels as readonly string[]).includes(name))) return given as NoiseModel[];
  throw new BraggscapeError('option.invalid', `--noise got ${JSON.stringify(text)}`, { hint: `write one or both of ${noiseModels.join(', ')}, each once` });
}

/** The parsed value of `--levels`. */
export function parseLevels(text: string): readonly number[] {
  const given = parseList(text).map(Number);
  if (given.length > 0 && new Set(given).size === given.length && given.every((level) => level > 0 && level <= 0.3)) return given;
  throw new BraggscapeError('option.invalid', `--levels got ${JSON.stringify(text)}`, { hint: 'write different numbers above 0 and at most 0.3, such as 0.01,0.05,0.1' });
}

/** The parsed value of `--settings`. */
export function parseSettings(text: string): readonly string[] {
  const given = parseList(text);
  if (given.length > 0) return given;
  throw new BraggscapeError('option.invalid', '--settings names none', { hint: 'write at least one, such as cosine' });
}

/** Levels by noise model: those given for each that is benched, or else the paper's. */
export function levelsOf({ noise, levels }: Pick<BenchmarkOptions, 'noise' | 'levels'>): Protocol['levels'] {
  return Object.fromEntries(noiseModels.filter((model) => noise.includes(model)).map((model) => [model, levels ?? paperLevels[model]]));
}
