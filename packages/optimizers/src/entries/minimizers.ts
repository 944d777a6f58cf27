import { optimizer } from '@braggscape/core';
import { conjugateGradient } from '../minimizers/conjugateGradient.js';
import type { ConjugateGradientOptions } from '../minimizers/conjugateGradient.js';
import { lbfgs } from '../minimizers/lbfgs.js';
import type { LbfgsOptions } from '../minimizers/lbfgs.js';
import { gaussNewton, levenbergMarquardt } from '../minimizers/levenbergMarquardt.js';
import type { LevenbergMarquardtOptions } from '../minimizers/levenbergMarquardt.js';
import { notNegative, positive } from './options.js';

const leastSquares = {
  difference: positive('Step of the differences that give the Jacobian, as a part of a component’s size, or of one.', 1e-6),
  maxStep: positive('Longest step, in units of x.', 0.5),
};

/** Line searches and methods of least squares by name. */
export const minimizerEntries = {
  'conjugate-gradient': optimizer<ConjugateGradientOptions>({
    summary: 'Nonlinear conjugate gradients with a line search.',
    source: 'E. Polak & G. Ribière, Rev. Fr. Inform. Rech. Oper. 3 (1969) 35',
    schema: {
      maxStep: { description: 'Longest step, in units of x.', type: 'number', exclusiveMinimum: 0, default: 0.2 },
      firstStep: { description: 'Length of the first trial step.', type: 'number', exclusiveMinimum: 0, default: 0.02 },
      noise: { description: 'Rise of the value that counts as none, as a part of its size.', type: 'number', minimum: 0, default: 1e-6 },
      rounding: { description: 'Rise of the value that counts as none, in its own unit.', type: 'number', minimum: 0, default: 1e-15 },
    },
    create: conjugateGradient,
  }),
  lbfgs: optimizer<LbfgsOptions>({
    summary: 'Limited-memory BFGS with a strong Wolfe line search: fast where the landscape is smooth.',
    source: 'J. Nocedal, Math. Comput. 35 (1980) 773',
    schema: {
      memory: { description: 'Steps that are remembered.', type: 'integer', minimum: 1, default: 50 },
      maxStep: { description: 'Longest step, in units of x.', type: 'number', exclusiveMinimum: 0, default: 0.2 },
      firstStep: { description: 'Inverse curvature that the first step assumes.', type: 'number', exclusiveMinimum: 0, default: 0.02 },
      slopeLeft: { description: 'Part of the slope that a step may leave: 0.9 is the textbook’s; 1 takes any step that teaches the curvature, for fewer evaluations.', type: 'number', exclusiveMinimum: 0.0001, maximum: 1, default: 1 },
      noise: { description: 'Rise of the value that counts as none, as a part of its size.', type: 'number', minimum: 0, default: 1e-6 },
      rounding: { description: 'Rise of the value that counts as none, in its own unit.', type: 'number', minimum: 0, default: 1e-15 },
    },
    create: lbfgs,
  }),
  'levenberg-marquardt': optimizer<LevenbergMarquardtOptions>({
    summary: 'Damped least squares, for one objective that is a sum of squares; few steps, each of which costs an evaluation per component.',
    source: 'D. W. Marquardt, J. SIAM 11 (1963) 431; J. J. Moré, Lect. Notes Math. 630 (1978) 105',
    schema: { damping: notNegative('First damping, as a part of the squared length of each column of the Jacobian.', 1e-3), ...leastSquares },
    create: levenbergMarquardt,
  }),
  'gauss-newton': optimizer<Omit<LevenbergMarquardtOptions, 'damping'>>({
    summary: 'Least squares without damping as long as that leads downhill, for one objective that is a sum of squares.',
    source: 'J. Nocedal & S. J. Wright, Numerical Optimization (2006), section 10.3',
    schema: leastSquares,
    create: gaussNewton,
  }),
};
