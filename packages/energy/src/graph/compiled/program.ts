import { readGraph } from './graphReading.js';
import type { Reading } from './graphReading.js';
import { fuse } from './fusion.js';
import type { Group } from './fusion.js';
import { matrixKernelFunction } from './matrixKernel.js';
import { importedFunctions, rowKernelFunction, rowKernelScratch } from './rowKernel.js';
import type { Operand, RowKernel, RowSource } from './rowKernel.js';
import { code, wasmModule } from './wasmCode.js';
import type { Code, WasmFunction } from './wasmCode.js';
import type { Dimension } from './dimension.js';
import type { GraphModel } from '../graphModel.js';

/** An array of a program: its address stands in the table, at its own index. */
export interface ProgramArray {
  readonly name: string;
  readonly type: 'f32' | 'i32';
  readonly rows: Dimension;
  readonly width: number;
  /** Steps between which its numbers are needed; what is known before the first step begins at −1. */
  readonly from: number;
  readonly until: number;
}

/** A graph compiled to one function of WebAssembly. */
export interface Program {
  readonly module: Uint8Array<ArrayBuffer>;
  readonly arrays: readonly ProgramArray[];
  /** Numbers that stay in memory; their addresses follow those of the arrays in the table. */
  readonly constants: readonly (Float32Array | Int32Array)[];
  /** Sizes that follow the constants in the table. */
  readonly sizes: readonly Dimension[];
  /** Bytes of work space, whose address is the last of the table. */
  readonly scratchBytes: number;
  /** Index of the array of each input and output. */
  readonly inputs: ReadonlyMap<string, number>;
  readonly outputs: ReadonlyMap<string, number>;
  /** How many loops, matrix products and different functions there are, for the curious. */
  readonly counts: { readonly loops: number; readonly products: number; readonly functions: number };
}

/** Numbers that a step needs by their place in the table. */
interface Slots {
  array(name: string): number;
  constant(name: string): number;
  size(dimension: Dimension): number;
}

/**
 * Compile a graph model.
 *
 * @param shapes for each input the names of its sizes, or numbers
 * @throws NotCompilable naming the node that stands in the way
 */
