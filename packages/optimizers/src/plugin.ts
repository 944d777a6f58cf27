import { definePlugin } from '@braggscape/core';
import { combinerEntries } from './entries/combiners.js';
import { minimizerEntries } from './entries/minimizers.js';
import { stopRuleEntries } from './entries/stopRules.js';
import { transformEntries } from './entries/transforms.js';
import { wrapperEntries } from './entries/wrappers.js';

/** The optimizers, combiners and stop rules of this package as a plugin. */
export const optimizersPlugin = definePlugin({
  meta: { name: '@braggscape/optimizers', version: '0.1.0', api: '^0.1.0' },
  optimizers: { ...transformEntries, ...minimizerEntries, ...wrapperEntries },
  combiners: combinerEntries,
  stopRules: stopRuleEntries,
});
