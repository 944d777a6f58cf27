import { optimizer } from '@braggscape/core';
import { makeSchedule } from '../schedules.js';
import { scaleByAdam } from '../transforms/adam.js';
import type { AdamOptions } from '../transforms/adam.js';
import { scaleByAmsGrad } from '../transforms/amsGrad.js';
import { chain } from '../transforms/chain.js';
import { clipNorm } from '../transforms/clipNorm.js';
import { fire } from '../transforms/fire.js';
import type { FireOptions } from '../transforms/fire.js';
import { limitRelativeStep } from '../transforms/limitRelativeStep.js';
import { accumulateMomentum } from '../transforms/momentum.js';
import { scaleByRmsProp } from '../transforms/rmsProp.js';
import type { RmsPropOptions } from '../transforms/rmsProp.js';
import { scaleByLearningRate } from '../transforms/scale.js';
import { takeSign } from '../transforms/sign.js';
import { decay, rate } from './options.js';
import type { Rate } from './options.js';

/** Gradient transforms by name. */
export const transformEntries = {
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
  momentum: optimizer<Rate & { decay: number }>({
    summary: 'Gradient descent with momentum (heavy ball).',
    source: 'B. T. Polyak, USSR Comput. Math. 4 (1964) 1',
    schema: { learningRate: rate(0.001), decay: decay('Part of the velocity kept.', 0.9) },
    create: ({ learningRate, decay: kept }) => chain(accumulateMomentum({ decay: kept }), scaleByLearningRate(makeSchedule(learningRate))),
  }),
  nesterov: optimizer<Rate & { decay: number }>({
    summary: 'Gradient descent with momentum that looks ahead along the velocity.',
    source: 'Y. Nesterov, Soviet Math. Dokl. 27 (1983) 372; in the form of I. Sutskever et al., ICML 2013',
    schema: { learningRate: rate(0.001), decay: decay('Part of the velocity kept.', 0.9) },
    create: ({ learningRate, decay: kept }) => chain(accumulateMomentum({ decay: kept, nesterov: true }), scaleByLearningRate(makeSchedule(learningRate))),
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
    summary: 'Every component moves by the learning rate, downhill, whatever its slope: the rate has to fall.',
    source: 'J. Bernstein et al., arXiv:1802.04434',
    schema: { learningRate: rate({ law: 'exponential', start: 0.02, end: 0.0005, steps: 100 }) },
    create: ({ learningRate }) => chain(takeSign, scaleByLearningRate(makeSchedule(learningRate))),
  }),
  'clipped-descent': optimizer<Rate & { norm: number }>({
    summary: 'Gradient descent whose gradient is shortened to a norm.',
    source: 'R. Pascanu, T. Mikolov & Y. Bengio, arXiv:1211.5063',
    schema: { learningRate: rate(0.01), norm: { description: 'Largest Euclidean norm of the gradient.', type: 'number', exclusiveMinimum: 0, default: 1 } },
    create: ({ learningRate, norm }) => chain(clipNorm(norm), scaleByLearningRate(makeSchedule(learningRate))),
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
};
