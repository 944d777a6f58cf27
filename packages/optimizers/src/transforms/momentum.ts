import type { GradientTransform } from '@braggscape/core';

/** Options of {@link accumulateMomentum}. */
export interface MomentumOptions {
  /** Part of the last velocity kept, in [0, 1). */
  readonly decay: number;
  /** Look ahead along the velocity (Nesterov, Soviet Math. Dokl. 27 (1983) 372). */
  readonly nesterov?: boolean;
}

/** Heavy-ball momentum (Polyak, USSR Comput. Math. 4 (1964) 1): v ← decay·v + g. The state is v. */
export function accumulateMomentum({ decay, nesterov = false }: MomentumOptions): GradientTransform<Float64Array> {
  return {
    kind: 'transform',
    init: (x) => new Float64Array(x.length),
    update(update, velocity) {
      const next = velocity.map((v, i) => decay * v + update[i]);
      return [nesterov ? next.map((v, i) => decay * v + update[i]) : next, next];
    },
  };
}
