import { expect } from 'chai';
import fc from 'fast-check';
import { BraggscapeError, closedObject, compileSchema, nameHint, nearestName } from '@braggscape/core';
import { thrown } from './thrown.js';

interface Options {
  readonly rate: number;
  readonly name: string;
  readonly mode: 'fast' | 'slow';
  readonly nested: { readonly depth: number };
  readonly note?: string;
}

const schema = closedObject(
  {
    rate: { description: 'Rate.', type: 'number', exclusiveMinimum: 0, default: 0.1 },
    name: { description: 'Name.', type: 'string', minLength: 1 },
    mode: { description: 'Mode.', enum: ['fast', 'slow'], default: 'fast' },
    nested: {
      description: 'Nested.',
      ...closedObject({ depth: { description: 'Depth.', type: 'integer', default: 3 } }),
      default: {},
    },
    note: { description: 'Note.', type: 'string' },
  },
  ['note'],
);
const validate = compileSchema<Options>(schema);

describe('closedObject', () => {
  it('requires what has no default and is not optional', () => {
    expect(schema.required).to.deep.equal(['name']);
    expect(schema.additionalProperties).to.equal(false);
  });
});

describe('compileSchema', () => {
  it('fills every default, also nested ones, into a copy', () => {
    const given = Object.freeze({ name: 'x', nested: Object.freeze({}) });
    const value = validate(given);
    expect(value).to.deep.equal({ name: 'x', rate: 0.1, mode: 'fast', nested: { depth: 3 } });
    expect(given).to.deep.equal({ name: 'x', nested: {} });
    expect(value.nested).not.to.equal(given.nested);
  });

  it('keeps what is given, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.string({ minLength: 1 }), fc.integer(), (rate, name, depth) => {
        const once = validate({ rate, name, mode: 'slow', nested: { depth }, note: 'n' });
        expect(once).to.deep.equal({ rate, name, mode: 'slow', nested: { depth }, note: 'n' });
        expect(validate(once)).to.deep.equal(once);
      }),
    );
  });

  it('takes nothing as an empty object', () => {
    expect(compileSchema(closedObject({}))(undefined)).to.deep.equal({});
  });

  it('tells all faults at once, each with its key', () => {
    const error = thrown(() => validate({ rate: -1, nmae: 'x', mode: 'slwo', nested: { depth: 1.5 } }, 'optimizer'));
    expect(error.code).to.equal('config.invalid');
    expect(error.path).to.equal('optimizer');
    expect(error.message)
      .to.contain('key "optimizer.name" is missing')
      .and.to.contain('unknown key "optimizer.nmae" (did you mean "name"?)')
      .and.to.contain('"optimizer.rate" must be > 0, found -1')
      .and.to.contain('"optimizer.mode" is "slwo", must be one of fast, slow')
      .and.to.contain('"optimizer.nested.depth" must be integer, found 1.5');
    expect(error.message.split('; ')).to.have.length(5);
  });

  it('hints at the nearest value of an enumeration', () => {
    expect(thrown(() => validate({ name: 'x', mode: 'fsat' })).hint).to.equal('did you mean "fast"?');
    expect(thrown(() => validate({ name: 'x', mode: 7 })).hint).to.equal('one of fast, slow');
  });

  it('refuses what is no object, naming the configuration', () => {
    for (const data of [3, 'x', [], null]) expect(thrown(() => validate(data)).message).to.contain('the configuration');
  });

  it('tells a union once, not each of its branches', () => {
    const union = compileSchema(
      closedObject({
        wavelength: { description: 'A number in Å or a name.', anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'string' }] },
      }),
    );
    const error = thrown(() => union({ wavelength: -1 }, 'instrument'));
    expect(error.message).to.equal('"instrument.wavelength" is -1, which has none of the allowed forms');
    expect(error.hint).to.equal('A number in Å or a name.');
  });

  it('leaves the input untouched when it refuses', () => {
    const given = { mode: 'slwo' };
    expect(() => validate(given)).to.throw(BraggscapeError);
    expect(given).to.deep.equal({ mode: 'slwo' });
  });

  it('blames a bad schema on its plugin', () => {
    expect(thrown(() => compileSchema({ type: 'nubmer' as never })).code).to.equal('plugin.invalid');
  });
});

describe('nearestName', () => {
  it('finds the name behind a slip', () => {
    const names = ['gradient-descent', 'momentum', 'adam', 'snap'];
    expect(nearestName('adma', names)).to.equal('adam');
    expect(nearestName('Adam', names)).to.equal('adam');
    expect(nearestName('gradientdescent', names)).to.equal('gradient-descent');
    expect(nearestName('quasi-newton', names)).to.equal(undefined);
  });

  it('knows a namespaced id by its last part', () => {
    expect(nearestName('lion', ['lion/lion', 'adam'])).to.equal('lion/lion');
  });

  it('finds an exact name among any others', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(word, fc.array(word), (name, others) => {
        expect(nearestName(name, [...others, name])).to.equal(name);
      }),
    );
  });

  it('finds a long name with any one letter changed', () => {
    fc.assert(
      fc.property(fc.nat(7), fc.stringMatching(/^[a-z]$/), (at, letter) => {
        const slip = `momentum`.slice(0, at) + letter + `momentum`.slice(at + 1);
        expect(nearestName(slip, ['gradient-descent', 'momentum', 'adam'])).to.equal('momentum');
      }),
    );
  });
});

describe('nameHint', () => {
  it('proposes, lists, or says that there is nothing', () => {
    expect(nameHint('cosin', ['mse', 'cosine'])).to.equal('did you mean "cosine"?');
    expect(nameHint('something-else', ['mse', 'cosine'])).to.equal('known: cosine, mse');
    expect(nameHint('x', [])).to.equal('none is known');
  });
});
