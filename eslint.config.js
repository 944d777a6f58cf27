import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const root = dirname(fileURLToPath(import.meta.url));
const engineSources = ['packages/*/src/**/*.ts'];
const testSources = ['packages/*/test/**/*.ts', 'test/**/*.ts'];

/** Syntax that no source may use. */
const forbiddenSyntax = [
  { selector: 'ExportAllDeclaration', message: 'Name every export: "export *" hides what a package offers.' },
  { selector: 'Decorator', message: 'No decorators: modules bind plain factories.' },
];
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name; only a plugin object is a default export.',
};

/** What plain JavaScript for Node may use without an import. */
const nodeGlobals = [
  ...['console', 'process', 'performance', 'structuredClone', 'setTimeout', 'clearTimeout', 'setImmediate', 'fetch'],
  ...['URL', 'TextDecoder', 'TextEncoder', 'Buffer', 'WebAssembly', 'AbortController'],
];

const restrictedModules = (...allowed) => ({
  paths: [
    { name: 'inversify', message: 'The container stays in core/plugin.' },
    { name: 'reflect-metadata', message: 'The container stays in core/plugin.' },
    { name: 'rxjs', message: 'Observables stay in pipeline, benchmark and cli.' },
    { name: 'ajv', message: 'Schemas are compiled in core/config.' },
    { name: 'ajv/dist/2020.js', message: 'Schemas are compiled in core/config.' },
  ].filter(({ name }) => !allowed.includes(name)),
  patterns: allowed.includes('node:*')
    ? []
    : [{ regex: '^node:', message: 'Engine packages run in browsers too: put Node code under src/platform, or into benchmark or cli.' }],
});

export default tseslint.config(
  {
    ignores: ['**/dist/', '**/.test-output/', 'coverage/', 'results/', '**/node_modules/', '.nx/', 'reference/**'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,

  // Scripts, benches, examples and configuration files: plain JavaScript for Node.
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      ecmaVersion: 2024,
      globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])),
    },
    rules: { eqeqeq: 'error', 'prefer-const': 'error', 'no-var': 'error' },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: { module: 'writable', require: 'readonly' } } },

  // Everything in TypeScript, with types.
  {
    files: [...engineSources, ...testSources],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...forbiddenSyntax, noDefaultExport],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],

      // Numbers belong into messages; everything else must be turned into text by hand.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
      // Indexing is not checked by the compiler here (typed arrays in inner loops), so an index that may be missing looks certain
      // to this rule, and the check that guards it looks needless.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Kernels walk several arrays with one index, often with a stride.
      '@typescript-eslint/prefer-for-of': 'off',
      // Registries are objects and types of plain records.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Contracts are records of functions that do not use `this`, so they may be taken apart.
      '@typescript-eslint/unbound-method': 'off',
      // An interface with one call signature has a place for the documentation of its parameters.
      '@typescript-eslint/prefer-function-type': 'off',
      // Contracts return promises; an implementation that never waits still turns its throw into a rejection by being async.
      '@typescript-eslint/require-await': 'off',
      // Asks for `!`, which another rule forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // `Combiner<unknown>` says that the state is forgotten on purpose.
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      // Widths of table columns are counted in code points.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // `void` and arrow functions that return a call are plain style in callbacks.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Conditions with `||` on texts and numbers mean "empty too".
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: true }],
    },
  },

  {
    files: engineSources,
    rules: {
      'no-console': 'error',
      'max-lines': ['error', { max: 500, skipBlankLines: true }],
      'no-restricted-imports': ['error', restrictedModules()],
    },
  },
  { files: ['packages/*/src/platform/**'], rules: { 'no-restricted-imports': ['error', restrictedModules('node:*')] } },
  { files: ['packages/{benchmark,cli}/src/**'], rules: { 'no-restricted-imports': ['error', restrictedModules('node:*', 'rxjs')] } },
  { files: ['packages/pipeline/src/**'], rules: { 'no-restricted-imports': ['error', restrictedModules('rxjs')] } },
  {
    files: ['packages/core/src/config/**'],
    rules: { 'no-restricted-imports': ['error', restrictedModules('ajv', 'ajv/dist/2020.js')] },
  },
  {
    files: ['packages/core/src/plugin/**'],
    rules: { 'no-restricted-imports': ['error', restrictedModules('inversify', 'reflect-metadata')] },
  },
  // Where the state types of transforms, minimizers and combiners are forgotten: they stand in both directions of their
  // functions, so neither `unknown` nor `never` fits, and each state only ever goes back to the entry that made it.
  // An entry without options has `{}`.
  {
    files: [
      'packages/core/src/plugin/**',
      'packages/optimizers/src/transforms/chain.ts',
      'packages/optimizers/src/minimizers/fromTransform.ts',
      'packages/testing/src/checkOptimizer.ts',
    ],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-generated-empty-object-type': 'off',
    },
  },
  // A plugin object is what a default export is for.
  { files: ['packages/*/src/plugin.ts'], rules: { 'no-restricted-syntax': ['error', ...forbiddenSyntax] } },
  // Tables of constants from the literature.
  { files: ['**/*Table.ts', '**/elements.ts'], rules: { 'max-lines': 'off' } },

  {
    files: testSources,
    rules: {
      'max-lines': ['error', { max: 800, skipBlankLines: true }],
      // chai asserts with property access: `expect(x).to.be.true`.
      '@typescript-eslint/no-unused-expressions': 'off',
      // What a program printed, and data made wrong on purpose, are read without types.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // In a test a missing value is a failing test: it may be asserted away.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Stubs of asynchronous and empty methods.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Readers of fixtures name the type that their caller expects.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
);