export function compileGraph(model: GraphModel, shapes: ReadonlyMap<string, readonly (string | number)[]>): Program {
  const readings = readGraph(model, shapes);
  const read = (name: string): Reading => readings.get(name) as Reading;
  const outputs = new Map([...model.outputs].map(([key, node]) => [key, read(node)]));
  for (const [key, reading] of outputs) if (reading.kind !== 'rows') throw new Error(`output ${key} does not depend on the inputs`);
  const outputNames = [...outputs.values()].map((reading) => (reading as Extract<Reading, { kind: 'rows' }>).name);
  const needed = dependencies(readings, outputNames);
  const integers = needed.filter((name) => read(name).kind === 'integers');
  const groups = fuse(readings, needed, outputNames);

  // Of what a loop makes, only that is written which something outside of it reads.
  const materialized = readOutside(groups, readings, outputNames);

  const steps: Step[] = [...integers.flatMap((name) => integerStep(name, readings)), ...groups.map((group) => groupStep(group, readings, materialized))];
  const firstUse = new Map<string, number>();
  const lastUse = new Map<string, number>();
  const isInput = (name: string): boolean => {
    const reading = read(name);
    return (reading.kind === 'rows' || reading.kind === 'integers') && reading.made.by === 'input';
  };
  for (const name of needed) if (isInput(name)) firstUse.set(name, -1);
  steps.forEach(({ reads, writes }, index) => {
    for (const name of writes) firstUse.set(name, index);
    for (const name of [...reads, ...writes]) lastUse.set(name, index);
  });
  for (const name of outputNames) lastUse.set(name, steps.length);
  const arrays = [...firstUse].map(([name, from]): ProgramArray => {
    const reading = read(name);
    if (reading.kind !== 'rows' && reading.kind !== 'integers') throw new Error(`${name} is no array`);
    return { name, type: reading.kind === 'rows' ? 'f32' : 'i32', rows: reading.rows, width: reading.kind === 'rows' ? reading.width : 1, from, until: lastUse.get(name) ?? steps.length };
  });
  const arrayIndex = new Map(arrays.map(({ name }, index) => [name, index]));
  const constants: (Float32Array | Int32Array)[] = [];
  const constantIndex = new Map<string, number>();
  const sizes: Dimension[] = [];
  const sizeIndex = new Map<string, number>();
  for (const { constants: own } of steps)
    for (const [name, data] of own)
      if (!constantIndex.has(name)) {
        constantIndex.set(name, constants.length);
        constants.push(data);
      }
  for (const { sizes: own } of steps)
    for (const size of own)
      if (!sizeIndex.has(size.key)) {
        sizeIndex.set(size.key, sizes.length);
        sizes.push(size);
      }
  const slots: Slots = {
    array: (name) => arrayIndex.get(name) as number,
    constant: (name) => arrays.length + (constantIndex.get(name) as number),
    size: ({ key }) => arrays.length + constants.length + (sizeIndex.get(key) as number),
  };
  const scratch = arrays.length + constants.length + sizes.length;

  // Imported functions come first; equal kernels are one function.
  const functions: WasmFunction[] = [];
  const functionIndex = new Map<string, number>();
  const indexOf = (key: string, make: () => WasmFunction): number => {
    let index = functionIndex.get(key);
    if (index === undefined) {
      index = importedFunctions.length + functions.push(make()) - 1;
      functionIndex.set(key, index);
    }
    return index;
  };
  const run = code(1);
  const push = (slot: number): void => void run.get(0).load('i32.load', 4 * slot);
  for (const step of steps) step.emit(run, push, slots, indexOf, scratch);
  const counts = { loops: groups.filter(({ kind }) => kind !== 'product').length, products: groups.filter(({ kind }) => kind === 'product').length, functions: functions.length };
  functions.push({ name: 'run', parameters: 1, code: run });
  return {
    module: wasmModule(functions, importedFunctions),
    arrays,
    constants,
    sizes,
    scratchBytes: Math.max(16, ...steps.map(({ scratchBytes }) => scratchBytes)),
    inputs: new Map([...shapes.keys()].filter((name) => arrayIndex.has(name)).map((name) => [name, slots.array(name)])),
    outputs: new Map([...outputs].map(([key, reading]) => [key, slots.array((reading as Extract<Reading, { kind: 'rows' }>).name)])),
    counts,
  };
}

interface Step {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly constants: readonly (readonly [string, Float32Array | Int32Array])[];
  readonly sizes: readonly Dimension[];
  readonly scratchBytes: number;
  emit(run: Code, push: (slot: number) => void, slots: Slots, indexOf: (key: string, make: () => WasmFunction) => number, scratch: number): void;
}

/** All that the outputs are made of, each after what it is made of. */
function dependencies(readings: ReadonlyMap<string, Reading>, outputs: readonly string[]): string[] {
  const needed = new Set<string>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const name = stack.pop() as string;
    if (needed.has(name)) continue;
    needed.add(name);
    const reading = readings.get(name);
    if (reading?.kind === 'rows') {
      const { made } = reading;
      if (made.by === 'operation') stack.push(...made.of.flatMap((operand) => ('rows' in operand ? [operand.rows] : 'fixed' in operand ? [operand.fixed] : [])));
      if (made.by === 'gather' || made.by === 'scatter') stack.push(made.of, made.index);
      if (made.by === 'product') stack.push(made.of);
    }
    if (reading?.kind === 'integers') {
      if (reading.made.by === 'concatenation') stack.push(...reading.made.of);
      if (reading.made.by === 'shift') stack.push(reading.made.of);
    }
  }
  // Readings were made in an order in which each comes after its inputs; aliases have the name of what they stand for.
  return [...readings.keys()].filter((name) => needed.has(name));
}

