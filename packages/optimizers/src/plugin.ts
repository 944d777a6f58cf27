import { combiner, definePlugin, optimizer, stopRule } from '@braggscape/core';
import { dualCone } from './combiners/dualCone.js';
import { epsilonConstraint } from './combiners/epsilonConstraint.js';
import type { EpsilonConstraintOptions } from './combiners/epsilonConstraint.js';
import { gradientBalance } from './combiners/gradientBalance.js';
import type { GradientBalanceOptions } from './combiners/gradientBalance.js';
import { minimumNorm } from './combiners/minimumNorm.js';
import { projectConflicts } from './combiners/projectConflicts.js';
import { weightedSum } from './combiners/weightedSum.js';
import { conjugateGradient } from './minimizers/conjugateGradient.js';
import type { ConjugateGradientOptions } from './minimizers/conjugateGradient.js';
import { lbfgs } from './minimizers/lbfgs.js';
import type { LbfgsOptions } from './minimizers/lbfgs.js';
import { makeSchedule, scheduleSchema } from './schedules.js';
import type { ScheduleConfig } from './schedules.js';
import { budget, diverged, gradientTolerance, maxSteps, stalled, targetValue } from './stopRules/rules.js';
import { scaleByAdam } from './transforms/adam.js';
import type { AdamOptions } from './transforms/adam.js';
import { scaleByAmsGrad } from './transforms/amsGrad.js';
import { chain } from './transforms/chain.js';
import { clipNorm } from './transforms/clipNorm.js';
import { fire } from './transforms/fire.js';
import type { FireOptions } from './transforms/fire.js';
import { limitRelativeStep } from './transforms/limitRelativeStep.js';
import { accumulateMomentum } from './transforms/momentum.js';
import { scaleByRmsProp } from './transforms/rmsProp.js';
import type { RmsPropOptions } from './transforms/rmsProp.js';
import { scaleByLearningRate } from './transforms/scale.js';
import { takeSign } from './transforms/sign.js';

const rate = (fallback: number) => scheduleSchema('Learning rate', fallback);
const decay = (description: string, fallback: number) =>
  ({ description, type: 'number', minimum: 0, exclusiveMaximum: 1, default: fallback }) as const;

interface Rate {
  readonly learningRate: ScheduleConfig;
}

