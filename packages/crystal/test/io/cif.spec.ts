import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { isBraggscapeError, randomFromSeed } from '@braggscape/core';
import type { Structure } from '@braggscape/core';
import {
  cellVolume,
  cifColumn,
  cifItem,
  cifNumber,
  elementSymbol,
  findSymmetry,
  formatSymmetryOperation,
  latticeFromCell,
  parseCif,
  parseSymmetryOperation,
  readCif,
  structureOfBlock,
  writeCif,
} from '@braggscape/crystal';
import { crystals, faultOf, randomStructure } from '@braggscape/testing';

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../../reference/crystal/${name}`, import.meta.url), 'utf8')) as T;

const head = (cell = '5 5 5 90 90 90'): string => {
  const values = cell.split(' ');
  return ['data_x', ...['length_a', 'length_b', 'length_c', 'angle_alpha', 'angle_beta', 'angle_gamma'].map((tag, i) => `_cell_${tag} ${values[i]}`)].join('\n');
};
const sites = (...rows: readonly string[]): string =>
  `loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n${rows.join('\n')}\n`;
const read = (text: string): Structure => readCif(text, { name: 'a.cif' })[0].structure;

const report = (text: string): string => faultOf(() => readCif(text, { name: 'a.cif' })).report;

/** Structure factors of unit scatterers, which do not depend on the order of sites or on whole cells. */
function factor(frac: Float64Array, h: readonly number[]): [number, number] {
  let [re, im] = [0, 0];
  for (let i = 0; i < frac.length; i += 3) {
    const phase = 2 * Math.PI * (h[0] * frac[i] + h[1] * frac[i + 1] + h[2] * frac[i + 2]);
    re += Math.cos(phase);
    im += Math.sin(phase);
  }
  return [re, im];
}

interface Setting {
  readonly hallNumber: number;
  readonly number: number;
  readonly choice: string;
  readonly hall: string;
  readonly full: string;
  readonly count: number;
  readonly factors: readonly (readonly [number, number])[];
}

/** A cell that has every symmetry of a setting's axes. */
function cellOf({ number, choice }: Setting): string {
  if (number >= 195) return '9 9 9 90 90 90';
  if (number >= 143) return choice === 'R' ? '9 9 9 70 70 70' : '9 9 11 90 90 120';
  if (number >= 75) return '9 9 11 90 90 90';
  if (number >= 16) return '8 9 11 90 90 90';
  if (number < 3) return '8 9 11 80 95 105';
  const axis = /[abc]/.exec(choice)?.[0] ?? 'b';
  return `8 9 11 ${['a', 'b', 'c'].map((name) => (name === axis ? 101 : 90)).join(' ')}`;
}

describe('CIF: space groups', () => {
  const { settings, point, hkl } = fixture<{ settings: Setting[]; point: number[]; hkl: number[][] }>('settings.json');

  it('expands a general point in all 530 settings, by Hall symbol and by Hermann–Mauguin symbol, as spglib does', () => {
    expect(settings).to.have.length(530);
    const taken = new Set<string>();
    for (const setting of settings) {
      const colon = /^[12HR]/.test(setting.choice) ? `:${setting.choice[0]}` : '';
      const symbol = `${setting.full}${colon}`;
      // Where settings share a symbol, as two of C 2/m 2/m 2/e do, it means the first.
      const statements = [`_space_group_name_Hall '${setting.hall}'`, ...(taken.has(symbol) ? [] : [`_space_group_name_H-M_alt '${symbol}'`])];
      taken.add(symbol);
      for (const symmetry of statements) {
        const { frac } = read(`${head(cellOf(setting))}\n${symmetry}\n${sites(`C1 C ${point.join(' ')}`)}`);
        expect(frac.length / 3, `${setting.hallNumber} ${symmetry}`).to.equal(setting.count);
        hkl.forEach((h, i) => {
          const [re, im] = factor(frac, h);
          expect(re, `${setting.hallNumber} ${symmetry}`).to.be.closeTo(setting.factors[i][0], 1e-6);
          expect(im, `${setting.hallNumber} ${symmetry}`).to.be.closeTo(setting.factors[i][1], 1e-6);
        });
      }
    }
    expect(taken.size).to.be.greaterThan(510);
  }).timeout(60000);

  const { structures } = fixture<{ structures: { name: string; cif: string; volume: number; sites: [string, number[]][] }[] }>('structures.json');
  for (const { name, cif, volume, sites: expected } of structures) {
    it(`reads ${name.replaceAll('_', ' ')}`, () => {
      const [{ name: block, structure }] = readCif(cif, { name: 'a.cif' });
      expect(block).to.equal(name);
      expect(cellVolume(structure.lattice)).to.be.closeTo(volume, 1e-8 * volume);
      expect(structure.numbers.length).to.equal(expected.length);
      for (const [symbol, frac] of expected) {
        const found = [...structure.numbers.keys()].some(
          (i) =>
            elementSymbol(structure.numbers[i]) === symbol &&
            [0, 1, 2].every((k) => {
              const d = structure.frac[3 * i + k] - frac[k];
              // Sites stated with four digits are moved onto the exact position here, and are not in the reference.
              return Math.abs(d - Math.round(d)) < 1.5e-4;
            }),
        );
        expect(found, `${symbol} ${frac.join(' ')}`).to.equal(true);
      }
    });
  }

  it('puts rounded thirds exactly onto their position', () => {
    const { cif } = structures.find(({ name }) => name === 'rounded_thirds_upper_case') as { cif: string };
    const structure = read(cif);
    expect(structure.frac[0]).to.be.closeTo(1 / 3, 1e-12);
    expect(findSymmetry(structure, { symprec: 1e-5 }).symbol).to.equal('P6_3/mmc');
  });

  it('takes listed operations over a symbol, and lists in full as P 1 without either', () => {
    const operations = "loop_\n_space_group_symop_operation_xyz\nx,y,z\n-x,-y,-z\n_space_group_name_H-M_alt 'P m -3 m'\n";
    expect(read(`${head()}\n${operations}${sites('C1 C 0.1 0.2 0.3')}`).numbers.length).to.equal(2);
    expect(read(`${head()}\n${sites('C1 C 0.1 0.2 0.3')}`).numbers.length).to.equal(1);
  });

  it('writes operations that read back', () => {
    for (const text of ['x,y,z', '-x+1/2,y,-z+1/2', 'x-y,x,z+1/3', 'z,x,y', '-y+3/4,x+1/4,z+3/4']) {
      const operation = parseSymmetryOperation(text);
      expect(parseSymmetryOperation(formatSymmetryOperation(operation))).to.deep.equal(operation);
    }
    expect(parseSymmetryOperation('1/2+X, -Y, 0.6667-z').translation).to.deep.equal([0.5, 0, 2 / 3]);
  });
});

describe('CIF: values', () => {
  it('reads numbers with uncertainties in brackets and exponents', () => {
    expect(cifNumber('5.431(2)')).to.deep.include({ value: 5.431, resolution: 0.001 });
    expect(cifNumber('5.431(2)')?.uncertainty).to.be.closeTo(0.002, 1e-15);
    expect(cifNumber('-.5')?.value).to.equal(-0.5);
    expect(cifNumber('1.2(10)E-3')?.uncertainty).to.be.closeTo(1e-3, 1e-15);
    for (const text of ['abc', '1.2.3', '', 'nan', '1e999', '(2)']) expect(cifNumber(text), text).to.equal(undefined);
  });

  it('reads occupancies, U and B values, and equivalent values of anisotropic tensors', () => {
    const columns = 'loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\n_atom_site_U_iso_or_equiv\n_atom_site_B_iso_or_equiv\n';
    const structure = read(`${head()}\n${columns}Fe1 0 0 0 0.25(1) 0.0123(4) ?\nNi1 0 0 0 0.75 . 0.8\nO1 0.5 0.5 0.5 . ? .\n`);
    expect([...structure.numbers]).to.deep.equal([26, 28, 8]);
    expect([...structure.occupancy]).to.deep.equal([0.25, 0.75, 1]);
    expect(structure.uIso[0]).to.equal(0.0123);
    expect(structure.uIso[1]).to.be.closeTo(0.8 / (8 * Math.PI ** 2), 1e-15);
    expect(structure.uIso[2]).to.equal(0);
    const { displacements } = fixture<{ displacements: Record<'U' | 'B', { tensor: number[]; uIso: number }> & { cell: number[] } }>('structures.json');
    for (const letter of ['U', 'B'] as const) {
      const { tensor, uIso } = displacements[letter];
      const tags = ['11', '22', '33', '12', '13', '23'].map((ij) => `_atom_site_aniso_${letter}_${ij}`);
      const text = `${head(displacements.cell.join(' '))}\n${sites('C1 C 0 0 0')}loop_\n_atom_site_aniso_label\n${tags.join('\n')}\nC1 ${tensor.join(' ')}\n`;
      expect(read(text).uIso[0]).to.be.closeTo(uIso, 1e-12);
    }
  });

  it('reads several blocks, passes over those without a structure, and names each by its block', () => {
    const one = `${head()}\n${sites('Cu1 Cu 0 0 0')}`;
    const all = readCif(`data_powder\n_pd_meas_2theta_range_min 5\n${one.replace('data_x', 'data_first')}${one.replace('data_x', 'data_second')}`, { name: 'a.cif' });
    expect(all.map(({ name }) => name)).to.deep.equal(['first', 'second']);
  });

  it('reads quotes, text fields, comments, any line ends and any case', () => {
    const text = `# comment\ndata_x\n_title 'it''s d'accord'\n_long\n;two\nlines # no comment\n;\n_Cell_Length_A 5\n`;
    const { blocks } = parseCif(text.replaceAll('\n', '\r\n'), { name: 'a.cif' });
    expect(cifItem(blocks[0], '_title')?.text).to.equal("it''s d'accord");
    expect(cifItem(blocks[0], '_long')?.text).to.equal('two\nlines # no comment');
    expect(cifItem(blocks[0], '_cell_length_a')?.line).to.equal(8);
    expect(cifColumn(blocks[0], '_none')).to.equal(undefined);
  });

  it('takes elements from type symbols with charges, else from labels, and leaves out dummies', () => {
    const structure = read(`${head()}\n${sites('M1 Fe3+ 0 0 0', 'O1A O2- 0.5 0.5 0.5')}`);
    expect([...structure.numbers]).to.deep.equal([26, 8]);
    const labels = 'loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_calc_flag\nCa1 0 0 0 d\nXX .5 .5 .5 dum\nCl2 .2 .2 .2 d\n';
    expect([...read(`${head()}\n${labels}`).numbers]).to.deep.equal([20, 17]);
  });

  it('gives the structure of a block to those who parse for more', () => {
    const document = parseCif(`${head()}\n${sites('Cu1 Cu 0 0 0')}`, { name: 'a.cif' });
    expect(structureOfBlock(document.blocks[0], document.source).numbers[0]).to.equal(29);
  });
});

