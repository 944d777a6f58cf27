import { expect } from 'chai';
import {
  apiVersion,
  combiner,
  createPluginHost,
  createRegistry,
  definePlugin,
  isPlugin,
  kinds,
  metric,
  optimizer,
  randomFromSeed,
  singular,
  structureFrom,
} from '@braggscape/core';
import type { CreateContext, Metric, Plugin, PluginDefinition, PluginMeta } from '@braggscape/core';
import { thrown } from './thrown.js';

const context: CreateContext = {
  start: structureFrom([[4, 0, 0], [0, 4, 0], [0, 0, 4]], [11], [[0, 0, 0]]),
  random: randomFromSeed(0),
};

const constantMetric = (value: number): Metric => ({
  id: 'constant',
  bounds: [0, 1],
  differentiable: false,
  against: () => () => ({ value }),
});

const constant = metric<{ value: number }>({
  summary: 'A constant.',
  source: 'nowhere',
  schema: { value: { description: 'Its value.', type: 'number', minimum: 0, maximum: 1, default: 0.5 } },
  create: ({ value }) => constantMetric(value),
});

function makePlugin(meta: Partial<PluginMeta> = {}, entries: Omit<PluginDefinition, 'meta'> = { metrics: { constant } }): Plugin {
  return definePlugin({ meta: { name: 'plugin-a', version: '1.2.3', namespace: 'a', api: `^${apiVersion}`, ...meta }, ...entries });
}

/** Loads a plugin that must be refused, and checks that nothing of it stayed. */
function refused(plugin: unknown, ...before: Plugin[]): ReturnType<typeof thrown> {
  const host = createPluginHost(before);
  const count = (): number[] => kinds.map((kind) => host.registry(kind).list().length);
  const entries = count();
  const error = thrown(() => {
    host.load(plugin, './it.mjs');
  });
  expect(count()).to.deep.equal(entries);
  expect(host.plugins).to.have.length(before.length);
  return error;
}

