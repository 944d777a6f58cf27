// Lion, "evolved sign momentum": Chen et al. 2023, arXiv:2302.06675, without weight decay.
import { definePlugin, optimizer } from '@braggscape/core';

const factor = (description, value) => ({ description, type: 'number', minimum: 0, exclusiveMaximum: 1, default: value });

const lion = optimizer({
  summary: 'Moves every component by the same length, along the sign of a mixture of gradient and momentum.',
  source: 'Chen et al. 2023, arXiv:2302.06675',
  schema: {
    stepSize: { description: 'Å per step, of every component.', type: 'number', exclusiveMinimum: 0, default: 0.005 },
    beta1: factor('Weight of the momentum in the direction.', 0.9),
    beta2: factor('Weight of the momentum in its own update.', 0.99),
  },
  create: ({ stepSize, beta1, beta2 }) => ({
    kind: 'transform',
    init: (x) => new Float64Array(x.length),
    update: (gradient, momentum) => [
      gradient.map((g, i) => -stepSize * Math.sign(beta1 * momentum[i] + (1 - beta1) * g)),
      momentum.map((m, i) => beta2 * m + (1 - beta2) * gradient[i]),
    ],
  }),
});

export default definePlugin({
  meta: { name: 'braggscape-plugin-lion', version: '0.1.0', namespace: 'lion', api: '^0.1.0' },
  optimizers: { lion },
});
