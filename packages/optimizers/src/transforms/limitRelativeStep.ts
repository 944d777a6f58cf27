import type { GradientTransform } from '@braggscape/core';

/**
 * Keep each component of the change within `limit` of the size of what it changes: |Δx_i| ≤ limit·max(|x_i|, floor). This is the relative step limit that
 * snap-style refinement puts on plain gradient descent, where a single steep component would throw the cell away.
 *
 * @param floor size below which components count as this large, same unit as x; keeps components near zero movable
 */
export function limitRelativeStep(limit: number, floor: number): GradientTransform<null> {
  return {
    kind: 'transform',
    init: () => null,
    update(update, _state, { x }) {
      return [
        update.map((value, i) => {
          const most = limit * Math.max(Math.abs(x[i]), floor);
          return value > most ? most : value < -most ? -most : value;
        }),
        null,
      ];
    },
  };
}
