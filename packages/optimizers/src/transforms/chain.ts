import type { GradientTransform } from '@braggscape/core';

/** Transforms one after another: what leaves one enters the next. The state is the list of their states. */
export function chain(...transforms: readonly GradientTransform<any>[]): GradientTransform<readonly unknown[]> {
  return {
    kind: 'transform',
    init: (x) => transforms.map((transform) => transform.init(x) as unknown),
    update(update, state, at) {
      const next: unknown[] = [];
      let current = update;
      transforms.forEach((transform, i) => {
        const [changed, changedState] = transform.update(current, state[i], at);
        current = changed;
        next.push(changedState);
      });
      return [current, next];
    },
  };
}
