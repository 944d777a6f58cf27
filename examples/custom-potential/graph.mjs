// Writes a TensorFlow.js graph model node by node: all it takes to bring a network of one's own, however it was trained.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A graph under construction: each function adds a node and returns its name. */
export function createGraph() {
  const nodes = [];
  const constants = [];
  const add = (op, input, attr = {}) => {
    const name = `${op}_${nodes.length}`;
    nodes.push({ name, op, input, attr });
    return name;
  };
  const constant = (data, shape) => {
    const name = `constant_${nodes.length}`;
    nodes.push({ name, op: 'Const', attr: { dtype: { type: data instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32' } } });
    constants.push({ name, shape, data });
    return name;
  };
  const integers = (values, shape) => constant(Int32Array.from(values), shape);
  return {
    /** @param shape −1 for what is known at run time only */
    input(name, type, shape) {
      nodes.push({ name, op: 'Placeholder', attr: { dtype: { type: type === 'int32' ? 'DT_INT32' : 'DT_FLOAT' }, shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } } } });
      return name;
    },
    node: add,
    number: (value) => constant(Float32Array.of(value), [1, 1]),
    matrix: (values, rows, columns) => constant(Float32Array.from(values), [rows, columns]),
    rowSum: (a) => add('Sum', [a, integers([1], [1])], { keep_dims: { b: true } }),
    column: (a) => add('ExpandDims', [a, integers([1], [])]),
    /** Rows of `a` summed where `index` says, one row for each element of `per`. */
    scatter(a, index, per) {
      const count = add('StridedSlice', [add('Shape', [per]), ...[0, 1, 1].map((value) => integers([value], [1]))], { shrink_axis_mask: { i: '1' } });
      return add('ScatterNd', [index, a, add('Pack', [count, integers([1], [])], { axis: { i: '0' }, N: { i: '2' } })]);
    },
    flat: (a) => add('Reshape', [a, integers([-1], [1])]),
    /** Write model.json and weights.bin. */
    async save(folder, outputs) {
      const info = (name) => ({ name, dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '-1' }] } });
      const model = {
        format: 'graph-model',
        signature: { inputs: {}, outputs: Object.fromEntries(Object.entries(outputs).map(([key, name]) => [key, info(name)])) },
        modelTopology: { node: nodes, versions: { producer: 1 } },
        weightsManifest: [{ paths: ['weights.bin'], weights: constants.map(({ name, shape, data }) => ({ name, shape, dtype: data instanceof Float32Array ? 'float32' : 'int32' })) }],
      };
      await writeFile(join(folder, 'model.json'), `${JSON.stringify(model)}\n`);
      await writeFile(join(folder, 'weights.bin'), Buffer.concat(constants.map(({ data }) => Buffer.from(data.buffer))));
    },
  };
}
