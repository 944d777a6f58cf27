import { BraggscapeError, DEGREES_PER_RADIAN, dot, nameHint, randomFromSeed } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import { cellFromLattice, structureParameterization } from '@braggscape/crystal';
import { spaceGroupProjector } from '@braggscape/projectors';

/** A straight line through a structure along which it is varied, in the natural units of {@link structureParameterization} over cell and coordinates. */
export interface ScanAxis {
  /** As it was asked for, such as `a=b` or `O1.x`. */
  readonly name: string;
  /** Å, degrees, or 1. */
  readonly unit: string;
  /** Value at the structure itself. */
  readonly origin: number;
  /** [x] change of each parameter for one unit. */
  readonly direction: Float64Array;
  /** What a range of plain numbers means: factors on the value, or values. */
  readonly kind: 'length' | 'angle' | 'coordinate' | 'displacement' | 'path';
}

/** What some kinds of axes need beside the structure. */
export interface AxisContext {
  readonly seed: number;
  /** Structure behind the name that follows `to:`. */
  readonly structureOf?: (name: string) => Structure;
  /** [modes][x] directions in Å behind `mode:1`, `mode:2` …, the softest first. */
  readonly modes?: readonly Float64Array[];
}

/** Forms of an axis, for help and messages. */
export const axisForms = 'a, b, c, alpha, beta, gamma; tied ones such as a=b; O1.x; wyckoff:O1.x; random:1, random-cell:1, random-coords:1; to:FILE; mode:1';

/**
 * The axis that a text names.
 *
 * - `a` … `gamma`: a cell parameter. `a=b`, `alpha=beta=gamma`: tied ones; lengths keep their ratio and angles their difference, so that the structure stays on the line.
 * - `O1.x`: a coordinate of a site, by the names of sites in messages and records. `wyckoff:O1.x`: the same for all symmetry-equivalent sites, each moving as symmetry has it.
 * - `random:N`, `random-cell:N`, `random-coords:N`: a random direction of unit length in Å, over cell and coordinates or one of them; N tells them apart.
 * - `to:NAME`: towards another structure of the same sites, 0 here and 1 there. `mode:N`: the N-th softest direction of the Hessian, in Å.
 *
 * @throws BraggscapeError `option.invalid` for anything else
 */
export function scanAxis(text: string, structure: Structure, context: AxisContext): ScanAxis {
  const natural = structureParameterization(structure, { vary: ['cell', 'coords'], units: 'natural' });
  const parameters: StructureParameters = { names: natural.names.map((name) => name.replace(/^cell\./, '')), values: natural.pack(structure), scales: angstromScales(structure, natural.names) };
  const at = text.indexOf(':');
  if (at < 0) return tiedAxis(text, parameters);
  const [form, rest] = [text.slice(0, at), text.slice(at + 1)];
  if (form === 'wyckoff') return wyckoffAxis(text, rest, structure, parameters);
  if (form === 'to' && context.structureOf !== undefined) return pathAxis(text, structure, context.structureOf(rest), parameters);
  if (form === 'mode' && context.modes !== undefined) return modeAxis(text, Number(rest), context.modes, parameters);
  if (form === 'random' || form === 'random-cell' || form === 'random-coords') return randomAxis(text, form, context.seed, parameters);
  throw unknownAxis(text, parameters.names);
}

interface StructureParameters {
  readonly names: readonly string[];
  readonly values: Float64Array;
  /** Å per natural unit. */
  readonly scales: Float64Array;
}

/** Å by which each parameter counts: lengths as they are, angles as arcs on the mean axis, coordinates times their axis. */
export function angstromScales(structure: Structure, names: readonly string[]): Float64Array {
  const cell = cellFromLattice(structure.lattice);
  const arc = (cell[0] + cell[1] + cell[2]) / 3 / DEGREES_PER_RADIAN;
  return Float64Array.from(names, (_, i) => (i < 3 ? 1 : i < 6 ? arc : cell[(i - 6) % 3]));
}

function unknownAxis(text: string, names: readonly string[]): BraggscapeError {
  return new BraggscapeError('option.invalid', `"${text}" is no axis`, { path: 'axes', hint: `${nameHint(text, names)}; forms: ${axisForms}` });
}

function tiedAxis(text: string, { names, values }: StructureParameters): ScanAxis {
  const parts = text.split('=').map((part) => part.trim());
  const indices = parts.map((part) => names.indexOf(part));
  if (indices.includes(-1) || new Set(indices).size !== indices.length) throw unknownAxis(text, names);
  const kinds = new Set(indices.map((i) => (i < 3 ? 'length' : i < 6 ? 'angle' : 'coordinate') as ScanAxis['kind']));
  const [kind] = kinds;
  if (kinds.size > 1) throw new BraggscapeError('option.invalid', `axis "${text}" ties lengths, angles or coordinates to each other`, { path: 'axes', hint: 'tie like to like, such as a=b' });
  const direction = new Float64Array(values.length);
  const [first] = indices;
  for (const i of indices) direction[i] = kind === 'length' ? values[i] / values[first] : 1;
  return { name: text, unit: kind === 'length' ? 'Å' : kind === 'angle' ? 'degrees' : '1', origin: values[first], direction, kind };
}

