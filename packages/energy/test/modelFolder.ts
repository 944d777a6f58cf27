import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A graph model in the making: its nodes, and constants by name. */
interface Writing {
  readonly nodes: Record<string, unknown>[];
  readonly constants: { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array | Int32Array }[];
}

/** What may be wrong with a written model. */
export interface ModelChanges {
  /** Replaces parts of signature.json. */
  readonly signature?: Readonly<Record<string, unknown>>;
  /** Sign of the gradient that the graph gives; 0 for none, so that it is differentiated. */
  readonly gradientSign?: number;
  /** Changes the bytes of the shard. */
  readonly shard?: (bytes: Uint8Array) => Uint8Array;
  /** Changes model.json. */
  readonly model?: (model: Record<string, unknown>) => unknown;
  /** An operation that nothing knows, put on the energies. */
  readonly operation?: string;
}

const CUTOFF = 4;

/**
 * A folder with a small pair potential as a graph model: E(r) = tanh(w·r) e^{−r²/4} (1 − r²/rc²)³, half of it to each atom; deleted when `use` has ended.
 * The gradient, if it is in the graph, is that of the formula by hand.
 */
export async function inModelFolder(changes: ModelChanges, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'braggscape-model-'));
  try {
    const { nodes, constants } = pairGraph(changes);
    const shard = Buffer.concat(constants.map(({ data }) => Buffer.from(data.buffer)));
    const info = (name: string): unknown => ({ name, dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '-1' }] } });
    const model = {
      format: 'graph-model',
      signature: { inputs: {}, outputs: { siteEnergies: info('site'), ...(changes.gradientSign === 0 ? {} : { bondGradients: info('gradient') }) } },
      modelTopology: { node: nodes, versions: { producer: 1 } },
      weightsManifest: [{ paths: ['shard.bin'], weights: constants.map(({ name, shape, data }) => ({ name, shape, dtype: data instanceof Float32Array ? 'float32' : 'int32' })) }],
    };
    const signature = {
      format: 'braggscape-potential/1',
      name: 'pairs',
      level: 'bonds',
      cutoff: CUTOFF,
      inputs: { atomicNumbers: 'z', bondVectors: 'd', bondFirst: 'i', bondSecond: 'j' },
      outputs: { siteEnergies: 'siteEnergies', ...(changes.gradientSign === 0 ? {} : { bondGradients: 'bondGradients' }) },
      ...changes.signature,
    };
    await writeFile(join(folder, 'signature.json'), JSON.stringify(signature));
    await writeFile(join(folder, 'model.json'), JSON.stringify(changes.model?.(model) ?? model));
    await writeFile(join(folder, 'shard.bin'), changes.shard?.(shard) ?? shard);
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pairGraph({ gradientSign = 1, operation }: ModelChanges): Writing {
  const writing: Writing = { nodes: [], constants: [] };
  const { nodes, constants } = writing;
  const input = (name: string, type: string, shape: readonly number[]): string => {
    nodes.push({ name, op: 'Placeholder', attr: { dtype: { type }, shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } } } });
    return name;
  };
  const node = (name: string, op: string, from: readonly string[], attr: Record<string, unknown> = {}): string => {
    nodes.push({ name, op, input: from, attr });
    return name;
  };
  const constant = (name: string, data: Float32Array | Int32Array, shape: readonly number[]): string => {
    nodes.push({ name, op: 'Const', attr: { dtype: { type: data instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32' } } });
    constants.push({ name, data, shape });
    return name;
  };
  const number = (name: string, value: number): string => constant(name, Float32Array.of(value), []);
  const z = input('z', 'DT_INT32', [-1]);
  const d = input('d', 'DT_FLOAT', [-1, 3]);
  const axis = constant('axis', Int32Array.of(1), [1]);
  const one = constant('one', Int32Array.of(1), []);
  const [i, j] = ['i', 'j'].map((name) => node(`${name}Column`, 'ExpandDims', [input(name, 'DT_INT32', [-1]), one]));
  const square = node('square', 'Sum', [node('d2', 'Mul', [d, d]), axis], { keep_dims: { b: true } });
  const r = node('r', 'Sqrt', [square]);
  // Some breadth, so that products, rows of constants and sums over rows occur: Σ_k c_k tanh(w_k r).
  const hidden = node('hidden', 'Tanh', [node('scaled', 'MatMul', [r, constant('w', Float32Array.of(0.3, 0.5, 0.7, 0.9, 1.1), [1, 5])])]);
  const mixed = node('mixed', 'Sum', [node('weighted', 'Mul', [hidden, constant('c', Float32Array.of(0.5, -0.3, 0.4, 0.2, -0.1), [5])]), axis], { keep_dims: { b: true } });
  const decay = node('decay', 'Exp', [node('exponent', 'Mul', [square, number('quarter', -0.25)])]);
  const left = node('left', 'ClipByValue', [node('room', 'Sub', [number('unit', 1), node('part', 'Mul', [square, number('inverse', 1 / CUTOFF ** 2)])]), number('zero', 0), number('top', 1)]);
  const cube = node('cube', 'Mul', [node('left2', 'Mul', [left, left]), left]);
  const pair = node('pair', 'Mul', [node('both', 'Mul', [mixed, decay]), cube]);
  const half = node('half', 'Mul', [operation === undefined ? pair : node('odd', operation, [pair]), number('share', 0.5)]);
  const count = node('count', 'StridedSlice', [node('shape', 'Shape', [z]), constant('b', Int32Array.of(0), [1]), constant('e', Int32Array.of(1), [1]), constant('s', Int32Array.of(1), [1])], { shrink_axis_mask: { i: '1' } });
  const size = node('size', 'Pack', [count, constant('width', Int32Array.of(1), [])], { axis: { i: '0' } });
  const sites = node('sites', 'AddV2', [node('atFirst', 'ScatterNd', [i, half, size]), node('atSecond', 'ScatterNd', [j, half, size])]);
  node('site', 'Reshape', [sites, constant('flat', Int32Array.of(-1), [1])]);
  if (gradientSign === 0) return writing;
  // d/dr of the formula, times the direction.
  const bend = node('bend', 'Sub', [number('unit2', 1), node('hidden2', 'Mul', [hidden, hidden])]);
  const slope = node('slope', 'MatMul', [bend, constant('cw', Float32Array.of(0.15, -0.15, 0.28, 0.18, -0.11), [5, 1])]);
  const first = node('first', 'Mul', [node('slopeDecay', 'Mul', [slope, decay]), cube]);
  const second = node('second', 'Mul', [node('halfR', 'Mul', [r, number('minusHalf', -0.5)]), pair]);
  const third = node('third', 'Mul', [node('bothR', 'Mul', [node('both2', 'Mul', [mixed, decay]), r]), node('left2s', 'Mul', [node('left22', 'Mul', [left, left]), number('six', -6 / CUTOFF ** 2)])]);
  const total = node('total', 'AddV2', [node('firsts', 'AddV2', [first, second]), third]);
  node('gradient', 'Mul', [d, node('perR', 'Mul', [node('overR', 'RealDiv', [total, r]), number('sign', gradientSign)])]);
  return writing;
}
