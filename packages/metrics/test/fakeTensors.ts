/** What tidy of TensorFlow.js accepts, in short. */
type Container = FakeTensor | number | readonly Container[];

/** A vector or a scalar in float32 that remembers how its inputs take part in it. */
export interface FakeTensor {
  sub(other: FakeTensor): FakeTensor;
  mul(other: FakeTensor): FakeTensor;
  square(): FakeTensor;
  mean(): FakeTensor;
  dataSync(): Float32Array;
}

interface Node {
  readonly data: Float32Array;
  /** Adds this node's share of the gradient to those of its inputs. */
  back(gradient: Float32Array): void;
}

/** A stand-in for TensorFlow.js: reverse differentiation of four operations, generic signatures like its own, and tensors that live until tidied. */
export function fakeTensors(): {
  readonly tf: {
    tensor1d(values: Float32Array | number[]): FakeTensor;
    valueAndGrad<I extends FakeTensor, O extends FakeTensor>(f: (x: I) => O): (x: I, dy?: O) => { value: O; grad: I };
    tidy<T extends Container>(nameOrCompute: string | (() => T), compute?: () => T): T;
  };
  /** How many tensors exist. */
  live(): number;
} {
  const nodes = new Map<FakeTensor, Node>();
  const gradients = new Map<FakeTensor, Float32Array>();
  const nodeOf = (tensor: FakeTensor): Node => {
    const node = nodes.get(tensor);
    if (node === undefined) throw new Error('the tensor is disposed');
    return node;
  };
  const add = (tensor: FakeTensor, gradient: Float32Array): void => {
    const before = gradients.get(tensor) ?? new Float32Array(gradient.length);
    gradients.set(tensor, before.map((sum, i) => sum + gradient[i]));
  };
  const make = (data: Float32Array, back: (gradient: Float32Array) => void): FakeTensor => {
    const tensor: FakeTensor = {
      sub: (other) => {
        const right = nodeOf(other).data;
        return make(data.map((x, i) => x - right[i]), (gradient) => {
          add(tensor, gradient);
          add(other, gradient.map((g) => -g));
        });
      },
      mul: (other) => {
        const right = nodeOf(other).data;
        return make(data.map((x, i) => x * right[i]), (gradient) => {
          add(tensor, gradient.map((g, i) => g * right[i]));
          add(other, gradient.map((g, i) => g * data[i]));
        });
      },
      square: () => make(data.map((x) => x * x), (gradient) => add(tensor, gradient.map((g, i) => 2 * g * data[i]))),
      mean: () =>
        make(Float32Array.of(data.reduce((sum, x) => sum + x, 0) / data.length), ([g]) => add(tensor, data.map(() => g / data.length))),
      dataSync: () => nodeOf(tensor).data,
    };
    nodes.set(tensor, { data, back });
    return tensor;
  };
  const leaf = (data: Float32Array): FakeTensor => make(data, () => {});
  return {
    live: () => nodes.size,
    tf: {
      tensor1d: (values) => leaf(Float32Array.from(values)),
      valueAndGrad: (f) => (x) => {
        const value = f(x);
        gradients.clear();
        add(value, nodeOf(value).data.map(() => 1));
        // Made after its inputs, so in reverse order every node has its whole gradient when its turn comes.
        for (const [tensor, node] of [...nodes].reverse()) {
          const gradient = gradients.get(tensor);
          if (gradient !== undefined) node.back(gradient);
        }
        return { value, grad: leaf(gradients.get(x) ?? new Float32Array(nodeOf(x).data.length)) as typeof x };
      },
      tidy: (nameOrCompute, compute) => {
        const before = new Set(nodes.keys());
        try {
          return typeof nameOrCompute === 'string' ? compute!() : nameOrCompute();
        } finally {
          for (const tensor of nodes.keys()) if (!before.has(tensor)) nodes.delete(tensor);
        }
      },
    },
  };
}