function wyckoffAxis(text: string, coordinate: string, structure: Structure, { names, values }: StructureParameters): ScanAxis {
  const index = names.indexOf(coordinate);
  if (index < 6) throw unknownAxis(text, names);
  const projector = spaceGroupProjector(structure);
  const natural = structureParameterization(structure, { vary: ['cell', 'coords'], units: 'natural' });
  const moved = values.slice();
  const step = 1e-3;
  moved[index] += step;
  const [here, there] = [projector.project(structure), projector.project(natural.unpack(moved))].map((one) => natural.pack(one));
  const direction = there.map((value, i) => (i < 6 ? 0 : (value - here[i]) / step));
  // Scaled so that the coordinate itself moves by one.
  const share = direction[index];
  if (!(share > 1e-6)) throw new BraggscapeError('option.invalid', `symmetry fixes ${coordinate}`, { path: 'axes', hint: 'choose a coordinate that is free, or leave "wyckoff:" out' });
  return { name: text, unit: '1', origin: values[index], direction: direction.map((value) => (Math.abs(value) < 1e-9 ? 0 : value / share)), kind: 'coordinate' };
}

function randomAxis(text: string, form: string, seed: number, { scales }: StructureParameters): ScanAxis {
  if (!/^\d+$/.test(text.slice(form.length + 1))) throw new BraggscapeError('option.invalid', `"${text}" has no number`, { path: 'axes', hint: `tell random directions apart by whole numbers, such as ${form}:1` });
  const random = randomFromSeed(seed).derive(`axis ${text}`);
  const vector = scales.map((_, i) => ((form === 'random-cell' && i >= 6) || (form === 'random-coords' && i < 6) ? 0 : random.normal()));
  return { name: text, unit: 'Å', origin: 0, direction: fromAngstrom(vector, scales), kind: 'displacement' };
}

function modeAxis(text: string, number: number, modes: readonly Float64Array[], { scales }: StructureParameters): ScanAxis {
  const mode = modes[number - 1] as Float64Array | undefined;
  if (mode === undefined) throw new BraggscapeError('option.invalid', `"${text}" is none of ${modes.length} modes`, { path: 'axes', hint: `count from mode:1, the softest, to mode:${modes.length}` });
  return { name: text, unit: 'Å', origin: 0, direction: fromAngstrom(mode, scales), kind: 'displacement' };
}

/** A direction in Å of unit length, in natural units. */
function fromAngstrom(vector: Float64Array, scales: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value, i) => value / length / scales[i]);
}

function pathAxis(text: string, structure: Structure, other: Structure, { values }: StructureParameters): ScanAxis {
  if (other.numbers.length !== structure.numbers.length || other.numbers.some((z, i) => z !== structure.numbers[i])) {
    throw new BraggscapeError('option.invalid', `the structure of "${text}" has other sites`, { path: 'axes', hint: 'give one with the same atoms in the same order' });
  }
  const natural = structureParameterization(structure, { vary: ['cell', 'coords'], units: 'natural' });
  const there = natural.pack(other);
  // Coordinates go the short way round.
  const direction = there.map((value, i) => (i < 6 ? value - values[i] : value - values[i] - Math.round(value - values[i])));
  return { name: text, unit: '1', origin: 0, direction, kind: 'path' };
}

/** Values of a range as given: factors for lengths, offsets where asked for, values otherwise. */
export interface RangeText {
  readonly from: number;
  readonly to: number;
  /** Whether both are offsets from the structure's own value. */
  readonly offsets: boolean;
}

/** Lengths up to this are factors: no cell has edges so short. */
const LARGEST_FACTOR = 2;

/**
 * Limits of an axis in its own unit. Without a range: ±20 % for lengths, ±20° for angles, ±0.25 for coordinates, ±1 Å for displacements, −0.5 to 1.5 for paths.
 * @throws BraggscapeError `option.invalid` for a range that does not ascend, or lengths that are not positive
 */
export function axisLimits(axis: ScanAxis, range?: RangeText): readonly [number, number] {
  if (range === undefined) {
    const { origin, kind } = axis;
    if (kind === 'length') return [0.8 * origin, 1.2 * origin];
    if (kind === 'path') return [-0.5, 1.5];
    const reach = kind === 'angle' ? 20 : kind === 'coordinate' ? 0.25 : 1;
    return [origin - reach, origin + reach];
  }
  const { from, to } = range;
  if (!(from < to)) throw new BraggscapeError('option.invalid', `the range of axis "${axis.name}" runs from ${from} to ${to}`, { path: 'range', hint: 'the first number must be smaller' });
  const limits = [axisPosition(axis, from, range), axisPosition(axis, to, range)] as const;
  if (axis.kind === 'length' && !(limits[0] > 0)) {
    throw new BraggscapeError('option.invalid', `the range of axis "${axis.name}" begins at ${Number(limits[0].toPrecision(4))} Å`, { path: 'range', hint: 'lengths must be positive: give factors such as 0.8:1.2, Å, or a narrower ±WIDTH in Å' });
  }
  return limits;
}

/** A number along an axis in its own unit, read as the range of the axis is: an offset, a factor, or a value. Without a range, numbers up to 2 are factors for lengths. */
export function axisPosition(axis: ScanAxis, value: number, range?: RangeText): number {
  if (range?.offsets === true) return axis.origin + value;
  return axis.kind === 'length' && (range?.to ?? value) <= LARGEST_FACTOR ? value * axis.origin : value;
}
