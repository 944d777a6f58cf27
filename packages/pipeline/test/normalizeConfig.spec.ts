import { expect } from 'chai';
import { isBraggscapeError } from '@braggscape/core';
import { configJsonSchema, normalizeConfig } from '@braggscape/pipeline';
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
    expect(config.objectives).to.deep.equal([{ use: 'cosine', weight: 1 }]);
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
