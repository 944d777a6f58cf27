import { BraggscapeError } from '@braggscape/core';
import { dimensionValue } from './dimension.js';
import { compileGraph } from './program.js';
import type { Program } from './program.js';
import type { GraphExecutor, GraphInput, GraphModel } from '../graphModel.js';

const PAGE = 65536;

/** Arrays begin at multiples of this, and a vector may be read beyond their end. */
const ALIGNMENT = 64;

/**
 * An executor that runs a graph as one function of WebAssembly, compiled here: operations on rows are fused into loops, so that most results between
 * them are never stored, and nothing is done node by node. Memory is laid out for somewhat larger inputs than those at hand and laid out anew only if they outgrow it.
 *
 * @param shapes for each input the names of its sizes, or numbers; equal names stand for equal sizes
 * @throws NotCompilable naming the node that stands in the way
 */
export async function compiledExecutor(model: GraphModel, shapes: ReadonlyMap<string, readonly (string | number)[]>): Promise<GraphExecutor> {
  const program = compileGraph(model, shapes);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(program.module, { env: { memory, Acos: Math.acos, Atan: Math.atan } });
  const run = instance.exports.run as (table: number) => void;
  let known: Layout | undefined;
  return {
    backend: 'wasm',
    takesEmpty: true,
    async run(inputs) {
      const sizes = sizesOf(shapes, inputs);
      const layout = known !== undefined && fits(known, sizes) ? known : layoutFor(program, sizes, memory);
      known = layout;
      const words = new Int32Array(memory.buffer);
      program.sizes.forEach((size, k) => (words[layout.table / 4 + program.arrays.length + program.constants.length + k] = dimensionValue(size, sizes)));
      for (const [name, { data, shape }] of Object.entries(inputs)) {
        const index = program.inputs.get(name);
        if (index === undefined) continue;
        const count = shape.reduce((product, size) => product * size, 1);
        const target = data instanceof Float32Array ? new Float32Array(memory.buffer, layout.addresses[index], count) : new Int32Array(memory.buffer, layout.addresses[index], count);
        target.set(data.length === count ? data : data.subarray(0, count));
      }
      run(layout.table);
      return Object.fromEntries(
        [...program.outputs].map(([key, index]) => {
          const { rows, width } = program.arrays[index];
          return [key, new Float32Array(memory.buffer, layout.addresses[index], dimensionValue(rows, sizes) * width).slice()];
        }),
      );
    },
    dispose() {
      known = undefined;
    },
  };
}

type Sizes = ReadonlyMap<string, number>;

interface Layout {
  /** Sizes that there is room for. */
  readonly room: Sizes;
  readonly table: number;
  /** Address of each array. */
  readonly addresses: readonly number[];
}

function sizesOf(shapes: ReadonlyMap<string, readonly (string | number)[]>, inputs: Readonly<Record<string, GraphInput>>): Sizes {
  const sizes = new Map<string, number>();
  for (const [name, shape] of shapes)
    shape.forEach((size, axis) => {
      const actual = inputs[name]?.shape[axis];
      const expected = typeof size === 'number' ? size : (sizes.get(size) ?? actual);
      if (actual === undefined || actual !== expected) throw new BraggscapeError('potential.invalid', `Input ${name} of the graph has shape [${inputs[name]?.shape.join(', ') ?? ''}] where [${shape.join(', ')}] is expected.`);
      if (typeof size === 'string') sizes.set(size, actual);
    });
  return sizes;
}

function fits({ room }: Layout, sizes: Sizes): boolean {
  return [...sizes].every(([name, size]) => size <= (room.get(name) ?? 0));
}

/** Addresses for everything: constants and the table first, then arrays, of which those that are not needed at the same time may share their place. */
function layoutFor(program: Program, sizes: Sizes, memory: WebAssembly.Memory): Layout {
  const room = new Map([...sizes].map(([name, size]) => [name, Math.ceil(size * 1.1) + 16]));
  let top = ALIGNMENT;
  const reserve = (bytes: number): number => {
    const address = top;
    top += Math.ceil((bytes + 16) / ALIGNMENT) * ALIGNMENT;
    return address;
  };
  const table = reserve(4 * (program.arrays.length + program.constants.length + program.sizes.length + 1));
  const constants = program.constants.map((data) => reserve(data.byteLength));
  const scratch = reserve(program.scratchBytes);
  const addresses: number[] = [];
  // Largest first, each at the lowest place where no array that lives at the same time lies.
  const blocks = program.arrays.map(({ rows, width, from, until }, index) => ({ index, from, until, bytes: Math.ceil((4 * dimensionValue(rows, room) * width + 16) / ALIGNMENT) * ALIGNMENT }));
  const placed: { readonly from: number; readonly until: number; readonly start: number; readonly end: number }[] = [];
  for (const { index, from, until, bytes } of blocks.sort((a, b) => b.bytes - a.bytes || a.index - b.index)) {
    let start = top;
    for (const other of placed) {
      if (other.from > until || other.until < from) continue;
      if (start + bytes <= other.start) break;
      start = Math.max(start, other.end);
    }
    addresses[index] = start;
    placed.push({ from, until, start, end: start + bytes });
    placed.sort((a, b) => a.start - b.start);
  }
  const end = placed.reduce((highest, block) => Math.max(highest, block.end), top) + ALIGNMENT;
  if (end > memory.buffer.byteLength) {
    const pages = Math.ceil((end - memory.buffer.byteLength) / PAGE);
    try {
      memory.grow(pages);
    } catch (cause) {
      throw new BraggscapeError('structure.unsupported', `The potential needs ${Math.ceil(end / 1e6)} MB for this structure.`, { hint: 'Use a smaller cell, or fewer structures at a time.', cause });
    }
  }
  const words = new Int32Array(memory.buffer);
  addresses.forEach((address, index) => (words[table / 4 + index] = address));
  constants.forEach((address, k) => {
    words[table / 4 + program.arrays.length + k] = address;
    const data = program.constants[k];
    if (data instanceof Float32Array) new Float32Array(memory.buffer, address, data.length).set(data);
    else new Int32Array(memory.buffer, address, data.length).set(data);
  });
  words[table / 4 + program.arrays.length + program.constants.length + program.sizes.length] = scratch;
  return { room, table, addresses };
}
