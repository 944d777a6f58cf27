import { expect } from 'chai';
import fc from 'fast-check';
import { randomFromSeed } from '@braggscape/core';
import type { NamedStructure, Structure } from '@braggscape/core';
import { cellFromLattice, crystalPlugin, readStructures, structureFormatFor, structureFormats } from '@braggscape/crystal';
import { checkPlugin, crystals, faultOf, randomStructure } from '@braggscape/testing';

const endings: Readonly<Record<string, string>> = { cif: '.cif', poscar: '.vasp', extxyz: '.extxyz', 'pymatgen-json': '.json' };
const read = (text: string, name: string): readonly NamedStructure[] => readStructures(text, { name });

const report = (text: string, name: string): string => faultOf(() => read(text, name)).report;

/** Same sites, whole cells and orientation apart. */
function same(a: Structure, b: Structure, tolerance: number): void {
  cellFromLattice(a.lattice).forEach((value, i) => expect(value).to.be.closeTo(cellFromLattice(b.lattice)[i], tolerance * 100));
  expect([...a.numbers]).to.deep.equal([...b.numbers]);
  a.frac.forEach((x, i) => {
    const d = x - b.frac[i];
    expect(d - Math.round(d)).to.be.closeTo(0, tolerance);
  });
}

describe('structure formats', () => {
  for (const format of structureFormats) {
    it(`${format.id} reads what it wrote and recognises it without its ending`, () => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const random = randomFromSeed(seed);
          const full = randomStructure(random, { disordered: format.id !== 'poscar' });
          // A POSCAR lists sites element by element.
          const order = [...full.numbers.keys()].sort((i, j) => full.numbers[i] - full.numbers[j] || i - j);
          const structure: Structure = {
            ...full,
            numbers: Uint8Array.from(order, (i) => full.numbers[i]),
            frac: Float64Array.from(order.flatMap((i) => [...full.frac.subarray(3 * i, 3 * i + 3)])),
            occupancy: Float64Array.from(order, (i) => full.occupancy[i]),
            uIso: Float64Array.from(order, (i) => full.uIso[i]),
          };
          const text = format.write?.([{ name: 'it', structure }]) ?? '';
          expect(format.recognises(text)).to.equal(true);
          expect(structureFormatFor(text, { name: 'unknown' }).id).to.equal(format.id);
          const [{ structure: again }] = read(text, `it${endings[format.id]}`);
          same(again, structure, 1e-8);
          if (format.id !== 'poscar') {
            again.occupancy.forEach((value, i) => expect(value).to.be.closeTo(structure.occupancy[i], 1e-9));
            again.uIso.forEach((value, i) => expect(value).to.be.closeTo(structure.uIso[i], 1e-9));
          }
        }),
      );
    });
  }

  it('recognise none but their own', () => {
    for (const format of structureFormats) {
      const text = format.write?.([{ name: 'it', structure: crystals.rutile }]) ?? '';
      for (const other of structureFormats) expect(other.recognises(text), `${other.id} on ${format.id}`).to.equal(other.id === format.id);
    }
  });

  it('are named in the error about a file of none', () => {
    const text = report('once upon a time\n', 'tale.txt');
    for (const part of ['tale.txt', 'cif', 'poscar', 'extxyz', 'pymatgen-json']) expect(text).to.contain(part);
    expect(report('', 'a.cif')).to.contain('empty');
  });

  it('pass the plugin check', async () => {
    expect(await checkPlugin(crystalPlugin)).to.have.members(['cif', 'poscar', 'extxyz', 'pymatgen-json']);
  });
});

describe('POSCAR', () => {
  const poscar = (scale: string, mode: string, rows: string): string => `rock salt\n${scale}\n0 2.82 2.82\n2.82 0 2.82\n2.82 2.82 0\nNa Cl\n1 1\n${mode}\n${rows}`;

  it('reads scales, volumes, Cartesian and selective coordinates', () => {
    const direct = read(poscar('1.0', 'Direct', '0 0 0\n0.5 0.5 0.5\n'), 'POSCAR')[0];
    expect(direct.name).to.equal('rock salt');
    expect([...direct.structure.numbers]).to.deep.equal([11, 17]);
    const volume = read(poscar('-100', 'Direct', '0 0 0\n0.5 0.5 0.5\n'), 'POSCAR')[0].structure.lattice;
    expect(volume[1]).to.be.closeTo(Math.cbrt(50), 1e-12);
    const cartesian = read(poscar('2', 'Selective dynamics\nCartesian', '0 0 0 T T F\n1.41 1.41 1.41 T T T\n'), 'POSCAR')[0].structure;
    expect(cartesian.lattice[1]).to.equal(5.64);
    for (const x of cartesian.frac.subarray(3)) expect(x).to.be.closeTo(0.25, 1e-12);
  });

  it('reads the old form with the elements in the comment', () => {
    const old = 'Na Cl\n1\n4 0 0\n0 4 0\n0 0 4\n1 1\nDirect\n0 0 0\n.5 .5 .5\n';
    expect([...read(old, 'POSCAR')[0].structure.numbers]).to.deep.equal([11, 17]);
  });

  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['a file cut off', poscar('1', 'Direct', '0 0 0\n'), ['POSCAR', 'truncated']],
    ['a scale that is none', poscar('one', 'Direct', '0 0 0\n.5 .5 .5\n'), ['POSCAR:2', 'one']],
    ['an unknown element', poscar('1', 'Direct', '0 0 0\n.5 .5 .5\n').replace('Na Cl', 'Na Qq'), ['POSCAR:6', 'Qq']],
    ['NaN', poscar('1', 'Direct', '0 0 NaN\n.5 .5 .5\n'), ['POSCAR:9', 'NaN']],
    ['a flat cell', poscar('1', 'Direct', '0 0 0\n.5 .5 .5\n').replace('2.82 2.82 0\n', '2.82 2.82 5.64\n'), ['POSCAR:3', 'no volume']],
    ['a file that ends in blank lines before its lattice', 'title\n1\n\n\n', ['POSCAR', 'truncated']],
    ['a missing mode', poscar('1', '0 0 0', '.5 .5 .5\n'), ['POSCAR:8', 'Direct or Cartesian']],
  ];
  for (const [title, text, says] of table) {
    it(`names ${title}`, () => {
      for (const part of says) expect(report(text, 'POSCAR')).to.contain(part);
    });
  }
});