describe('the plugin door', () => {
  it('opens for a plugin and lists what it brings', async () => {
    const host = createPluginHost([makePlugin()]);
    expect(host.plugins.map(({ name, version }) => [name, version])).to.deep.equal([['plugin-a', '1.2.3']]);
    const entry = host.registry('metrics').get('a/constant');
    expect(entry).to.include({ id: 'a/constant', plugin: 'plugin-a', summary: 'A constant.', source: 'nowhere' });
    expect(entry.normalize({})).to.deep.equal({ value: 0.5 });
    expect(thrown(() => entry.normalize({ vlaue: 1 }, 'objectives.0')).message).to.contain('did you mean "value"?');
    const made = await entry.create(entry.normalize({ value: 0.25 }), context);
    const pattern = { twoTheta: Float64Array.of(1, 2), intensity: Float64Array.of(1, 1) };
    expect(made.against(pattern)(pattern.intensity, 'value').value).to.equal(0.25);
  });

  it('stays shut for what was not made with definePlugin', () => {
    for (const value of [undefined, null, 3, {}, { ...makePlugin(), [Symbol.for('braggscape.plugin')]: 'yes' }]) {
      const error = refused(value);
      expect(error.code).to.equal('plugin.invalid');
      expect(error.message).to.contain('./it.mjs');
      expect(error.hint).to.contain('definePlugin');
    }
  });

  it('is shut for a plugin without meta and for entries that are nothing, as plain JavaScript may bring them', () => {
    for (const broken of [{}, { meta: {} }, { meta: { name: 'x', version: '1.0.0' } }]) {
      expect(refused(definePlugin(broken as never)).code).to.equal('plugin.invalid');
    }
    for (const entry of [null, {}, { create: () => constantMetric(1), summary: 'No schema.' }]) {
      expect(refused(makePlugin({}, { metrics: { entry: entry as never } })).code).to.equal('plugin.invalid');
    }
  });

  it('knows a plugin of another copy of the package by its brand', () => {
    const twin = { meta: { name: 'twin', version: '1.0.0', namespace: 'twin', api: '*' }, [Symbol.for('braggscape.plugin')]: true };
    expect(isPlugin(twin)).to.equal(true);
    expect(createPluginHost([twin]).plugins[0].name).to.equal('twin');
  });

  it('asks for an API range that holds this version', () => {
    for (const api of ['^99.0.0', '<0.0.1', 'not a range']) {
      const error = refused(makePlugin({ api }));
      expect(error.code).to.equal('plugin.incompatible');
      expect(error.message).to.contain(api).and.to.contain(apiVersion);
    }
    for (const api of ['*', `>=${apiVersion}`, apiVersion]) expect(createPluginHost([makePlugin({ api })]).plugins).to.have.length(1);
  });

  it('asks outsiders for a namespace, and gives own entries none', () => {
    for (const namespace of ['', 'Upper', 'with space', 'a/b', '9a']) {
      expect(refused(makePlugin({ namespace })).code).to.equal('plugin.invalid');
    }
    const { namespace: _none, ...bare } = makePlugin().meta;
    expect(refused(definePlugin({ meta: bare, metrics: { constant } })).message).to.contain('namespace');
    const own = definePlugin({ meta: { name: '@braggscape/own', version: '0.1.0', api: '*' }, metrics: { constant } });
    expect(createPluginHost([own]).registry('metrics').has('constant')).to.equal(true);
  });

  it('refuses names that could not be typed in a configuration', () => {
    for (const name of ['Constant', 'two words', 'a/b', '-x', '']) {
      const error = refused(makePlugin({}, { metrics: { [name]: constant } }));
      expect(error.code).to.equal('plugin.invalid');
      expect(error.message).to.contain(`"${name}"`);
    }
  });

  it('refuses an entry that cannot be made or described, or whose schema is wrong', () => {
    const faults = [{ create: undefined }, { summary: undefined }, { schema: { value: { type: 'nubmer' } } }];
    for (const fault of faults) {
      const broken = { ...constant, ...fault } as never;
      expect(refused(makePlugin({}, { metrics: { broken } })).code).to.equal('plugin.invalid');
    }
  });

  it('refuses a plugin twice, and an id twice, naming both owners', () => {
    expect(refused(makePlugin(), makePlugin()).code).to.equal('plugin.duplicate');
    const error = refused(makePlugin({ name: 'plugin-b' }), makePlugin());
    expect(error.code).to.equal('plugin.duplicate');
    expect(error.message).to.contain('"a/constant"').and.to.contain('"plugin-a"').and.to.contain('"plugin-b"');
  });

  it('lets one name serve two kinds', () => {
    const sum = combiner({ summary: 'A sum.', schema: {}, create: () => ({ id: 'sum' }) as never });
    const host = createPluginHost([makePlugin({}, { metrics: { constant }, combiners: { constant: sum } })]);
    expect(host.registry('metrics').has('a/constant')).to.equal(true);
    expect(host.registry('combiners').has('a/constant')).to.equal(true);
    expect(host.registry('optimizers').list()).to.deep.equal([]);
  });

  it('takes one plugin away and leaves the others', () => {
    const b = makePlugin({ name: 'plugin-b', namespace: 'b' });
    const host = createPluginHost([makePlugin(), b]);
    host.unload('plugin-a');
    expect(host.registry('metrics').list().map(({ id }) => id)).to.deep.equal(['b/constant']);
    host.load(makePlugin());
    expect(host.registry('metrics').has('a/constant')).to.equal(true);
    expect(thrown(() => { host.unload('plugin-c'); }).code).to.equal('plugin.notFound');
  });

  it('keeps hosts apart', () => {
    createPluginHost([makePlugin()]);
    expect(createPluginHost().registry('metrics').list()).to.deep.equal([]);
  });

  it('carries optimizers with any state', async () => {
    const still = optimizer({
      summary: 'Does not move.',
      schema: {},
      create: () => ({ kind: 'transform', init: () => 0, update: (update, calls: number) => [update.map(() => 0), calls + 1] as const }),
    });
    const entry = createPluginHost([makePlugin({}, { optimizers: { still } })]).registry('optimizers').get('a/still');
    expect((await entry.create({}, context)).kind).to.equal('transform');
  });
});

describe('a registry', () => {
  const registry = createPluginHost([
    makePlugin({}, { metrics: { zeta: constant, alpha: constant, cosine: constant } }),
  ]).registry('metrics');

  it('lists by id', () => {
    expect(registry.list().map(({ id }) => id)).to.deep.equal(['a/alpha', 'a/cosine', 'a/zeta']);
  });

  it('hints at the nearest id', () => {
    const error = thrown(() => registry.get('cosin'));
    expect(error.code).to.equal('plugin.unknownId');
    expect(error.message).to.equal('no metric is called "cosin"');
    expect(error.hint).to.equal('did you mean "a/cosine"?');
    expect(thrown(() => registry.get('something-else')).hint).to.equal('known: a/alpha, a/cosine, a/zeta');
    expect(thrown(() => createRegistry('stopRules', () => []).get('x')).hint).to.equal('none is known');
  });

  it('speaks of its kind in words', () => {
    expect(singular('patternModels')).to.equal('pattern model');
    expect(singular('stopRules')).to.equal('stop rule');
  });
});
