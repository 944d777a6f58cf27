// A plugin for tests: an optimizer that takes its time, so that faults hit tasks at work, and one that breaks.
import { definePlugin, optimizer } from '@braggscape/core';

/** Milliseconds that each step waits; an environment variable, as an option would make it another task. */
const pause = Number(process.env.BRAGGSCAPE_TEST_PAUSE ?? '0');
const cell = new Int32Array(new SharedArrayBuffer(4));

const slow = optimizer({
  summary: 'Goes down the gradient, slowly.',
  schema: {},
  create: () => ({
    kind: 'transform',
    init: () => null,
    update: (gradient) => {
      if (pause > 0) Atomics.wait(cell, 0, 0, pause);
      return [gradient.map((g) => -0.01 * g), null];
    },
  }),
});

const broken = optimizer({
  summary: 'Throws.',
  schema: {},
  create: () => ({
    kind: 'transform',
    init: () => null,
    update: () => {
      throw new TypeError('this optimizer is broken');
    },
  }),
});

export default definePlugin({
  meta: { name: 'slow', version: '1.0.0', namespace: 'test', api: '^0.1.0' },
  optimizers: { slow, broken },
});
