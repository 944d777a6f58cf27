import { expect } from 'chai';
import { BraggscapeError, isBraggscapeError } from '@braggscape/core';

describe('BraggscapeError', () => {
  it('tells where, what and the remedy in one line', () => {
    const error = new BraggscapeError('element.unknown', 'no element is called "Xx"', { path: 'a.cif:12', hint: 'did you mean "Xe"?' });
    expect(error.report).to.equal('a.cif:12: no element is called "Xx" (did you mean "Xe"?)');
    expect(error.code).to.equal('element.unknown');
  });

  it('leaves out what it does not know', () => {
    expect(new BraggscapeError('file.empty', 'empty').report).to.equal('empty');
    expect(new BraggscapeError('file.empty', 'empty', { path: 'x' }).report).to.equal('x: empty');
    expect(new BraggscapeError('file.empty', 'empty', { hint: 'y' }).report).to.equal('empty (y)');
    expect('cause' in new BraggscapeError('file.empty', 'empty')).to.equal(false);
  });

  it('keeps its cause', () => {
    const cause = new Error('disk');
    expect(new BraggscapeError('file.unreadable', 'unreadable', { cause }).cause).to.equal(cause);
  });

  it('is known again from another copy of the package', () => {
    const twin = Object.assign(new Error('x'), { name: 'BraggscapeError', code: 'file.empty' });
    expect(isBraggscapeError(twin)).to.equal(true);
    expect(isBraggscapeError(new BraggscapeError('file.empty', 'x'))).to.equal(true);
    expect(isBraggscapeError(new Error('x'))).to.equal(false);
    expect(isBraggscapeError({ name: 'BraggscapeError', code: 'file.empty' })).to.equal(false);
    expect(isBraggscapeError(undefined)).to.equal(false);
  });
});