describe('CIF: faults', () => {
  const atom = sites('Cu1 Cu 0 0 0');
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['no block', 'hello\n', ['a.cif:1', 'data block']],
    ['a truncated loop', `${head()}\n${atom}Cu2 Cu 0.5\n`, ['a.cif:8', 'multiple', 'truncated']],
    ['an unclosed text field', `${head()}\n_x\n;never\n`, ['a.cif:9', 'never closed']],
    ['an unclosed string', `${head()}\n_x 'never\n`, ['a.cif:8', 'not closed']],
    ['no sites', head(), ['a.cif:1', 'no sites']],
    ['no cell', `data_x\n${atom}`, ['no cell']],
    ['half a cell', `data_x\n_cell_length_a 5\n${atom}`, ['_cell_length_b']],
    ['an unknown element', `${head()}\n${sites('Xx1 Xx 0 0 0')}`, ['a.cif:14', 'Xx']],
    ['a coordinate that is NaN', `${head()}\n${sites('Cu1 Cu 0 NaN 0')}`, ['a.cif:14', 'NaN', 'number']],
    ['an unknown coordinate', `${head()}\n${sites('Cu1 Cu 0 ? 0')}`, ['a.cif:14', 'remove the site']],
    ['a cell without volume', `${head('5 5 0 90 90 90')}\n${atom}`, ['a.cif:4', 'c is 0', 'positive']],
    ['impossible angles', `${head('5 5 5 20 20 90')}\n${atom}`, ['a.cif:7', 'no volume']],
    ['an angle of 180', `${head('5 5 5 90 180 90')}\n${atom}`, ['a.cif:6', 'beta is 180']],
    ['an unknown space group', `${head()}\n_space_group_name_H-M_alt 'P q 3'\n${atom}`, ['a.cif:8', 'P q 3']],
    ['a cell that has not the group’s symmetry', `${head('5 6 7 90 90 90')}\n_space_group_name_H-M_alt 'F m -3 m'\n${atom}`, ['a.cif:8', 'cell']],
    ['operations that are no group', `${head()}\nloop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n-y,x,z\n${atom}`, ['a.cif:10', 'no group']],
    ['a malformed operation', `${head()}\nloop_\n_symmetry_equiv_pos_as_xyz\nx,y,q\n${atom}`, ['a.cif:10', 'x,y,q']],
    ['atoms on top of each other', `${head()}\n${sites('Cu1 Cu 0 0 0', 'Cu2 Cu 0 0 0')}`, ['a.cif:15', 'Cu2', 'add up to 2']],
    ['a tag twice', `${head()}\n_cell_length_a 6\n${atom}`, ['a.cif:8', 'twice', 'line 2']],
    ['an occupancy beyond 1', `${head()}\nloop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\nCu1 0 0 0 1.5\n`, ['a.cif:14', '1.5']],
  ];
  for (const [title, text, says] of table) {
    it(`names ${title}`, () => {
      const text2 = report(text);
      for (const part of says) expect(text2).to.contain(part);
    });
  }

  it('an empty file is called empty', () => {
    expect(report(' \n')).to.contain('empty');
  });

  it('any damage to a file is a structure still or a fault with a name, never a crash', () => {
    const sound = `${head('5 6 7 90 95 90')}\n_space_group_name_H-M_alt 'P 1 21/c 1'\n_note 'some text'\n_long\n;\nfield\n;\n${sites('Fe1 Fe3+ 0.1(2) 0.2 0.3', 'O1 O2- 0.4 0.5 0.6')}`;
    const junk = ["'", '"', ';', '\n;', '#', '_', 'loop_', 'data_', '?', '.', '(', ')', '-', 'NaN', '1e400', ' ', '\n', '\0', 'ß', '[', '{'];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(sound.length), fc.nat(6), fc.constantFrom(...junk, '')), { minLength: 1, maxLength: 4 }), (edits) => {
        const damaged = edits.reduce((text, [at, drop, insert]) => text.slice(0, at) + insert + text.slice(at + drop), sound);
        try {
          for (const { structure } of readCif(damaged, { name: 'a.cif' })) {
            expect(structure.frac.every(Number.isFinite)).to.equal(true);
            expect(cellVolume(structure.lattice)).to.be.greaterThan(0);
          }
        } catch (error) {
          if (!isBraggscapeError(error)) throw error;
          expect(error.path).to.contain('a.cif');
        }
      }),
      { numRuns: 3000 },
    );
  }).timeout(60000);
});

