import type { GraphExecutor, GraphModel } from '../graphModel.js';
import { prepareTensorflow } from './tensorflow.js';
import type { Backend } from './tensorflow.js';

/**
 * An executor that leaves a graph to TensorFlow.js. No tensor outlives a call.
 * @throws BraggscapeError `backend.unavailable`
 */
export async function tensorflowExecutor(model: GraphModel, chosen: Exclude<Backend, 'auto'>): Promise<GraphExecutor> {
  const { core, loadGraphModel, backend } = await prepareTensorflow(chosen);
  const { json, weights } = model.artifacts;
  const loaded = await loadGraphModel({
    load: () =>
      Promise.resolve({
        modelTopology: json.modelTopology,
        format: 'graph-model',
        weightSpecs: json.weightsManifest.flatMap((group) => group.weights) as never,
        weightData: weights,
        ...(json.signature === undefined ? {} : { signature: json.signature }),
      }),
  });
  const keys = [...model.outputs.keys()];
  return {
    backend: `${chosen} (TensorFlow.js)`,
    async run(inputs) {
      if (core.getBackend() !== backend) await core.setBackend(backend);
      const feed = Object.fromEntries(
        Object.entries(inputs).map(([name, { data, shape }]) => {
          const count = shape.reduce((product, size) => product * size, 1);
          return [name, core.tensor(data.subarray(0, count), shape as number[], data instanceof Int32Array ? 'int32' : 'float32')];
        }),
      );
      let results: ReturnType<typeof core.tensor>[] = [];
      try {
        const given = loaded.execute(feed, keys.map((key) => model.outputs.get(key) as string));
        results = Array.isArray(given) ? given : [given];
        const arrays = await Promise.all(results.map((tensor) => tensor.data()));
        return Object.fromEntries(keys.map((key, k) => [key, Float32Array.from(arrays[k] as Float32Array)]));
      } finally {
        core.dispose([...Object.values(feed), ...results] as never);
      }
    },
    dispose: () => {
      loaded.dispose();
    },
  };
}
