import { BraggscapeError } from '@braggscape/core';
import { NotCompilable, readGraph } from './compiled/graphReading.js';
import type { Reading, RowOperand } from './compiled/graphReading.js';
import type { GraphConstant, GraphModel, GraphNode } from './graphModel.js';

type Rows = Extract<Reading, { kind: 'rows' }>;

/**
 * A graph that gives energies of sites, with the gradient of their sum in one of its inputs as a further output: reverse-mode differentiation, written as nodes of
 * the same kinds, so that every backend can evaluate it.
 *
 * @param shapes for each input the names of its sizes, or numbers
 * @param of node of the energies
 * @param by input to differentiate by
 * @param output name of the new output
 * @param path where the graph came from, for messages
 * @throws BraggscapeError `potential.invalid` that names the node which cannot be differentiated
 */
export function differentiateGraph(
  model: GraphModel,
  shapes: ReadonlyMap<string, readonly (string | number)[]>,
  { of, by, output, path }: { readonly of: string; readonly by: string; readonly output: string; readonly path: string },
): GraphModel {
  let readings: ReadonlyMap<string, Reading>;
  try {
    readings = readGraph(model, shapes);
  } catch (error) {
    if (!(error instanceof NotCompilable)) throw error;
    throw new BraggscapeError('potential.invalid', `the graph gives no gradient and cannot be differentiated: ${error.message}`, {
      path,
      hint: 'use only the operations of docs/potentials.md, or put the gradient into the graph',
      cause: error,
    });
  }
  const nodes: GraphNode[] = [];
  const constants = new Map<string, GraphConstant>();
  const node = (op: string, input: readonly string[], attr: GraphNode['attr'] = {}): string => {
    const name = `gradient/${op}_${nodes.length}`;
    nodes.push({ name, op, input, attr });
    return name;
  };
  const constant = (data: Float32Array | Int32Array, shape: readonly number[]): string => {
    const name = `gradient/constant_${nodes.length}`;
    nodes.push({ name, op: 'Const', attr: { dtype: { type: data instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32' } } });
    constants.set(name, { data, shape });
    return name;
  };
  const numbers = new Map<number, string>();
  const number = (value: number): string => {
    const known = numbers.get(value) ?? constant(Float32Array.of(value), [1, 1]);
    numbers.set(value, known);
    return known;
  };
  const axis = constant(Int32Array.of(1), [1]);
  const expandAxis = constant(Int32Array.of(1), []);
  const add = (a: string, b: string): string => node('AddV2', [a, b]);
  const sub = (a: string, b: string): string => node('Sub', [a, b]);
  const mul = (a: string, b: string): string => node('Mul', [a, b]);
  const div = (a: string, b: string): string => node('RealDiv', [a, b]);
  const negative = (a: string): string => node('Neg', [a]);
  /** 1 where a is positive, 0 where it is negative. */
  const step = (a: string): string => node('ClipByValue', [mul(a, number(1e30)), number(0), number(1)]);

  const rowsOf = (name: string): Rows => readings.get(name) as Rows;
  /** The node as a matrix: vectors become columns. */
  const matrices = new Map<string, string>();
  const matrix = (name: string): string => {
    const reading = readings.get(name);
    if (reading?.kind !== 'rows' && reading?.kind !== 'integers') return name;
    if (reading.rank === 2) return name;
    const known = matrices.get(name) ?? node('ExpandDims', [name, expandAxis]);
    matrices.set(name, known);
    return known;
  };
  const operandNode = (operand: RowOperand): string => ('rows' in operand ? matrix(operand.rows) : 'fixed' in operand ? operand.fixed : number(operand.number));
  const widthOf = (operand: RowOperand): number => ('rows' in operand ? rowsOf(operand.rows).width : 1);

  const gradients = new Map<string, string>();
  const accumulate = (name: string, gradient: string): void => {
    const before = gradients.get(name);
    gradients.set(name, before === undefined ? gradient : add(before, gradient));
  };
  /** Adds to an operand's gradient, summed over the columns that it was repeated along. */
  const give = (operand: RowOperand, gradient: string, width: number): void => {
    if (!('rows' in operand)) return;
    accumulate(operand.rows, widthOf(operand) < width ? node('Sum', [gradient, axis], { keep_dims: { b: true } }) : gradient);
  };

  const site = readings.get(of);
  const input = readings.get(by);
  if (site?.kind !== 'rows' || site.width !== 1 || input?.kind !== 'rows') throw new BraggscapeError('potential.invalid', `output "${of}" is not one number for each atom`, { path, hint: 'siteEnergies is [atoms]' });
  accumulate(site.name, add(mul(matrix(site.name), number(0)), number(1)));
  for (const name of [...readings.keys()].reverse()) {
    const reading = readings.get(name);
    const g = gradients.get(name);
    // Aliases have the name of what they stand for.
    if (reading?.kind !== 'rows' || reading.name !== name || g === undefined) continue;
    const { made, width } = reading;
    const y = matrix(name);
    if (made.by === 'product') accumulate(made.of, node('MatMul', [g, transposed(made.matrix)], { transpose_a: { b: false }, transpose_b: { b: false } }));
    else if (made.by === 'gather') {
      if (readings.get(made.of)?.kind === 'rows') accumulate(made.of, node('ScatterNd', [matrix(made.index), g, node('Shape', [matrix(made.of)])]));
    } else if (made.by === 'scatter') accumulate(made.of, node('GatherNd', [g, matrix(made.index)]));
    else if (made.by === 'operation') operationGradient(made, g, y, width);
  }
  const result = gradients.get(input.name);
  if (result === undefined) throw new BraggscapeError('potential.invalid', `output "${of}" does not depend on input "${by}"`, { path, hint: 'check the graph' });
  return {
    ...model,
    nodes: [...model.nodes, ...nodes],
    constants: new Map([...model.constants, ...constants]),
    outputs: new Map([...model.outputs, [output, result]]),
    artifacts: withConstants(model.artifacts, nodes, constants),
  };

  function transposed({ data, shape: [rows, columns] }: GraphConstant): string {
    const turned = new Float32Array(data.length);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
    return constant(turned, [columns, rows]);
  }

  function operationGradient({ operation, of: operands }: Extract<Rows['made'], { by: 'operation' }>, g: string, y: string, width: number): void {
    const [a, b] = operands;
    const [x, other] = [operandNode(a), b === undefined ? '' : operandNode(b)];
    switch (operation) {
      case 'AddV2':
        give(a, g, width);
        give(b, g, width);
        return;
      case 'Sub':
        give(a, g, width);
        give(b, negative(g), width);
        return;
      case 'Mul':
        give(a, mul(g, other), width);
        give(b, mul(g, x), width);
        return;
      case 'RealDiv':
        give(a, div(g, other), width);
        give(b, negative(div(mul(g, y), other)), width);
        return;
      case 'Maximum':
      case 'Minimum': {
        const first = step(operation === 'Maximum' ? sub(x, other) : sub(other, x));
        give(a, mul(g, first), width);
        give(b, mul(g, sub(number(1), first)), width);
        return;
      }
      case 'Square':
        give(a, mul(g, mul(x, number(2))), width);
        return;
      case 'Sqrt':
        give(a, div(mul(g, number(0.5)), y), width);
        return;
      case 'Rsqrt':
        give(a, mul(mul(g, number(-0.5)), mul(y, mul(y, y))), width);
        return;
      case 'Sigmoid':
        give(a, mul(g, sub(y, mul(y, y))), width);
        return;
      case 'Tanh':
        give(a, mul(g, sub(number(1), mul(y, y))), width);
        return;
      case 'Exp':
        give(a, mul(g, y), width);
        return;
      case 'Sin':
        give(a, mul(g, node('Cos', [x])), width);
        return;
      case 'Cos':
        give(a, negative(mul(g, node('Sin', [x]))), width);
        return;
      case 'Acos':
        give(a, negative(mul(g, node('Rsqrt', [sub(number(1), mul(x, x))]))), width);
        return;
      case 'Atan':
        give(a, div(g, add(mul(x, x), number(1))), width);
        return;
      case 'Abs':
        give(a, mul(g, sub(mul(step(x), number(2)), number(1))), width);
        return;
      case 'Neg':
        give(a, negative(g), width);
        return;
      case 'Relu':
        give(a, mul(g, step(x)), width);
        return;
      case 'ClipByValue':
        give(a, mul(g, mul(step(sub(x, other)), step(sub(operandNode(operands[2]), x)))), width);
        return;
      case 'Mean':
      case 'Sum': {
        if (!('rows' in a)) return;
        const columns = widthOf(a);
        accumulate(a.rows, mul(g, constant(new Float32Array(columns).fill(operation === 'Mean' ? 1 / columns : 1), [1, columns])));
        return;
      }
    }
  }
}

/** The files of a model with further nodes and constants, for TensorFlow.js. */
function withConstants({ json, weights }: GraphModel['artifacts'], nodes: readonly GraphNode[], constants: ReadonlyMap<string, GraphConstant>): GraphModel['artifacts'] {
  const extra = [...constants].map(([name, { data, shape }]) => ({ name, shape, data, dtype: data instanceof Float32Array ? 'float32' : 'int32' }));
  const joined = new Uint8Array(weights.byteLength + extra.reduce((sum, { data }) => sum + data.byteLength, 0));
  joined.set(new Uint8Array(weights));
  let offset = weights.byteLength;
  for (const { data } of extra) {
    joined.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return {
    json: {
      ...json,
      modelTopology: { ...json.modelTopology, node: [...json.modelTopology.node, ...nodes] },
      weightsManifest: [...json.weightsManifest, { paths: [], weights: extra.map(({ name, shape, dtype }) => ({ name, shape, dtype })) }],
    },
    weights: joined.buffer,
  };
}