function integerStep(name: string, readings: ReadonlyMap<string, Reading>): Step[] {
  const reading = readings.get(name);
  if (reading?.kind !== 'integers' || reading.made.by === 'input') return [];
  const { made, rows } = reading;
  const step = (reads: readonly string[], sizes: readonly Dimension[], emit: Step['emit']): Step[] => [{ reads, writes: [name], constants: [], sizes, scratchBytes: 0, emit }];
  switch (made.by) {
    case 'range':
      return step([], [rows], (run, push, slots, indexOf) => {
        push(slots.size(rows));
        push(slots.array(name));
        run.call(indexOf('range', rangeFunction));
      });
    case 'shift':
      return step([made.of], [rows], (run, push, slots, indexOf) => {
        push(slots.size(rows));
        push(slots.array(made.of));
        push(slots.array(name));
        run.i32(made.amount).call(indexOf('shift', shiftFunction));
      });
    case 'concatenation': {
      const sizes = made.of.map((part) => (readings.get(part) as Extract<Reading, { kind: 'integers' }>).rows);
      return step(made.of, sizes, (run, push, slots) => {
        const to = run.local('i32');
        push(slots.array(name));
        run.set(to);
        made.of.forEach((part, k) => {
          run.get(to);
          push(slots.array(part));
          push(slots.size(sizes[k]));
          run.i32(4).op('i32.mul').memoryCopy();
          run.get(to);
          push(slots.size(sizes[k]));
          run.i32(4).op('i32.mul').op('i32.add').set(to);
        });
      });
    }
  }
}

/** to[i] = i */
function rangeFunction(): WasmFunction {
  const out = code(2);
  const [count, to] = [0, 1];
  const i = out.local('i32');
  out.get(count).op('i32.eqz').unless(() => {
    out.loop(() => {
      out.get(to).get(i).load('i32.store').get(to).i32(4).op('i32.add').set(to);
      out.get(i).i32(1).op('i32.add').tee(i).get(count).op('i32.lt_u');
    });
  });
  return { name: 'range', parameters: 2, code: out };
}

/** to[i] = from[i] + amount */
function shiftFunction(): WasmFunction {
  const out = code(4);
  const [count, from, to, amount] = [0, 1, 2, 3];
  out.get(count).op('i32.eqz').unless(() => {
    out.loop(() => {
      out.get(to).get(from).load('i32.load').get(amount).op('i32.add').load('i32.store');
      for (const address of [from, to]) out.get(address).i32(4).op('i32.add').set(address);
      out.get(count).i32(1).op('i32.sub').tee(count);
    });
  });
  return { name: 'shift', parameters: 4, code: out };
}

/** Names of rows that must be in memory: outputs, what products and gathers read, and what one loop makes and another reads. */
function readOutside(groups: readonly Group[], readings: ReadonlyMap<string, Reading>, outputs: readonly string[]): ReadonlySet<string> {
  const groupOf = new Map(groups.flatMap(({ members }, index) => members.map((member) => [member, index] as const)));
  const found = new Set(outputs);
  for (const [name, index] of groupOf) {
    const reading = readings.get(name);
    if (reading?.kind !== 'rows') continue;
    const { made } = reading;
    if (made.by === 'product' || made.by === 'gather') found.add(made.of);
    const operands = made.by === 'operation' ? made.of.flatMap((operand) => ('rows' in operand ? [operand.rows] : [])) : made.by === 'scatter' ? [made.of] : [];
    for (const operand of operands) {
      const source = readings.get(operand);
      if (source?.kind === 'rows' && source.made.by === 'gather') found.add(source.made.of);
      else if (groupOf.get(operand) !== index) found.add(operand);
    }
  }
  return found;
}

