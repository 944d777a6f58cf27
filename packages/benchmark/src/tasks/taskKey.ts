import { createHash } from 'node:crypto';
import { canonicalJson } from '@braggscape/core';
import type { Protocol } from '../protocol/protocol.js';
import type { Task } from './task.js';

/**
 * Identity of what a task computes: equal keys mean equal results, wherever and whenever. It covers the program's version, the structure, the noise, the setting with all options and
 * the instrument, and leaves out what other tasks there are, so that a benchmark can be extended and keep what it has.
 */
export function taskKeys(protocol: Protocol): (task: Task) => string {
  const { version, seed, distribution, instrument, twoTheta, energies, contents = [] } = protocol;
  const common = canonicalJson({ version, seed, distribution, instrument, twoTheta, energies, ...(contents.length === 0 ? {} : { contents }) });
  const parts = new Map<object, string>();
  const part = (value: object): string => {
    let text = parts.get(value);
    if (text === undefined) {
      text = canonicalJson(value);
      parts.set(value, text);
    }
    return text;
  };
  return ({ structure, noise, level, sample, setting }) => {
    // The noise models and the number of samples of a setting do not change what one of its tasks computes.
    const { noise: _noise, samples: _samples, ...own } = setting;
    let settingText = parts.get(setting);
    if (settingText === undefined) {
      settingText = canonicalJson(own);
      parts.set(setting, settingText);
    }
    return createHash('sha256').update(`${common}\n${part(structure)}\n${settingText}\n${noise} ${level} ${sample}`).digest('hex').slice(0, 32);
  };
}
