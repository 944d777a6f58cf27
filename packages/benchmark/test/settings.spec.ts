import { expect } from 'chai';
import { chooseSetting, defaultSettingOptions, paperSettings } from '@braggscape/benchmark';
import type { RefinementSetting, RelaxationSetting, SettingFile } from '@braggscape/benchmark';
import { faultOf } from '@braggscape/testing';
import { host } from './smallProtocol.js';

const choose = (given: string | SettingFile) => chooseSetting(given, defaultSettingOptions, host);

describe('settings of a benchmark', () => {
  it('are those of the paper by default', () => {
    expect(paperSettings.map((name) => choose(name)).map(({ name, kind, samples, noise }) => [name, kind, samples, noise.length])).to.deep.equal([
      ['cosine', 'refinement', null, 2],
      ['mse', 'refinement', null, 2],
      ['entropy', 'refinement', null, 2],
      ['cross-correlation', 'refinement', null, 2],
      ['cosine+constraint', 'refinement', null, 1],
      ['energy', 'relaxation', null, 2],
      ['xrd', 'refinement', 10, 2],
      ['robust', 'refinement', 10, 2],
    ]);
  });

  it('take metrics, constraints, potentials, plans and files', () => {
    const constrained = choose('mse+constraint') as RefinementSetting;
    expect([constrained.constraint, constrained.similarity, constrained.vary]).to.deep.equal(['lattice', 'mse', 'noise']);
    expect((choose('lennard-jones') as RelaxationSetting).potential).to.deep.include({ use: 'lennard-jones', epsilon: 0.0104 });
    expect((choose('joint@3') as RefinementSetting).config).to.deep.equal({ plan: 'joint' });
    const plan = choose({ name: 'mine', samples: 4, content: { steps: [{ do: 'anneal' }] } }) as RefinementSetting;
    expect([plan.name, plan.samples, plan.vary]).to.deep.equal(['mine', 4, 'config']);
    const descent = choose({ name: 'other', samples: null, content: { objectives: [{ use: 'wasserstein' }], optimizer: { use: 'lbfgs' } } }) as RefinementSetting;
    expect([descent.similarity, descent.vary]).to.deep.equal(['wasserstein', 'noise']);
    expect((choose({ name: 'single', samples: null, content: { plan: 'descent', optimizer: { use: 'snap' } } }) as RefinementSetting).vary).to.equal('noise');
    // What a file leaves out goes as in the settings that it is compared with.
    const own = choose({ name: 'own', samples: null, content: { objectives: [{ use: 'cosine' }] } }) as RefinementSetting;
    expect(own.config).to.deep.equal((choose('cosine') as RefinementSetting).config);
    const relaxation = choose({ name: 'tight', samples: null, content: { potential: { use: 'chgnet' }, forceTolerance: 0.01 } }) as RelaxationSetting;
    expect([relaxation.kind, relaxation.forceTolerance, relaxation.optimizer.use, relaxation.steps]).to.deep.equal(['relaxation', 0.01, 'fire', 500]);
  });

  const faults: readonly (readonly [string, string | SettingFile, string, RegExp])[] = [
    ['an unknown name', 'cosin', 'option.invalid', /cosine/],
    ['no samples', 'cosine@0', 'option.invalid', /cosine@10/],
    ['a constraint on a relaxation', 'energy+constraint', 'option.invalid', /follows a metric/],
    ['a key that the benchmark sets', { name: 'mine', samples: null, content: { seed: 3 } }, 'config.invalid', /leave it out/],
    ['a typo in a configuration', { name: 'mine', samples: null, content: { optimiser: { use: 'adam' } } }, 'config.invalid', /optimizer/],
    ['a typo in a relaxation', { name: 'mine', samples: null, content: { potential: { use: 'chgnet' }, fmax: 1 } }, 'config.invalid', /./],
    ['an unknown optimizer', { name: 'mine', samples: null, content: { optimizer: { use: 'adan' } } }, 'plugin.unknownId', /adam/],
  ];
  for (const [what, given, code, hint] of faults) {
    it(`refuse ${what}`, () => {
      const fault = faultOf(() => choose(given));
      expect(fault.code).to.equal(code);
      expect(`${fault.message} ${fault.hint}`).to.match(hint);
    });
  }
});
