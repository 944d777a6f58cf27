import type { GradientTransform } from '@braggscape/core';

/** Options of {@link fire}; defaults of the published method in a time unit in which masses are one. */
export interface FireOptions {
  /** First time step. */
  readonly timeStep: number;
  readonly maxTimeStep: number;
  /** Longest change of x in a step, as Euclidean norm. */
  readonly maxStep: number;
}

/** State of {@link fire}. */
export interface FireState {
  readonly velocity: Float64Array;
  readonly timeStep: number;
  /** Part of the velocity that is turned towards the force. */
  readonly mixing: number;
  /** Steps downhill in a row. */
  readonly downhill: number;
}

const [MINIMUM_DOWNHILL, INCREASE, DECREASE, MIXING, MIXING_DECAY] = [5, 1.1, 0.5, 0.1, 0.99];

/**
 * Fast inertial relaxation engine: dynamics that is turned towards the force while it runs downhill and stopped when it runs uphill.
 * E. Bitzek, P. Koskinen, F. Gähler, M. Moseler & P. Gumbsch, Phys. Rev. Lett. 97 (2006) 170201, DOI 10.1103/PhysRevLett.97.170201; explicit Euler integration.
 */
export function fire({ timeStep, maxTimeStep, maxStep }: FireOptions): GradientTransform<FireState> {
  return {
    kind: 'transform',
    init: (x) => ({ velocity: new Float64Array(x.length), timeStep, mixing: MIXING, downhill: 0 }),
    update(gradient, state) {
      const power = gradient.reduce((sum, g, i) => sum - g * state.velocity[i], 0);
      let { timeStep: dt, mixing, downhill } = state;
      let velocity = state.velocity;
      if (power > 0) {
        const turn = (mixing * norm(velocity)) / norm(gradient);
        velocity = velocity.map((v, i) => (1 - mixing) * v - turn * gradient[i]);
        if (downhill > MINIMUM_DOWNHILL) {
          dt = Math.min(dt * INCREASE, maxTimeStep);
          mixing *= MIXING_DECAY;
        }
        downhill++;
      } else {
        velocity = new Float64Array(velocity.length);
        // The first step of all goes uphill by no fault of its own.
        if (state.velocity.some((v) => v !== 0)) dt *= DECREASE;
        mixing = MIXING;
        downhill = 0;
      }
      velocity = velocity.map((v, i) => v - dt * gradient[i]);
      const length = dt * norm(velocity);
      const factor = dt * (length > maxStep ? maxStep / length : 1);
      return [velocity.map((v) => factor * v), { velocity, timeStep: dt, mixing, downhill }];
    },
  };
}

function norm(x: Float64Array): number {
  return Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
}