function groupStep({ kind, members }: Group, readings: ReadonlyMap<string, Reading>, materialized: ReadonlySet<string>): Step {
  const rowsOf = (name: string): Extract<Reading, { kind: 'rows' }> => readings.get(name) as Extract<Reading, { kind: 'rows' }>;
  if (kind === 'product') {
    const [name] = members;
    const { made, width, rows } = rowsOf(name);
    if (made.by !== 'product') throw new Error(`${name} is no product`);
    const inner = made.matrix.shape[0];
    return {
      reads: [made.of],
      writes: [name],
      constants: [[made.matrixName, made.matrix.data]],
      sizes: [rows],
      scratchBytes: 0,
      emit(run, push, slots, indexOf) {
        push(slots.size(rows));
        push(slots.array(made.of));
        push(slots.constant(made.matrixName));
        push(slots.array(name));
        run.call(indexOf(`product ${inner} ${width}`, () => matrixKernelFunction(inner, width)));
      },
    };
  }

  const sources: (RowSource & { readonly name: string; readonly index: string | undefined })[] = [];
  const constants: (readonly [string, Float32Array | Int32Array])[] = [];
  const sourceOf = (name: string, index: string | undefined, width: number, access: RowSource['access']): Operand => {
    const known = sources.findIndex((source) => source.name === name && source.index === index);
    return { source: known >= 0 ? known : sources.push({ name, index, width, access }) - 1 };
  };
  const constantRows = (name: string): Extract<Reading, { kind: 'constant' }> | undefined => {
    const reading = readings.get(name);
    if (reading?.kind !== 'constant') return undefined;
    constants.push([name, reading.constant.data]);
    return reading;
  };
  const stepOf = new Map<string, number>();
  const inside = new Set(members);
  const operandOf = (name: string): Operand => {
    const { made, width } = rowsOf(name);
    if (made.by === 'operation' && inside.has(name)) return { step: stepOf.get(name) as number };
    if (made.by === 'gather') {
      constantRows(made.of);
      return sourceOf(made.of, made.index, width, 'gathered');
    }
    return sourceOf(name, undefined, width, 'row');
  };
  const steps: RowKernel['steps'][number][] = [];
  const stores: (RowKernel['stores'][number] & { readonly name: string })[] = [];
  const scatters: (RowKernel['scatters'][number] & { readonly name: string; readonly index: string })[] = [];
  let loopRows: Dimension | undefined;
  for (const name of members) {
    const { made, width, rows } = rowsOf(name);
    if (made.by === 'scatter') {
      loopRows = rowsOf(made.of).rows;
      scatters.push({ value: operandOf(made.of), width, name, index: made.index });
      continue;
    }
    loopRows = rows;
    if (made.by === 'gather') {
      stores.push({ value: operandOf(name), width, name });
      continue;
    }
    if (made.by !== 'operation') throw new Error(`${name} is no operation`);
    const inputs = made.of.map((operand): Operand => {
      if ('number' in operand) return operand;
      if ('rows' in operand) return operandOf(operand.rows);
      const reading = constantRows(operand.fixed) as Extract<Reading, { kind: 'constant' }>;
      return sourceOf(operand.fixed, undefined, reading.constant.data.length, 'fixed');
    });
    stepOf.set(name, steps.push({ operation: made.operation, width, inputs }) - 1);
    if (materialized.has(name)) stores.push({ value: { step: stepOf.get(name) as number }, width, name });
  }
  const rows = loopRows as Dimension;
  const kernel: RowKernel = {
    sources: sources.map(({ width, access }) => ({ width, access })),
    steps,
    stores: stores.map(({ value, width }) => ({ value, width })),
    scatters: scatters.map(({ value, width }) => ({ value, width })),
  };
  return {
    reads: [...sources.filter(({ name }) => readings.get(name)?.kind !== 'constant').map(({ name }) => name), ...sources.flatMap(({ index }) => index ?? []), ...scatters.map(({ index }) => index)],
    writes: [...stores, ...scatters].map(({ name }) => name),
    constants,
    sizes: [rows, ...scatters.map(({ name }) => rowsOf(name).rows)],
    scratchBytes: rowKernelScratch(kernel),
    emit(run, push, slots, indexOf, scratch) {
      const arrayOrConstant = (name: string): number => (readings.get(name)?.kind === 'constant' ? slots.constant(name) : slots.array(name));
      for (const { name, width } of scatters) {
        push(slots.array(name));
        run.i32(0);
        push(slots.size(rowsOf(name).rows));
        run.i32(4 * width).op('i32.mul').memoryFill();
      }
      push(slots.size(rows));
      for (const { name, index } of sources) {
        push(arrayOrConstant(name));
        if (index !== undefined) push(slots.array(index));
      }
      for (const { name } of stores) push(slots.array(name));
      for (const { name, index } of scatters) {
        push(slots.array(name));
        push(slots.array(index));
      }
      push(scratch);
      run.call(indexOf(JSON.stringify(kernel), () => rowKernelFunction(kernel)));
    },
  };
}
