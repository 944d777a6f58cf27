// Who may import whom. Layers point leftwards only:
//   core <- crystal <- {diffraction, energy, projectors};  energy <- chgnet
//   core <- {metrics, optimizers, landscape, testing}
//   all of these <- pipeline <- {benchmark, cli};  {core, pipeline} <- viewer
// Packages are matched by folder, so a package that does not exist yet is already bound by its rule.

const beforePipeline = ['core', 'crystal', 'diffraction', 'energy', 'chgnet', 'projectors', 'metrics', 'optimizers', 'landscape', 'testing'];

const layers = {
  core: [],
  crystal: ['core'],
  diffraction: ['core', 'crystal'],
  energy: ['core', 'crystal'],
  chgnet: ['core', 'energy'],
  projectors: ['core', 'crystal'],
  metrics: ['core'],
  optimizers: ['core'],
  landscape: ['core'],
  testing: ['core'],
  pipeline: beforePipeline,
  benchmark: [...beforePipeline, 'pipeline'],
  cli: [...beforePipeline, 'pipeline', 'benchmark'],
  viewer: ['core', 'pipeline'],
};

/** Every package by name and by folder: an import resolves to one or stays as the other. */
const anyPackage = '(^|/)packages/|^@braggscape/|^braggscape$';

const layerRules = Object.entries(layers).map(([name, allowed]) => ({
  name: `layer-${name}`,
  severity: 'error',
  comment: `${name} may import ${allowed.length === 0 ? 'no other package' : allowed.join(', ')}.`,
  from: { path: `^packages/${name}/src/` },
  to: {
    path: anyPackage,
    pathNot: [name, ...allowed].flatMap((other) => [`^packages/${other}/`, `^@braggscape/${other}$`]),
  },
}));

/** A third-party package that may be imported in some places only. */
const island = (name, modules, places) => ({
  name: `island-${name}`,
  severity: 'error',
  comment: `${modules.join(', ')}: only in ${places.join(', ')}.`,
  from: { path: '^packages/[^/]+/src/', pathNot: places.map((place) => `^packages/${place}/`) },
  to: { path: modules.flatMap((module) => [`(^|/)node_modules/${module}(/|$)`, `^${module}(/|$)`]) },
});

module.exports = {
  forbidden: [
    ...layerRules,
    island('rxjs', ['rxjs'], ['pipeline/src', 'benchmark/src', 'cli/src', 'viewer/src']),
    island('ajv', ['ajv'], ['core/src/config']),
    island('inversify', ['inversify', 'reflect-metadata'], ['core/src/plugin']),
    island('tensorflow', ['@tensorflow/tfjs[^/]*'], ['energy/src']),
    island('program', ['vega', 'vega-lite', '@resvg/resvg-js', 'commander', 'yaml', 'piscina'], ['cli/src']),
    island('parquet', ['hyparquet-writer'], ['benchmark/src/results', 'cli/src']),
    island('duckdb', ['@duckdb/[^/]*'], ['benchmark/src/results']),
    island('pool', ['workerpool'], ['benchmark/src']),
    island('matrices', ['ml-matrix'], ['landscape/src']),
    island('special-functions', ['cephes'], ['benchmark/src']),
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle has no first module to understand. Type-only imports count: they tie the concepts together all the same.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'packages-by-name',
      severity: 'error',
      comment: 'Another package is imported by its name, never by a path into its folder.',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/[^/]+/', pathNot: '^packages/$1/', dependencyTypesNot: ['aliased', 'npm'] },
    },
    {
      name: 'package-entry-only',
      severity: 'error',
      comment: 'A package offers what its index names; its other files are its own business.',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/[^/]+/(src|dist)/', pathNot: ['^packages/$1/', '^packages/[^/]+/(src|dist)/index\\.'] },
    },
    {
      name: 'no-tests-in-sources',
      severity: 'error',
      comment: 'Published code must not import a test or what only tests use.',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: ['^packages/[^/]+/test/', '^test/', '(^|/)node_modules/(mocha|chai|fast-check)/'] },
    },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      comment: 'An import that cannot be resolved hides from every other rule.',
      from: { path: '^packages/[^/]+/src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '(^|/)dist/'] },
    exclude: { path: ['(^|/)\\.test-output/', '^packages/[^/]+/dist/.*\\.map$'] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
