import { BraggscapeError } from '@braggscape/core';
import type { Metric } from '@braggscape/core';

/** What is needed of a tensor. */
export interface TensorLike {
  dataSync(): ArrayLike<number>;
}

/** What is needed of the namespace of TensorFlow.js, `import * as tf from '@tensorflow/tfjs'`. */
export interface TensorNamespace<Vector extends TensorLike, Scalar extends TensorLike> {
  tensor1d(values: Float32Array): Vector;
  valueAndGrad(compute: (calc: Vector) => Scalar): (calc: Vector) => { readonly value: Scalar; readonly grad: Vector };
  tidy(compute: () => number): number;
}

/** What {@link metricFromTensorFunction} has to know besides the function. */
export interface TensorMetricOptions {
  readonly id: string;
  /** Smallest and largest value on non-negative patterns. */
  readonly bounds: readonly [number, number];
}

/**
 * A metric from a function of tensors, with the gradient by automatic differentiation. The namespace of TensorFlow.js is an argument, so that this package does
 * not depend on it and the user chooses version and backend. A backend must be set and able to give data synchronously, and the
 * gradients of the operations must be registered: `@tensorflow/tfjs` does that, `@tensorflow/tfjs-core` alone does not.
 *
 * ```js
 * const mae = metricFromTensorFunction(tf, (calc, observed) => calc.sub(observed).abs().mean(), { id: 'mine/mae', bounds: [0, Infinity] });
 * ```
 *
 * Tensors are float32: values and gradients have six to seven digits, and a minimizer cannot converge further than that. Nothing is left in
 * the memory of the backend.
 *
 * @param compute calculated and observed intensities, two vectors [m], to a scalar; only by operations that `tf` can differentiate
 * @throws BraggscapeError `plugin.invalid` from a comparison whose function does not give a scalar
 */
export function metricFromTensorFunction<Vector extends TensorLike, Scalar extends TensorLike>(
  tf: TensorNamespace<Vector, Scalar>,
  compute: (calc: Vector, observed: Vector) => Scalar,
  { id, bounds }: TensorMetricOptions,
): Metric {
  return {
    id,
    bounds,
    differentiable: true,
    against: ({ intensity }) => {
      const target = Float32Array.from(intensity);
      const single = new Float32Array(target.length);
      const dCalc = new Float64Array(target.length);
      return (calc, need) => {
        single.set(calc);
        const value = tf.tidy(() => {
          // A backend may keep the array itself, so both get copies.
          const observed = tf.tensor1d(target.slice());
          const at = tf.tensor1d(single.slice());
          if (need === 'value') return onlyNumber(compute(at, observed), id);
          const result = tf.valueAndGrad((y) => compute(y, observed))(at);
          dCalc.set(result.grad.dataSync());
          return onlyNumber(result.value, id);
        });
        return need === 'value' ? { value } : { value, dCalc };
      };
    },
  };
}

function onlyNumber(scalar: TensorLike, id: string): number {
  const data = scalar.dataSync();
  if (data.length !== 1) {
    throw new BraggscapeError('plugin.invalid', `the function of "${id}" gave ${data.length} numbers`, { hint: 'reduce them to one, such as by mean()' });
  }
  return data[0];
}
