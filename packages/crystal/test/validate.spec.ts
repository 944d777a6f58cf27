import { expect } from 'chai';
import type { Structure } from '@braggscape/core';
import { atomicNumber, elementCount, elementSymbol, validateStructure } from '@braggscape/crystal';
import { crystals, faultOf } from '@braggscape/testing';

const { rutile } = crystals;

const faultText = (structure: Structure): string => {
  const { code, report } = faultOf(() => validateStructure(structure, 'here'));
  return `${code} ${report}`;
};

describe('validateStructure', () => {
  it('accepts sound structures', () => {
    for (const structure of Object.values(crystals)) expect(() => validateStructure(structure)).to.not.throw();
  });

  const broken: readonly (readonly [string, Structure, readonly string[]])[] = [
    ['NaN coordinates', { ...rutile, frac: rutile.frac.map((x, i) => (i === 4 ? Number.NaN : x)) }, ['structure.invalid', 'frac[4]', 'NaN', 'here']],
    ['lengths that differ', { ...rutile, uIso: new Float64Array(2) }, ['structure.invalid', 'uIso has 2']],
    ['no site', { ...rutile, frac: new Float64Array(0), numbers: new Uint8Array(0), occupancy: new Float64Array(0), uIso: new Float64Array(0) }, ['no site']],
    ['a flat lattice', { ...rutile, lattice: Float64Array.of(1, 0, 0, 0, 1, 0, 1, 1, 0) }, ['cell.impossible', 'no volume']],
    ['a left-handed lattice', { ...rutile, lattice: rutile.lattice.map((x) => -x) }, ['cell.impossible', 'left-handed']],
    ['an infinite lattice', { ...rutile, lattice: rutile.lattice.map((x, i) => (i === 0 ? Infinity : x)) }, ['cell.impossible', 'finite']],
    ['an atomic number of none', { ...rutile, numbers: Uint8Array.of(0, 22, 8, 8, 8, 8) }, ['atomic number 0']],
    ['an occupancy of 0', { ...rutile, occupancy: new Float64Array(6) }, ['occupancy 0']],
  ];
  for (const [title, structure, says] of broken) {
    it(`names ${title}`, () => {
      for (const part of says) expect(faultText(structure)).to.contain(part);
    });
  }
});

describe('elements', () => {
  it('have symbols and numbers both ways', () => {
    for (let z = 1; z <= elementCount; z++) expect(atomicNumber(elementSymbol(z))).to.equal(z);
    expect([1, 26, 92].map((z) => elementSymbol(z))).to.deep.equal(['H', 'Fe', 'U']);
  });

  it('that are unknown are an error with the nearest name', () => {
    const fault = faultOf(() => atomicNumber('Fw', 'a.cif:3'));
    expect(fault.code).to.equal('element.unknown');
    expect(fault.report).to.contain('a.cif:3').and.contain('Fw');
  });
});
