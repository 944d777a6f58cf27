import { addDimensions, fixedDimension, namedDimension } from './dimension.js';
import type { Dimension } from './dimension.js';
import { isReduction, rowOperations } from './rowKernel.js';
import type { RowOperation } from './rowKernel.js';
import type { GraphConstant, GraphModel, GraphNode } from '../graphModel.js';

/** What a node of a graph is for the compiler. */
export type Reading =
  /** Numbers known when the graph is compiled. */
  | { readonly kind: 'constant'; readonly constant: GraphConstant; readonly name: string }
  /** A size, or several: integers that depend on the shapes of the inputs alone. */
  | { readonly kind: 'sizes'; readonly sizes: readonly Dimension[]; readonly scalar: boolean }
  /** Integers, one a row: given, or made of others. */
  | { readonly kind: 'integers'; readonly rows: Dimension; readonly rank: 1 | 2; readonly made: IntegerSource; readonly name: string }
  /** Single-precision numbers in rows. */
  | { readonly kind: 'rows'; readonly rows: Dimension; readonly width: number; readonly rank: 1 | 2; readonly made: RowsSource; readonly name: string };

export type IntegerSource =
  | { readonly by: 'input' }
  | { readonly by: 'range' }
  | { readonly by: 'concatenation'; readonly of: readonly string[] }
  | { readonly by: 'shift'; readonly of: string; readonly amount: number };

export type RowsSource =
  | { readonly by: 'input' }
  | { readonly by: 'operation'; readonly operation: RowOperation; readonly of: readonly RowOperand[] }
  | { readonly by: 'product'; readonly of: string; readonly matrix: GraphConstant; readonly matrixName: string }
  | { readonly by: 'gather'; readonly of: string; readonly index: string }
  | { readonly by: 'scatter'; readonly of: string; readonly index: string };

/** What an operation on rows reads: rows, one row for all (a constant), or a number. */
export type RowOperand = { readonly rows: string } | { readonly fixed: string } | { readonly number: number };

/** A graph that the compiler does not take, with the reason; such a graph is left to TensorFlow.js. */
export class NotCompilable extends Error {}

/**
 * Read a graph: shapes of everything as functions of the inputs' shapes, sizes and constants resolved, aliases followed.
 *
 * @param shapes for each input the names of its sizes, or numbers; equal names stand for equal sizes
 * @throws NotCompilable naming the node that stands in the way
 */
export function readGraph(model: GraphModel, shapes: ReadonlyMap<string, readonly (string | number)[]>): ReadonlyMap<string, Reading> {
  const nodes = new Map(model.nodes.map((node) => [node.name, node]));
  const readings = new Map<string, Reading>();
  const visit = (name: string): Reading => {
    const known = readings.get(name);
    if (known !== undefined) return known;
    const node = nodes.get(name);
    if (node === undefined) throw new NotCompilable(`no node ${name}`);
    const inputs = (node.input ?? []).map((input) => {
      const [source, output = '0'] = input.split(':');
      if (output !== '0' || source.startsWith('^')) throw new NotCompilable(`${name}: input ${input}`);
      return visit(source);
    });
    const reading = readNode(node, inputs, model, shapes);
    readings.set(name, reading);
    return reading;
  };
  // Nodes come in an order of their own; deep graphs would overflow the stack if visited from their ends.
  for (const { name } of inOrder(model.nodes)) visit(name);
  return readings;
}

/** Nodes such that each comes after its inputs. */
function inOrder(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const done = new Set<string>();
  const sorted: GraphNode[] = [];
  for (const start of nodes) {
    const stack = [start];
    while (stack.length > 0) {
      const node = stack[stack.length - 1];
      const missing = (node.input ?? []).map((input) => byName.get(input.split(':')[0])).filter((input): input is GraphNode => input !== undefined && !done.has(input.name));
      if (missing.length > 0 && stack.length <= nodes.length) {
        stack.push(...missing);
        continue;
      }
      if (missing.length > 0) throw new NotCompilable('the graph has a cycle');
      stack.pop();
      if (done.has(node.name)) continue;
      done.add(node.name);
      sorted.push(node);
    }
  }
  return sorted;
}