/** The optimizers, combiner and stop rules of this package as a plugin. */
export const optimizersPlugin = definePlugin({
  meta: { name: '@braggscape/optimizers', version: '0.1.0', api: '^0.1.0' },
  optimizers: {
    'gradient-descent': optimizer<Rate>({
      summary: 'Plain gradient descent.',
      schema: { learningRate: rate(0.01) },
      create: ({ learningRate }) => scaleByLearningRate(makeSchedule(learningRate)),
    }),
    snap: optimizer<Rate & { relativeLimit: number; floor: number }>({
      summary: 'Gradient descent with a relative limit on each component of a step.',
      source: 'The refinement step of Segal et al., Digital Discovery 2026, DOI 10.1039/D6DD00017G; the form of the limit is this project’s',
      schema: {
        learningRate: rate(0.04),
        relativeLimit: { description: 'Largest change of a component as a part of its size.', type: 'number', exclusiveMinimum: 0, default: 0.002 },
        floor: { description: 'Size that smaller components count as, in the unit of x.', type: 'number', exclusiveMinimum: 0, default: 1 },
      },
      create: ({ learningRate, relativeLimit, floor }) =>
        chain(scaleByLearningRate(makeSchedule(learningRate)), limitRelativeStep(relativeLimit, floor)),
    }),
    momentum: optimizer<Rate & { decay: number; nesterov: boolean }>({
      summary: 'Gradient descent with momentum.',
      source: 'B. T. Polyak, USSR Comput. Math. 4 (1964) 1',
      schema: {
        learningRate: rate(0.001),
        decay: decay('Part of the velocity kept.', 0.9),
        nesterov: { description: 'Look ahead along the velocity.', type: 'boolean', default: false },
      },
      create: ({ learningRate, decay: kept, nesterov }) =>
        chain(accumulateMomentum({ decay: kept, nesterov }), scaleByLearningRate(makeSchedule(learningRate))),
    }),
    adam: optimizer<Rate & AdamOptions>({
      summary: 'Adam: momentum with a step size adapted to each component.',
      source: 'D. P. Kingma & J. Ba, arXiv:1412.6980',
      schema: {
        learningRate: rate(0.02),
        beta1: decay('Decay of the mean gradient.', 0.9),
        beta2: decay('Decay of the mean squared gradient.', 0.999),
        epsilon: { description: 'Added to the root mean square.', type: 'number', exclusiveMinimum: 0, default: 1e-8 },
      },
      create: ({ learningRate, ...options }) => chain(scaleByAdam(options), scaleByLearningRate(makeSchedule(learningRate))),
    }),
    amsgrad: optimizer<Rate & AdamOptions>({
      summary: 'Adam whose step sizes never rise again.',
      source: 'S. J. Reddi, S. Kale & S. Kumar, arXiv:1904.09237',
      schema: {
        learningRate: rate(0.02),
        beta1: decay('Decay of the mean gradient.', 0.9),
        beta2: decay('Decay of the mean squared gradient.', 0.999),
        epsilon: { description: 'Added to the root mean square.', type: 'number', exclusiveMinimum: 0, default: 1e-8 },
      },
      create: ({ learningRate, ...options }) => chain(scaleByAmsGrad(options), scaleByLearningRate(makeSchedule(learningRate))),
    }),
    rmsprop: optimizer<Rate & RmsPropOptions>({
      summary: 'Each component divided by the root of its mean square.',
      source: 'T. Tieleman & G. Hinton, Coursera lecture 6.5 (2012)',
      schema: {
        learningRate: rate(0.01),
        decay: decay('Decay of the mean squared gradient.', 0.9),
        epsilon: { description: 'Added to the root mean square.', type: 'number', exclusiveMinimum: 0, default: 1e-8 },
      },
      create: ({ learningRate, ...options }) => chain(scaleByRmsProp(options), scaleByLearningRate(makeSchedule(learningRate))),
    }),
    sign: optimizer<Rate>({
      summary: 'Every component moves by the learning rate, downhill; best with a rate that falls.',
      source: 'J. Bernstein et al., arXiv:1802.04434',
      schema: { learningRate: rate(0.005) },
      create: ({ learningRate }) => chain(takeSign, scaleByLearningRate(makeSchedule(learningRate))),
    }),
    'clipped-descent': optimizer<Rate & { norm: number }>({
      summary: 'Gradient descent whose gradient is shortened to a norm.',
      source: 'R. Pascanu, T. Mikolov & Y. Bengio, arXiv:1211.5063',
      schema: { learningRate: rate(0.01), norm: { description: 'Largest Euclidean norm of the gradient.', type: 'number', exclusiveMinimum: 0, default: 1 } },
      create: ({ learningRate, norm }) => chain(clipNorm(norm), scaleByLearningRate(makeSchedule(learningRate))),
    }),
    'conjugate-gradient': optimizer<ConjugateGradientOptions>({
      summary: 'Nonlinear conjugate gradients with a line search.',
      source: 'E. Polak & G. Ribière, Rev. Fr. Inform. Rech. Oper. 3 (1969) 35',
      schema: {
        maxStep: { description: 'Longest step, in units of x.', type: 'number', exclusiveMinimum: 0, default: 0.2 },
        firstStep: { description: 'Length of the first trial step.', type: 'number', exclusiveMinimum: 0, default: 0.02 },
        noise: { description: 'Rise of the value that counts as none, as a part of its size.', type: 'number', minimum: 0, default: 1e-9 },
        rounding: { description: 'Rise of the value that counts as none, in its own unit.', type: 'number', minimum: 0, default: 1e-15 },
      },
      create: conjugateGradient,
    }),
    fire: optimizer<FireOptions>({
      summary: 'FIRE: dynamics that is turned downhill and stopped when it runs uphill; robust for relaxation.',
      source: 'E. Bitzek et al., Phys. Rev. Lett. 97 (2006) 170201, DOI 10.1103/PhysRevLett.97.170201',
      schema: {
        timeStep: { description: 'First time step, for masses of one.', type: 'number', exclusiveMinimum: 0, default: 0.1 },
        maxTimeStep: { description: 'Largest time step.', type: 'number', exclusiveMinimum: 0, default: 1 },
        maxStep: { description: 'Longest step, in units of x.', type: 'number', exclusiveMinimum: 0, default: 0.2 },
      },
      create: fire,
    }),
    lbfgs: optimizer<LbfgsOptions>({
      summary: 'Limited-memory BFGS with a strong Wolfe line search: fast where the landscape is smooth.',
      source: 'J. Nocedal, Math. Comput. 35 (1980) 773',
      schema: {
        memory: { description: 'Steps that are remembered.', type: 'integer', minimum: 1, default: 50 },
        maxStep: { description: 'Longest step, in units of x.', type: 'number', exclusiveMinimum: 0, default: 0.2 },
        firstStep: { description: 'Inverse curvature that the first step assumes.', type: 'number', exclusiveMinimum: 0, default: 0.02 },
        slopeLeft: { description: 'Part of the slope that a step may leave: 0.9 is the textbook’s; 1 takes any step that teaches the curvature, for fewer evaluations.', type: 'number', exclusiveMinimum: 0.0001, maximum: 1, default: 1 },
        noise: { description: 'Rise of the value that counts as none, as a part of its size.', type: 'number', minimum: 0, default: 1e-9 },
        rounding: { description: 'Rise of the value that counts as none, in its own unit.', type: 'number', minimum: 0, default: 1e-15 },
      },
      create: lbfgs,
    }),
  },
  combiners: {
    'weighted-sum': combiner({ summary: 'Sum of the objectives with fixed weights.', schema: {}, create: () => weightedSum }),
    'gradient-balance': combiner<GradientBalanceOptions>({
      summary: 'Weighted sum whose weights follow the gradients, so that each objective moves the point as much as asked.',
      source: 'after Z. Chen et al., arXiv:1711.02257',
      schema: { decay: decay('Part of the mean gradient norms kept.', 0.9) },
      create: gradientBalance,
    }),
    'epsilon-constraint': combiner<EpsilonConstraintOptions>({
      summary: 'Minimizes some objectives while others stay below their bounds, by a quadratic penalty.',
      source: 'Y. Y. Haimes et al., IEEE Trans. Syst. Man Cybern. 1 (1971) 296',
      schema: {
        bounds: { description: 'Largest value allowed of each constrained objective, such as { cosine: 0.01 }.', type: 'object', additionalProperties: { type: 'number' } },
        penalty: { description: 'Value per square of the weighted excess.', type: 'number', exclusiveMinimum: 0, default: 100 },
      },
      create: epsilonConstraint,
    }),
    pcgrad: combiner({ summary: 'Takes from each gradient what opposes another one.', source: 'T. Yu et al., arXiv:2001.06782', schema: {}, create: () => projectConflicts }),
    mgda: combiner({ summary: 'Shortest vector between the gradients: no objective rises along it.', source: 'J.-A. Désidéri, C. R. Math. 350 (2012) 313', schema: {}, create: () => minimumNorm }),
    upgrad: combiner({ summary: 'Sum of the gradients projected onto the directions that no objective opposes.', source: 'P. Quinton & V. Rey, arXiv:2406.16232', schema: {}, create: () => dualCone }),
  },
  stopRules: {
    'max-steps': stopRule<{ steps: number }>({
      summary: 'A number of steps.',
      schema: { steps: { description: 'Steps.', type: 'integer', minimum: 0, default: 500 } },
      create: ({ steps }) => maxSteps(steps),
    }),
    'gradient-tolerance': stopRule<{ tolerance: number }>({
      summary: 'Every component of the gradient small.',
      schema: { tolerance: { description: 'Largest component, value per unit of x.', type: 'number', minimum: 0, default: 1e-5 } },
      create: ({ tolerance }) => gradientTolerance(tolerance),
    }),
    stalled: stopRule<{ patience: number; tolerance: number }>({
      summary: 'No better value for a while.',
      schema: {
        patience: { description: 'Steps to wait.', type: 'integer', minimum: 1, default: 100 },
        tolerance: { description: 'Improvement that counts, as a part of the lowest value.', type: 'number', minimum: 0, default: 1e-6 },
      },
      create: ({ patience, tolerance }) => stalled(patience, tolerance),
    }),
    'target-value': stopRule<{ value: number }>({
      summary: 'A value low enough.',
      schema: { value: { description: 'Value to reach.', type: 'number' } },
      create: ({ value }) => targetValue(value),
    }),
    budget: stopRule<{ evaluations?: number; seconds?: number }>({
      summary: 'A number of evaluations or of seconds.',
      schema: {
        evaluations: { description: 'Evaluations of the objectives.', type: 'integer', minimum: 1 },
        seconds: { description: 'Seconds of running.', type: 'number', exclusiveMinimum: 0 },
      },
      optional: ['evaluations', 'seconds'],
      create: budget,
    }),
    diverged: stopRule<{ factor: number }>({
      summary: 'A value far above its start.',
      schema: { factor: { description: 'Rise, in units of the start’s size or one.', type: 'number', exclusiveMinimum: 0, default: 10 } },
      create: ({ factor }) => diverged(factor),
    }),
  },
});
