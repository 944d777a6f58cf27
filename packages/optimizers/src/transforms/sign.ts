import type { GradientTransform } from '@braggscape/core';

/** The sign of each component: every component moves by the learning rate, whatever its gradient's size (signSGD, J. Bernstein et al., ICML 2018, arXiv:1802.04434). */
export const takeSign: GradientTransform<null> = {
  kind: 'transform',
  init: () => null,
  update: (update) => [update.map(Math.sign), null],
};