describe('extended XYZ', () => {
  const frame = (info: string, ...rows: readonly string[]): string => `${rows.length}\n${info}\n${rows.join('\n')}\n`;
  const lattice = 'Lattice="4 0 0 0 4 0 0 0 4"';

  it('reads several frames, extra columns and atomic numbers', () => {
    const text = frame(`${lattice} Properties=species:S:1:pos:R:3:forces:R:3 name=first`, 'Cu 0 0 0 1 2 3') + frame(`${lattice} Properties=Z:I:1:pos:R:3`, '29 2 2 2');
    const all = read(text, 'a.xyz');
    expect(all.map(({ name }) => name)).to.deep.equal(['first', 'a-2']);
    expect([...all[1].structure.frac]).to.deep.equal([0.5, 0.5, 0.5]);
  });

  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['a molecule', frame('no cell', 'Cu 0 0 0'), ['a.xyz:2', 'Lattice']],
    ['a comment of a hundred thousand letters', frame('a'.repeat(100_000), 'Cu 0 0 0'), ['a.xyz:2', 'Lattice']],
    ['a slab', frame(`${lattice} pbc="T T F"`, 'Cu 0 0 0'), ['a.xyz:2', 'pbc']],
    ['a frame cut off', `3\n${lattice}\nCu 0 0 0\n`, ['a.xyz:1', 'truncated']],
    ['an unknown element', frame(lattice, 'Qq 0 0 0'), ['a.xyz:3', 'Qq']],
    ['a position that is none', frame(lattice, 'Cu 0 x 0'), ['a.xyz:3', '"x"']],
  ];
  for (const [title, text, says] of table) {
    it(`names ${title}`, () => {
      for (const part of says) expect(report(text, 'a.xyz')).to.contain(part);
    });
  }
});

describe('pymatgen JSON', () => {
  it('reads as_dict, the bare form, and lists of either', () => {
    const sites = [
      { species: [{ element: 'Fe', occu: 0.5 }, { element: 'Ni', occu: 0.5 }], abc: [0, 0, 0], label: 'M1' },
      { species: [{ element: 'O2-', occu: 1 }], abc: [0.5, 0.5, 0.5], label: 'O1' },
    ];
    const dict = { '@class': 'Structure', lattice: { matrix: [[4, 0, 0], [0, 4, 0], [0, 0, 4]] }, sites };
    const [{ structure }] = read(JSON.stringify(dict), 'a.json');
    expect([...structure.numbers]).to.deep.equal([26, 28, 8]);
    expect([...structure.occupancy]).to.deep.equal([0.5, 0.5, 1]);
    const bare = { lattice: [[4, 0, 0], [0, 4, 0], [0, 0, 4]], species: ['Cu'], frac_coords: [[0, 0, 0]] };
    const all = read(JSON.stringify([{ name: 'one', structure: bare }, bare]), 'a.json');
    expect(all.map(({ name }) => name)).to.deep.equal(['one', 'a-2']);
  });

  const bare = (more: object): string => JSON.stringify({ lattice: [[4, 0, 0], [0, 4, 0], [0, 0, 4]], species: ['Cu'], frac_coords: [[0, 0, 0]], ...more });
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['text cut off', '{"lattice": [[4,0', ['a.json', 'truncated']],
    ['an unknown element', bare({ species: ['Qq'] }), ['a.json', 'Qq']],
    ['coordinates that are missing', bare({ frac_coords: [] }), ['a.json', 'frac_coords']],
    ['a flat lattice', bare({ lattice: [[4, 0, 0], [4, 0, 0], [0, 0, 4]] }), ['a.json', 'no volume']],
    ['lists nested deeper than the stack', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, ['a.json', 'is not an object']],
    ['the place in a list', `[${bare({})}, ${bare({ species: [7] })}]`, ['a.json:$[1].species[0]', '7 is not an element']],
    ['NaN, which JSON writes as null', bare({ frac_coords: [[0, null, 0]] }), ['a.json', 'frac_coords']],
  ];
  for (const [title, text, says] of table) {
    it(`names ${title}`, () => {
      for (const part of says) expect(report(text, 'a.json')).to.contain(part);
    });
  }
});
