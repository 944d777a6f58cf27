import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost, loadStructure } from 'braggscape';
import type { PluginHost, Structure } from '@braggscape/core';
import { elementSymbol, findSymmetry, matchStructures, strictTolerances } from '@braggscape/crystal';
import { neighbourSearch } from '@braggscape/energy';
import { root } from './program.js';

const folder = join(root, 'packages/benchmark/structures');

/** Space-group number, atoms in the cell by element, shortest distance (Å) with the elements that have it. */
const crystals: Readonly<Record<string, readonly [number, Readonly<Record<string, number>>, number, string]>> = {
  U2Ti: [191, { U: 2, Ti: 1 }, 2.787, 'U-U'],
  SrTiO3: [221, { Sr: 1, Ti: 1, O: 3 }, 1.953, 'O-Ti'],
  Au2S: [224, { Au: 4, S: 2 }, 2.174, 'Au-S'],
  BaFe2As2: [139, { Ba: 2, Fe: 4, As: 4 }, 2.403, 'As-Fe'],
  MgZn2: [194, { Mg: 4, Zn: 8 }, 2.567, 'Zn-Zn'],
  Mo8P5: [6, { Mo: 8, P: 5 }, 2.33, 'Mo-P'],
  Cu2FeSnS4: [121, { Cu: 4, Fe: 2, Sn: 2, S: 8 }, 2.309, 'Cu-S'],
  Cu2MnAl: [225, { Cu: 8, Mn: 4, Al: 4 }, 2.576, 'Al-Cu|Cu-Mn'],
  Ga2O3: [12, { Ga: 8, O: 12 }, 1.832, 'Ga-O'],
  Na3MnCoNiO6: [8, { Na: 6, Mn: 2, Co: 2, Ni: 2, O: 12 }, 2.05, 'Co-O|Mn-O|Ni-O'],
};

function composition({ numbers }: Structure): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const z of numbers) counts[elementSymbol(z)] = (counts[elementSymbol(z)] ?? 0) + 1;
  return counts;
}

/** The shortest distance and the pairs of elements that have it. */
function shortestDistance(structure: Structure): { length: number; pairs: string } {
  const { count, first, second, distance } = neighbourSearch(4)(structure);
  const length = Math.min(...distance.subarray(0, count));
  const pairs = new Set<string>();
  for (let b = 0; b < count; b++) {
    if (distance[b] < length + 1e-3) pairs.add([first[b], second[b]].map((i) => elementSymbol(structure.numbers[i])).sort().join('-'));
  }
  return { length, pairs: [...pairs].sort().join('|') };
}

describe('the benchmark set of crystals', () => {
  let host: PluginHost;
  before(async () => {
    host = await createHost();
  });

  it('has the ten files that are listed here and in its README, each with its source', async () => {
    const names = (await readdir(folder)).filter((file) => file.endsWith('.cif')).map((file) => file.slice(0, -'.cif'.length));
    expect(names).to.have.members(Object.keys(crystals));
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    for (const name of names) {
      expect(readme).to.contain(`| \`${name}\` |`);
      const text = await readFile(join(folder, `${name}.cif`), 'utf8');
      expect(text, name).to.match(/^# .*(?:\(\d{4}\)|DOI|a model)/s).and.to.contain('MIT-licensed').and.to.contain(`data_${name}\n`);
    }
  });

  for (const [name, [number, atoms, length, pairs]] of Object.entries(crystals)) {
    it(`${name} is ordered and has its space group, contents and shortest distance`, async () => {
      const { structure } = await loadStructure(join(folder, `${name}.cif`), host);
      expect(composition(structure)).to.deep.equal(atoms);
      expect([...structure.occupancy].every((occupancy) => occupancy === 1)).to.equal(true);
      for (const symprec of [1e-3, 0.01, 0.1]) expect(findSymmetry(structure, { symprec }).number, `within ${symprec} Å`).to.equal(number);
      const shortest = shortestDistance(structure);
      expect(shortest.length).to.be.closeTo(length, 1e-3);
      expect(shortest.pairs).to.equal(pairs);
    });
  }

  it('holds the same U2Ti as the first example', async () => {
    const [one, other] = await Promise.all([join(folder, 'U2Ti.cif'), join(root, 'examples/recover-u2ti/U2Ti.cif')].map(async (path) => loadStructure(path, host)));
    const { match, rms } = await matchStructures(one.structure, other.structure, strictTolerances);
    expect(match).to.equal(true);
    expect(rms).to.be.lessThan(1e-9);
    expect(one.structure.lattice).to.deep.equal(other.structure.lattice);
  });
});
