import { expect } from 'chai';
import { chgnet, chgnetFolder, chgnetPlugin } from '@braggscape/chgnet';
import type { Potential, Structure } from '@braggscape/core';
import { randomFromSeed, structureFrom } from '@braggscape/core';
import { graphPotential, loadGraphModel } from '@braggscape/energy';
import { checkPotential, crystals, rejectionOf } from '@braggscape/testing';

/** Crystals away from their symmetry, so that no force is zero by it. */
function moved(structure: Structure, size: number): Structure {
  const random = randomFromSeed(7);
  return { ...structure, lattice: structure.lattice.map((x) => x * (1 + random.between(-size, size))), frac: structure.frac.map((x) => x + random.between(-size, size)) };
}

describe('CHGNet', function () {
  this.timeout(120_000);
  let potential: Potential;
  before(async () => {
    potential = await chgnet({ check: true });
  });

  it('keeps the laws of potentials', async () => {
    // Cesium in bcc has bonds but no angles, copper many of both; one atom with many images of itself.
    const caesium = structureFrom([[6.1, 0, 0], [0, 6.1, 0], [0, 0, 6.1]], [55, 55], [[0, 0, 0], [0.5, 0.5, 0.5]]);
    const polonium = structureFrom([[3.2, 0, 0], [0.1, 3.3, 0], [0, 0.1, 3.1]], [84], [[0, 0, 0]]);
    await checkPotential(potential, [moved(crystals.rutile, 0.02), moved(crystals.rockSalt, 0.03), moved(crystals.copper, 0.02), caesium, polonium], { tolerance: 5e-3, steps: [3e-3, 1e-3, 1e-2] });
  });

  it('is compiled, and gives what TensorFlow.js gives for the same graph', async () => {
    expect(potential.backend).to.equal('wasm');
    const other = await graphPotential(chgnetFolder, { id: 'chgnet', compile: false, check: false });
    for (const structure of [moved(crystals.rutile, 0.02), moved(crystals.copper, 0.05)]) {
      const [a, b] = [await potential.compute(structure), await other.compute(structure)];
      expect(a.energy).to.be.closeTo(b.energy, 1e-5 * structure.numbers.length);
      a.forces?.forEach((value, i) => expect(value).to.be.closeTo(b.forces?.[i] ?? NaN, 1e-4));
      a.stress?.forEach((value, i) => expect(value).to.be.closeTo(b.stress?.[i] ?? NaN, 1e-6));
    }
    other.dispose?.();
  });

  it('gives the same numbers for a structure whatever was computed before or beside it', async () => {
    const structures = [moved(crystals.rutile, 0.02), moved(crystals.copper, 0.05), moved(crystals.rockSalt, 0.01)];
    const first = await potential.compute(structures[0]);
    await potential.compute(structures[1]);
    expect((await potential.compute(structures[0])).energy).to.equal(first.energy);
    const fresh = await chgnet();
    expect((await fresh.compute(structures[0])).forces).to.deep.equal(first.forces);
    const batch = await potential.computeMany?.(structures);
    expect(batch?.[0].energy).to.be.closeTo(first.energy, 1e-5);
    expect(batch?.[0].sites?.magneticMoments).to.have.length(6);
  });

  it('refuses what it is not made for', async () => {
    const einsteinium = { ...crystals.copper, numbers: Uint8Array.of(99, 29, 29, 29) };
    expect((await rejectionOf(potential.compute(einsteinium))).report).to.contain('Es');
    const half = { ...crystals.copper, occupancy: Float64Array.of(0.5, 1, 1, 1) };
    expect((await rejectionOf(potential.compute(half))).code).to.equal('structure.unsupported');
    const alone = structureFrom([[20, 0, 0], [0, 20, 0], [0, 0, 20]], [29], [[0, 0, 0]]);
    expect((await rejectionOf(potential.compute(alone))).message).to.contain('no neighbour within 6 Å');
    const double = { ...crystals.copper, frac: new Float64Array(12) };
    expect((await rejectionOf(potential.compute(double))).message).to.contain('on top of each other');
    const crushed = { ...crystals.copper, lattice: crystals.copper.lattice.map((x) => x * 0.02) };
    expect((await rejectionOf(potential.compute(crushed))).code).to.be.oneOf(['cell.impossible', 'structure.invalid']);
  });

  it('says where it comes from, and is a plugin', async () => {
    const { signature } = await loadGraphModel(chgnetFolder);
    expect(signature.source).to.contain('10.1038/s42256-023-00716-3');
    expect(signature.licence).to.contain('LICENSE-CHGNET');
    expect(Object.keys(signature.files)).to.deep.equal(['model.json', 'weights.bin']);
    expect(chgnetPlugin.meta.name).to.equal('@braggscape/chgnet');
  });
});