function readNode(node: GraphNode, inputs: readonly Reading[], model: GraphModel, shapes: ReadonlyMap<string, readonly (string | number)[]>): Reading {
  const { name, op } = node;
  const refuse = (why: string): never => {
    throw new NotCompilable(`${name} (${op}): ${why}`);
  };
  const flag = (key: string): number => Number(node.attr?.[key]?.i ?? 0);
  const constantOf = (reading: Reading | undefined): GraphConstant => (reading?.kind === 'constant' ? reading.constant : refuse('needs a constant'));
  const integersOf = (reading: Reading | undefined): number[] => [...constantOf(reading).data];
  const rowsOf = (reading: Reading | undefined): Extract<Reading, { kind: 'rows' }> => (reading?.kind === 'rows' ? reading : refuse('needs rows of numbers'));
  const indexOf = (reading: Reading | undefined): Extract<Reading, { kind: 'integers' }> =>
    reading?.kind === 'integers' && reading.rank === 2 ? reading : refuse('needs indices in a column');

  switch (op) {
    case 'Const': {
      const constant = model.constants.get(name) ?? refuse('no numbers for it');
      return { kind: 'constant', constant, name };
    }
    case 'Placeholder': {
      const shape = shapes.get(name) ?? refuse('an input that the signature does not name');
      const sizes = shape.map((size) => (typeof size === 'number' ? fixedDimension(size) : namedDimension(size)));
      const type = node.attr?.dtype?.type;
      if (sizes.length < 1 || sizes.length > 2) return refuse('only vectors and matrices');
      if (type === 'DT_INT32') return sizes.length === 1 ? { kind: 'integers', rows: sizes[0], rank: 1, made: { by: 'input' }, name } : refuse('integers must be a vector');
      if (type !== 'DT_FLOAT') return refuse(`type ${type}`);
      const width = sizes.length === 1 ? 1 : typeof shape[1] === 'number' ? shape[1] : refuse('a width that is not fixed');
      return { kind: 'rows', rows: sizes[0], width, rank: sizes.length as 1 | 2, made: { by: 'input' }, name };
    }
    case 'Identity':
    case 'StopGradient':
      return inputs[0];
    case 'Shape': {
      const [x] = inputs;
      if (x.kind === 'integers') return { kind: 'sizes', sizes: x.rank === 1 ? [x.rows] : [x.rows, fixedDimension(1)], scalar: false };
      if (x.kind === 'rows') return { kind: 'sizes', sizes: x.rank === 1 ? [x.rows] : [x.rows, fixedDimension(x.width)], scalar: false };
      return refuse('of what has no rows');
    }
    case 'StridedSlice': {
      const [x, begin, end, strides] = inputs;
      if (x.kind !== 'sizes' || flag('ellipsis_mask') !== 0 || flag('new_axis_mask') !== 0 || integersOf(strides)[0] !== 1) return refuse('only parts of shapes');
      const first = (flag('begin_mask') & 1) !== 0 ? 0 : integersOf(begin)[0];
      const last = (flag('end_mask') & 1) !== 0 ? x.sizes.length : integersOf(end)[0];
      if (flag('shrink_axis_mask') === 1) return { kind: 'sizes', sizes: [x.sizes[first] ?? refuse('out of range')], scalar: true };
      return { kind: 'sizes', sizes: x.sizes.slice(first, last), scalar: false };
    }
    case 'Pack':
      return { kind: 'sizes', sizes: inputs.flatMap((input) => sizesOf(input) ?? refuse('only of sizes')), scalar: false };
    case 'Range': {
      const [start, limit, step] = inputs.map((input) => sizesOf(input)?.[0] ?? refuse('only of sizes'));
      if (start.key !== '0' || step.key !== '1') return refuse('only from 0 in steps of 1');
      return { kind: 'integers', rows: limit, rank: 1, made: { by: 'range' }, name };
    }
    case 'ExpandDims':
    case 'Reshape': {
      const [x, to] = inputs;
      if (x.kind !== 'integers' && x.kind !== 'rows') return refuse('only of columns and vectors');
      if (x.kind === 'rows' && x.width !== 1) return refuse('only of columns and vectors');
      if (op === 'ExpandDims') return x.rank === 1 && [1, -1].includes(integersOf(to)[0]) ? { ...x, rank: 2 } : refuse('only a vector to a column');
      const shape = integersOf(to);
      if (shape.length === 1 && shape[0] === -1) return { ...x, rank: 1 };
      if (shape.length === 2 && shape[0] === -1 && shape[1] === 1) return { ...x, rank: 2 };
      return refuse(`to [${shape.join(', ')}]`);
    }
    case 'ConcatV2': {
      const parts = inputs.slice(0, -1);
      if (integersOf(inputs.at(-1))[0] !== 0 || !parts.every((part) => part.kind === 'integers')) return refuse('only of integers');
      const all = parts.map((part) => part);
      if (all.some(({ rank }) => rank !== all[0].rank)) return refuse('of different ranks');
      return { kind: 'integers', rows: all.map(({ rows }) => rows).reduce(addDimensions), rank: all[0].rank, made: { by: 'concatenation', of: all.map((part) => part.name) }, name };
    }
    case 'MatMul': {
      const a = rowsOf(inputs[0]);
      const matrix = constantOf(inputs[1]);
      if (node.attr?.transpose_a?.b === true || node.attr?.transpose_b?.b === true) return refuse('transposed');
      if (a.rank !== 2 || matrix.shape.length !== 2 || matrix.shape[0] !== a.width) return refuse('shapes do not fit');
      const matrixName = (inputs[1] as Extract<Reading, { kind: 'constant' }>).name;
      return { kind: 'rows', rows: a.rows, width: matrix.shape[1], rank: 2, made: { by: 'product', of: a.name, matrix, matrixName }, name };
    }
    case 'GatherNd': {
      const index = indexOf(inputs[1]);
      const from = inputs[0];
      if (from.kind === 'constant') {
        if (from.constant.shape.length !== 2) return refuse('only of rows');
        return { kind: 'rows', rows: index.rows, width: from.constant.shape[1], rank: 2, made: { by: 'gather', of: from.name, index: index.name }, name };
      }
      const { width, rank, name: of } = rowsOf(from);
      return { kind: 'rows', rows: index.rows, width, rank, made: { by: 'gather', of, index: index.name }, name };
    }
    case 'ScatterNd': {
      const index = indexOf(inputs[0]);
      const x = rowsOf(inputs[1]);
      const sizes = sizesOf(inputs[2]) ?? refuse('a shape that is not known');
      if (x.rows.key !== index.rows.key || sizes.length !== x.rank || (x.rank === 2 && sizes[1].key !== String(x.width))) return refuse('shapes do not fit');
      return { kind: 'rows', rows: sizes[0], width: x.width, rank: x.rank, made: { by: 'scatter', of: x.name, index: index.name }, name };
    }
    default:
  }
  if (op === 'Sub' || op === 'AddV2') {
    const [a, b] = inputs;
    if (a.kind === 'integers' && b.kind === 'constant' && b.constant.data.length === 1) return { ...a, made: { by: 'shift', of: a.name, amount: op === 'Sub' ? -b.constant.data[0] : b.constant.data[0] }, name };
  }
  const operation = ({ Add: 'AddV2', BiasAdd: 'AddV2', Div: 'RealDiv' } as Record<string, string>)[op] ?? op;
  if (!rowOperations.includes(operation as RowOperation)) return refuse('not an operation that is compiled');
  return readOperation(name, operation as RowOperation, inputs, node, refuse);
}

