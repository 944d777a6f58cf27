import { expect } from 'chai';
import { isBraggscapeError } from '@braggscape/core';
import { configJsonSchema, normalizeConfig, plans } from '@braggscape/pipeline';
import { faultOf } from '@braggscape/testing';
import { testConfig, testHost } from './quadratic.js';

const host = testHost();

function fault(more: Readonly<Record<string, unknown>>): string {
  try {
    normalizeConfig(testConfig(more), host);
  } catch (error) {
    if (isBraggscapeError(error)) return error.report;
    throw error;
  }
  throw new Error('no error');
}

describe('normalizeConfig', () => {
  it('fills every default, so that nothing is left unsaid', () => {
    const config = normalizeConfig({ structure: 'a.cif', pattern: { file: 'a.xy' }, instrument: { wavelength: 'CuKa1' } }, host);
    // The plan's potential is not installed in this host.
    expect(config.objectives).to.deep.equal([{ use: 'cosine', weight: 1 }]);
    expect(config.plan).to.deep.include({ name: 'robust', lenient: true });
    expect(config.optimizer.use).to.equal('adam');
    expect(config.optimizer).to.have.property('learningRate');
    expect(config.instrument).to.include({ use: 'ideal', wavelength: 'CuKa1', w: 0.1 });
    expect(config.vary).to.deep.equal(['cell', 'coords']);
    expect(config.distort).to.deep.equal({ lattice: 0, coordinates: 0, distribution: 'uniform' });
    expect(config.stop[0]).to.have.property('steps').that.is.a('number');
  });

  it('is idempotent: a normalized configuration is a configuration', () => {
    const once = normalizeConfig(testConfig(), host);
    expect(normalizeConfig(once, host)).to.deep.equal(once);
  });

  it('leaves the given object alone', () => {
    const given = testConfig();
    const before = structuredClone(given);
    normalizeConfig(given, host);
    expect(given).to.deep.equal(before);
  });

  it('takes the plan robust where nothing says how to descend, and a single descent where something does', () => {
    const bare = { structure: 'a.cif', pattern: { file: 'a.xy' }, instrument: { wavelength: 1.5 } };
    const nameOf = (more: Readonly<Record<string, unknown>>): string => {
      const { plan } = normalizeConfig({ ...bare, ...more }, host);
      return plan === 'descent' ? plan : plan.name;
    };
    for (const more of [{}, { seed: 3 }, { distort: { lattice: 0.1 } }, { vary: ['cell', 'coords'] }]) expect(nameOf(more)).to.equal('robust');
    const descents = [
      { objectives: [{ use: 'mse' }] },
      { combiner: { use: 'weighted-sum' } },
      { projector: { use: 'none' } },
      { optimizer: { use: 'adam' } },
      { stop: [{ use: 'max-steps' }] },
      { broadening: { fwhm: [2] } },
      { units: 'natural' },
    ];
    for (const more of descents) expect(nameOf(more), Object.keys(more)[0]).to.equal('descent');
    expect(nameOf({ plan: 'descent' })).to.equal('descent');
    expect(nameOf({ plan: 'xrd', objectives: [{ use: 'mse' }] })).to.equal('xrd');
  });

  it('lets a plan fit the numbers of a real instrument, unless "vary" says what moves', () => {
    const bare = { structure: 'a.cif', pattern: { file: 'a.xy' }, instrument: { use: 'powder', wavelength: 1.5 } };
    expect(normalizeConfig(bare, host).vary).to.deep.equal(['cell', 'coords', 'uIso', 'zero', 'profile', 'scale', 'background']);
    expect(normalizeConfig({ ...bare, plan: 'descent' }, host).vary).to.deep.equal(['cell', 'coords']);
    expect(normalizeConfig({ ...bare, vary: ['cell', 'coords', 'zero'] }, host).vary).to.deep.equal(['cell', 'coords', 'zero']);
  });

  it('writes a plan out with every option, so that its record needs no plan of that name; idempotent too', () => {
    for (const plan of [...Object.keys(plans), { name: 'mine', steps: [{ do: 'anneal', fwhm: [3] }, { do: 'fit' }] }]) {
      const { objectives: _objectives, optimizer: _optimizer, stop: _stop, vary: _vary, ...bare } = testConfig();
      const once = normalizeConfig({ ...bare, plan }, host);
      expect(normalizeConfig(once, host)).to.deep.equal(once);
      expect(normalizeConfig(JSON.parse(JSON.stringify(once)), host)).to.deep.equal(once);
    }
    const { plan } = normalizeConfig({ structure: 'a', pattern: { file: 'b' }, instrument: { wavelength: 1 }, plan: { steps: [{ do: 'anneal', fwhm: [3] }] } }, host);
    expect(plan).to.deep.equal({ name: 'own', lenient: true, steps: [{ do: 'anneal', from: 'start', fwhm: [3], steps: 60, finalSteps: 100 }] });
  });

  const planFaults: readonly (readonly [string, Readonly<Record<string, unknown>>, string, readonly string[]])[] = [
    ['an unknown plan', { plan: 'robus' }, 'plan', ['robus', 'did you mean "robust"', './mine.yaml']],
    ['a name that objects have', { plan: 'constructor' }, 'plan', ['constructor']],
    ['a plan that is a number', { plan: 3 }, 'plan', ['3']],
    ['a plan that is null', { plan: null }, 'plan', ['null']],
    ['a list for a plan', { plan: [{ do: 'anneal' }] }, 'plan', ['steps']],
    ['a misspelled key of a plan', { plan: { stesp: [] } }, 'plan.stesp', ['did you mean "steps"']],
    ['a plan without steps', { plan: {} }, 'plan.steps', ['list of steps', 'anneal']],
    ['an empty list of steps', { plan: { steps: [] } }, 'plan.steps', ['list of steps']],
    ['an unknown step', { plan: { steps: [{ do: 'anneal' }, { do: 'aneal' }] } }, 'plan.steps.1.do', ['aneal', 'did you mean "anneal"']],
    ['a step that is null', { plan: { steps: [null] } }, 'plan.steps.0.do', []],
    ['a step that is a word', { plan: { steps: ['anneal'] } }, 'plan.steps.0.do', []],
    ['a misspelled option of a step', { plan: { steps: [{ do: 'fit', candidate: 1 }] } }, 'plan.steps.0.candidate', ['did you mean "candidates"']],
    ['an option out of range', { plan: { steps: [{ do: 'anneal', fwhm: [-1] }] } }, 'plan.steps.0.fwhm', ['-1']],
    ['a start that no step leaves', { plan: { steps: [{ do: 'anneal', from: 'begin' }] } }, 'plan.steps.0.from', ['begin']],
    ['an optimizer beside a plan', { plan: 'xrd', optimizer: { use: 'fire' } }, 'optimizer', ['does not heed', 'descent']],
    ['a projector beside a plan', { plan: 'xrd', projector: { use: 'cubic' } }, 'projector', ['does not heed']],
    ['broadening beside a plan', { plan: 'xrd', broadening: { fwhm: [3] } }, 'broadening', ['does not heed']],
    ['stop rules beside a plan', { plan: 'xrd', stop: [{ use: 'max-steps', steps: 3 }] }, 'stop', ['does not heed']],
    ['fewer steps than usual beside a plan', { plan: 'xrd', stop: [{ use: 'max-steps', steps: 3 }, { use: 'gradient-tolerance' }, { use: 'stalled' }, { use: 'diverged' }] }, 'stop', ['does not heed']],
    ['units beside a plan', { plan: 'xrd', units: 'natural' }, 'units', ['does not heed']],
  ];
  for (const [title, more, path, says] of planFaults) {
    it(`names ${title}`, () => {
      const error = faultOf(() => normalizeConfig({ structure: 'a.cif', pattern: { file: 'a.xy' }, instrument: { wavelength: 1.5 }, ...more }, host));
      expect(error.code).to.equal('config.invalid');
      expect(error.report).to.contain(path);
      for (const part of says) expect(error.report).to.contain(part);
    });
  }

  const faults: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
    ['a misspelled key', { optimiser: {} }, ['optimiser', 'did you mean "optimizer"']],
    ['a misspelled nested key', { distort: { latice: 0.1 } }, ['distort.latice', 'lattice']],
    ['a misspelled option', { optimizer: { use: 'adam', learningrat: 1 } }, ['optimizer.learningrat', 'learningRate']],
    ['an unknown id', { optimizer: { use: 'adma' } }, ['optimizer', 'adma', 'did you mean "adam"']],
    ['an unknown id of a plugin', { objectives: [{ use: 'trase' }] }, ['objectives.0', 'test/trace']],
    ['an objective twice', { objectives: [{ use: 'cosine' }, { use: 'cosine' }] }, ['objectives.1', 'twice']],
    ['a number out of range', { distort: { lattice: -1 } }, ['distort.lattice', '-1']],
    ['two sources of the pattern', { pattern: { file: 'a', structure: 'b' } }, ['pattern', 'exactly one']],
    ['no source of the pattern', { pattern: {} }, ['pattern', 'exactly one']],
    ['a reversed axis', { twoTheta: { start: 60, stop: 20 } }, ['twoTheta', '60', '20']],
    ['a missing wavelength', { instrument: {} }, ['wavelength']],
    ['an empty list of objectives', { objectives: [] }, ['objectives']],
  ];
  for (const [title, more, says] of faults) {
    it(`names ${title}`, () => {
      const text = fault(more);
      for (const part of says) expect(text).to.contain(part);
    });
  }

  it('reports every fault at once', () => {
    const text = fault({ optimiser: {}, seed: 'x', figures: 3 });
    for (const key of ['optimiser', 'seed', 'figures']) expect(text).to.contain(key);
  });

  it('exports a JSON Schema whose slots list every entry with its options', () => {
    const schema = configJsonSchema(host) as any;
    const adam = schema.properties.optimizer.oneOf.find((option: any) => option.properties.use.const === 'adam');
    expect(adam.additionalProperties).to.equal(false);
    expect(adam.properties.learningRate).to.have.property('description');
    const objectives = schema.properties.objectives.items.oneOf.map((option: any) => option.properties.use.const);
    expect(objectives).to.include.members(['cosine', 'mse', 'test/trace']);
  });
});