describe('CIF: writing', () => {
  it('reads back what it wrote, to 1e-9', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const structure = randomStructure(randomFromSeed(seed));
        const text = writeCif([{ name: 'one', structure }, { name: 'two', structure: crystals.rutile }]);
        const [first, second] = readCif(text, { name: 'a.cif' });
        expect([first.name, second.name]).to.deep.equal(['one', 'two']);
        expect([...first.structure.numbers]).to.deep.equal([...structure.numbers]);
        for (const block of ['frac', 'occupancy', 'uIso'] as const) {
          first.structure[block].forEach((value, i) => expect(value).to.be.closeTo(structure[block][i], 1e-9));
        }
        expect(cellVolume(first.structure.lattice)).to.be.closeTo(cellVolume(structure.lattice), 1e-6);
        expect(writeCif([{ name: 'one', structure: first.structure }])).to.equal(writeCif([{ name: 'one', structure: first.structure }]));
      }),
    );
  });

  it('quotes what needs it and keeps block names apart', () => {
    const text = writeCif([{ name: 'a b', structure: crystals.copper }, { name: 'a_b', structure: crystals.copper }], {
      comment: 'made here',
      extra: { _title: "it's 'quoted' here", _note: 'two\nlines' },
    });
    const { blocks } = parseCif(text, { name: 'a.cif' });
    expect(blocks.map(({ name }) => name)).to.deep.equal(['a_b', 'a_b_2']);
    expect(cifItem(blocks[0], '_title')?.text).to.equal("it's 'quoted' here");
    expect(cifItem(blocks[0], '_note')?.text.trim()).to.equal('two\nlines');
    expect(text).to.match(/^# made here/);
  });

  it('writes symmetry that expands to the same structure', () => {
    const operations = findSymmetry(crystals.rutile).operations.map(({ rotation, translation }) => ({ rotation: [...rotation], translation: [...translation] }));
    const unit: Structure = {
      ...crystals.rutile,
      frac: crystals.rutile.frac.filter((_, i) => i < 3 || (i >= 6 && i < 9)),
      numbers: Uint8Array.of(22, 8),
      occupancy: new Float64Array(2).fill(1),
      uIso: new Float64Array(2),
    };
    const text = writeCif([{ name: 'rutile', structure: crystals.rutile }], { symmetry: { operations, asymmetricUnit: unit, symbol: 'P 42/m n m', number: 136 } });
    const structure = read(text);
    expect(structure.numbers.length).to.equal(6);
    expect(findSymmetry(structure).number).to.equal(136);
    expect([...structure.lattice]).to.deep.equal([...latticeFromCell([4.593, 4.593, 2.959, 90, 90, 90])]);
  });

  it('keeps a site whose occupancy rounds to 0', () => {
    const structure: Structure = { ...crystals.rutile, occupancy: crystals.rutile.occupancy.map((x, i) => (i === 0 ? 1e-13 : x)) };
    expect(read(writeCif([{ name: 'a', structure }])).occupancy[0]).to.be.within(1e-13, 1e-9);
  });
});