function readOperation(name: string, operation: RowOperation, inputs: readonly Reading[], node: GraphNode, refuse: (why: string) => never): Reading {
  const runtime = inputs.filter((input): input is Extract<Reading, { kind: 'rows' }> => input.kind === 'rows');
  if (runtime.length === 0) return refuse('of nothing that depends on the inputs');
  const [{ rows, rank }] = runtime;
  if (runtime.some((input) => input.rows.key !== rows.key || input.rank !== rank)) return refuse('of arrays with different numbers of rows');
  if (isReduction(operation)) {
    const [x, axis] = inputs;
    if (x.kind !== 'rows' || axis.kind !== 'constant' || rank !== 2 || ![1, -1].includes(axis.constant.data[0]) || axis.constant.data.length !== 1) return refuse('only over the columns');
    if (node.attr?.keep_dims?.b !== true) return refuse('must keep its dimension');
    return x.width === 1 ? x : { kind: 'rows', rows, width: 1, rank, made: { by: 'operation', operation, of: [{ rows: x.name }] }, name };
  }
  let width = Math.max(...runtime.map((input) => input.width));
  const of = inputs.map((input): RowOperand => {
    if (input.kind === 'rows') return { rows: input.name };
    if (input.kind !== 'constant') return refuse('of sizes or integers');
    const { data, shape } = input.constant;
    if (data.length === 1) return { number: data[0] };
    if (shape.length > 2 || shape.at(-1) !== data.length || rank !== 2) return refuse('of a constant that is not one row');
    width = Math.max(width, data.length);
    return { fixed: input.name };
  });
  const widths = [...runtime.map((input) => input.width), ...inputs.flatMap((input) => (input.kind === 'constant' ? [input.constant.data.length] : []))];
  if (widths.some((each) => each !== 1 && each !== width)) return refuse('of arrays of different widths');
  return { kind: 'rows', rows, width, rank, made: { by: 'operation', operation, of }, name };
}

function sizesOf(reading: Reading): readonly Dimension[] | undefined {
  if (reading.kind === 'sizes') return reading.sizes;
  if (reading.kind === 'constant') return [...reading.constant.data].map(fixedDimension);
  return undefined;
}
