import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root, withFolder } from './program.js';

interface Cruise {
  readonly summary: {
    readonly violations: readonly { readonly rule: { readonly name: string } }[];
    readonly totalCruised: number;
  };
}

/** Cruises a folder of fixture sources with the repository's own rules. */
function cruise(folder: string): Promise<Cruise> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'packages'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }, (_error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as Cruise);
      } catch {
        reject(new Error(`dependency-cruiser printed no JSON: ${stdout.slice(0, 500)}${stderr.slice(0, 2000)}`));
      }
    });
  });
}

/** A tree without a fault; each case adds one file to it. */
const sound: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'packages/core/src/index.ts': "export { one } from './one.js';\n",
  'packages/core/src/one.ts': 'export const one: number = 1;\n',
  'packages/pipeline/src/index.ts': 'export const loop: number = 2;\n',
  'packages/metrics/src/index.ts': 'export const metric: number = 3;\n',
  'node_modules/rxjs/package.json': '{ "name": "rxjs", "version": "7.0.0", "main": "index.js" }',
  'node_modules/rxjs/index.js': 'module.exports = {};',
  'node_modules/vega/package.json': '{ "name": "vega", "version": "6.0.0", "main": "index.js" }',
  'node_modules/vega/index.js': 'module.exports = {};',
};

const cases: readonly { title: string; file: string; text: string; rule: string }[] = [
  {
    title: 'core importing a later layer by path',
    file: 'packages/core/src/upwards.ts',
    text: "import { loop } from '../../pipeline/src/index.js';\nexport const two: number = loop;\n",
    rule: 'layer-core',
  },
  {
    title: 'core importing a later layer by name',
    file: 'packages/core/src/upwards.ts',
    text: "import { loop } from '@braggscape/pipeline';\nexport const two: number = loop;\n",
    rule: 'layer-core',
  },
  {
    title: 'a later layer imported for its types only',
    file: 'packages/metrics/src/types.ts',
    text: "import type { loop } from '@braggscape/pipeline';\nexport type Loop = typeof loop;\n",
    rule: 'layer-metrics',
  },
  {
    title: 'a sibling of the same layer',
    file: 'packages/optimizers/src/sideways.ts',
    text: "import { metric } from '@braggscape/metrics';\nexport const m: number = metric;\n",
    rule: 'layer-optimizers',
  },
  {
    title: 'an allowed layer imported by path instead of by name',
    file: 'packages/metrics/src/byPath.ts',
    text: "import { one } from '../../core/src/index.js';\nexport const m: number = one;\n",
    rule: 'packages-by-name',
  },
  {
    title: 'a file of another package behind its entry',
    file: 'packages/metrics/src/behind.ts',
    text: "import { one } from '../../core/src/one.js';\nexport const m: number = one;\n",
    rule: 'package-entry-only',
  },
  {
    title: 'a cycle',
    file: 'packages/core/src/one.ts',
    text: "import { one as self } from './index.js';\nexport const one: number = typeof self === 'number' ? 1 : 2;\n",
    rule: 'no-cycles',
  },
  {
    title: 'rxjs outside pipeline and cli',
    file: 'packages/metrics/src/stream.ts',
    text: "import * as rxjs from 'rxjs';\nexport const stream: unknown = rxjs;\n",
    rule: 'island-rxjs',
  },
  {
    title: 'a drawing library outside cli',
    file: 'packages/pipeline/src/draw.ts',
    text: "import * as vega from 'vega';\nexport const draw: unknown = vega;\n",
    rule: 'island-program',
  },
  {
    title: 'a database outside the results of benchmark',
    file: 'packages/benchmark/src/tables/query.ts',
    text: "import * as duckdb from '@duckdb/node-api';\nexport const query: unknown = duckdb;\n",
    rule: 'island-duckdb',
  },
  {
    title: 'Parquet files outside the results of benchmark and cli',
    file: 'packages/landscape/src/file.ts',
    text: "import * as parquet from 'hyparquet-writer';\nexport const file: unknown = parquet;\n",
    rule: 'island-parquet',
  },
  {
    title: 'special functions outside benchmark',
    file: 'packages/metrics/src/quantile.ts',
    text: "import * as cephes from 'cephes';\nexport const quantile: unknown = cephes;\n",
    rule: 'island-special-functions',
  },
];

async function reported(files: Readonly<Record<string, string>>): Promise<string[]> {
  return withFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const { summary } = await cruise(folder);
    expect(summary.totalCruised, 'the fixture was looked at').to.be.at.least(4);
    return summary.violations.map(({ rule }) => rule.name);
  });
}

describe('the rules of the layers', function () {
  this.timeout(60000);

  it('pass a tree without a fault', async () => {
    const allowed = "import * as rxjs from 'rxjs';\nexport const stream: unknown = rxjs;\n";
    const names = await reported({ ...sound, 'packages/pipeline/src/stream.ts': allowed });
    expect(names).to.deep.equal([]);
  });

  for (const { title, file, text, rule } of cases) {
    it(`report ${title}`, async () => {
      expect(await reported({ ...sound, [file]: text })).to.include(rule);
    });
  }
});
