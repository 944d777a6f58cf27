import { expect } from 'chai';
import { dot, randomFromSeed, structureToJson, twoThetaAxis } from '@braggscape/core';
import type { PatternModel, Structure } from '@braggscape/core';
import { instrumentModel, powderPatternModel } from '@braggscape/diffraction';
import type { InstrumentOptions } from '@braggscape/diffraction';
import { checkPatternModel, crystals, faultOf, randomStructure } from '@braggscape/testing';

const axis = twoThetaAxis({ start: 20, stop: 100, count: 1601 });

/** Everything switched on at once, so that no derivative is checked where it is trivially zero. */
const everything: Partial<InstrumentOptions> & Pick<InstrumentOptions, 'wavelength'> = {
  wavelength: 'CuKa1+2',
  u: 0.06,
  v: -0.03,
  w: 0.05,
  size: 4e-4,
  strain: 8e-4,
  asymmetry: 0.05,
  monochromator: 26.6,
  zero: 0.04,
  displacement: 0.08,
  radius: 173,
  scale: 1.7,
  texture: { direction: [1, 0, 2], r: 0.8 },
  background: [1200, -300, 150, 40],
  backgroundPoints: [
    { twoTheta: 35, intensity: 90 },
    { twoTheta: 48.5, intensity: 40 },
    { twoTheta: 62, intensity: 55 },
  ],
  phases: [{ name: 'impurity', structure: structureToJson(crystals.copper), scale: 0.6, size: 2e-4, strain: 3e-4, texture: { direction: [1, 1, 1], r: 1.2 } }],
};
const profiles = {
  gaussian: {},
  'pseudo-voigt': { eta0: 0.4, eta1: 0.002 },
  'thompson-cox-hastings': { x: 0.03, y: 0.04 },
} as const;
const models = Object.entries(profiles).map(([profile, more]): [string, PatternModel] => [
  profile,
  instrumentModel({ ...everything, profile: profile as InstrumentOptions['profile'], ...more }),
]);

const area = (y: Float64Array): number => y.reduce((sum, value) => sum + value, 0) * (axis[1] - axis[0]);
const difference = (a: Float64Array, b: Float64Array): number => {
  const top = a.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
  return a.reduce((worst, y, i) => Math.max(worst, Math.abs(y - b[i]) / top), 0);
};

describe('powder pattern of an instrument', () => {
  for (const [profile, model] of models) {
    it(`gives the gradient of every parameter and every number of the structure (${profile})`, async () => {
      await checkPatternModel(model, [randomStructure(randomFromSeed(3), { sites: 3 })], { twoTheta: twoThetaAxis({ start: 30, stop: 70, count: 401 }) });
    });
  }

  it('gives the gradient on an uneven axis and without WebAssembly alike', () => {
    const structure = randomStructure(randomFromSeed(4));
    const options = { wavelength: 1.5406, u: 0.02, v: -0.01, w: 0.05 };
    const d = Float64Array.from(axis, (x) => Math.sin(2 * x));
    const [fast, plain] = (['auto', 'typescript'] as const).map((kernel) => {
      const model = powderPatternModel({ ...options, kernel });
      const { calc, pullback } = model.on(axis).linearize(structure, Float64Array.from(model.parameters, ({ value }) => value));
      return { calc: calc.slice(), ...pullback(d) };
    });
    for (const key of ['calc', 'lattice', 'frac', 'uIso', 'occupancy', 'parameters'] as const) {
      const [a, b] = [fast[key], plain[key]];
      if (a === undefined || b === undefined) throw new Error(`no ${key}`);
      expect(difference(b, a), key).to.be.lessThan(1e-10);
    }
  });

  it('names its parameters by the keys of its options, with the values given and bounds that hold them', () => {
    const [, model] = models[2];
    const ids = model.parameters.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids).to.include.members(['zero', 'displacement', 'u', 'v', 'w', 'x', 'y', 'size', 'strain', 'asymmetry', 'polarization', 'wavelength', 'spectrum.1.weight']);
    expect(ids).to.include.members(['background.0', 'background.3', 'backgroundPoints.1', 'scale', 'texture.r', 'phases.impurity.scale', 'phases.impurity.a', 'phases.impurity.gamma']);
    for (const { id, value, bounds, step } of model.parameters) {
      expect(value, id).to.be.within(bounds[0], bounds[1]);
      expect(step, id).to.be.greaterThan(0);
    }
    expect(model.parameters.find(({ id }) => id === 'zero')?.value).to.equal(0.04);
    expect(faultOf(() => model.on(axis).simulate(crystals.rutile, new Float64Array(3))).code).to.equal('option.invalid');
  });

  it('is the ideal pattern where nothing is switched on', () => {
    const plain = instrumentModel({ wavelength: 1.5406, profile: 'gaussian', scattering: 'pymatgen', dispersion: false, w: 0.1 });
    const ideal = powderPatternModel({ wavelength: 1.5406, u: 0, v: 0, w: 0.1 });
    expect(plain.on(axis).simulate(crystals.rutile)).to.deep.equal(ideal.on(axis).simulate(crystals.rutile));
  });

  it('draws a doublet as the sum of two patterns, phases as a sum, background and scale as such', () => {
    const base = { profile: 'gaussian', w: 0.02 } as const;
    const at = (wavelength: number): Float64Array => instrumentModel({ ...base, wavelength, dispersion: false }).on(axis).simulate(crystals.rutile);
    const doublet = instrumentModel({ ...base, wavelength: 'CuKa1+2', dispersion: false }).on(axis).simulate(crystals.rutile);
    const [one, two] = [at(1.54056), at(1.54439)];
    expect(difference(doublet, one.map((y, i) => y + 0.5 * two[i]))).to.be.lessThan(1e-12);
    const mixed = instrumentModel({ ...base, wavelength: 1.54056, dispersion: false, scale: 2, background: [5, 1], phases: [{ name: 'cu', structure: structureToJson(crystals.copper), scale: 3 }] });
    const copper = instrumentModel({ ...base, wavelength: 1.54056, dispersion: false }).on(axis).simulate(crystals.copper);
    const sum = one.map((y, i) => 2 * y + 3 * copper[i] + 5 + (2 * (axis[i] - 60)) / 80);
    expect(difference(sum, mixed.on(axis).simulate(crystals.rutile))).to.be.lessThan(1e-10);
  });

  it('shifts by zero and displacement as stated, and displacement counts most at low angles', () => {
    const center = (y: Float64Array): number => y.reduce((sum, value, i) => sum + value * axis[i], 0) / y.reduce((sum, value) => sum + value, 0);
    const narrow = twoThetaAxis({ start: 42, stop: 45, count: 1601 });
    const peak = (options: Partial<InstrumentOptions>): number => {
      const y = instrumentModel({ wavelength: 1.54056, profile: 'gaussian', w: 0.01, ...options }).on(narrow).simulate(crystals.copper);
      return y.reduce((sum, value, i) => sum + value * narrow[i], 0) / y.reduce((sum, value) => sum + value, 0);
    };
    expect(center(new Float64Array(axis.length).fill(1))).to.be.closeTo(60, 1e-9);
    expect(peak({ zero: 0.1 }) - peak({})).to.be.closeTo(0.1, 1e-6);
    const theta = ((peak({}) / 2) * Math.PI) / 180;
    expect(peak({ displacement: 0.2, radius: 200 }) - peak({})).to.be.closeTo(-((2 * 0.2) / 200) * Math.cos(theta) * (180 / Math.PI), 1e-5);
  });

  it('makes peaks asymmetric towards low angles below 90 degrees without changing their area', () => {
    const low = twoThetaAxis({ start: 15, stop: 30, count: 3001 });
    const big: Structure = { ...crystals.copper, lattice: crystals.copper.lattice.map((x) => 1.9 * x) };
    const draw = (asymmetry: number): Float64Array => instrumentModel({ wavelength: 1.54056, profile: 'gaussian', w: 0.01, asymmetry }).on(low).simulate(big);
    const [even, odd] = [draw(0), draw(0.05)];
    const sum = (y: Float64Array): number => y.reduce((total, value) => total + value, 0);
    const mean = (y: Float64Array): number => y.reduce((total, value, i) => total + value * low[i], 0) / sum(y);
    expect(sum(odd) / sum(even)).to.be.closeTo(1, 1e-6);
    expect(mean(odd)).to.be.lessThan(mean(even) - 0.01);
    // The limit of no opening is the symmetric peak.
    expect(difference(even, draw(1e-4))).to.be.lessThan(1e-4);
  });

  it('has a Thompson–Cox–Hastings shape within 2 % of the Voigt function it stands for', () => {
    const fine = twoThetaAxis({ start: 41, stop: 46, count: 5001 });
    const [line] = instrumentModel({ wavelength: 1.54056 }).reflections(crystals.copper, 41, 46);
    const theta = ((line.twoTheta / 2) * Math.PI) / 180;
    const w = 0.02;
    const y = 0.12 * Math.cos(theta);
    const drawn = instrumentModel({ wavelength: 1.54056, w, y, lorentzReach: 100 }).on(fine).simulate(crystals.copper);
    const [sigma, gamma] = [Math.sqrt(w / (8 * Math.LN2)), y / Math.cos(theta) / 2];
    const voigt = fine.map((x) => {
      let sum = 0;
      for (let t = -6; t <= 6; t += 0.01) sum += (Math.exp(-t * t / 2) * gamma) / ((x - line.twoTheta - t * sigma) ** 2 + gamma * gamma);
      return sum;
    });
    const scale = dot(drawn, voigt) / dot(voigt, voigt);
    expect(difference(drawn, voigt.map((value) => value * scale))).to.be.lessThan(0.02);
  });

  it('widens peaks by size and strain as Scherrer and Stokes–Wilson say', () => {
    const fine = twoThetaAxis({ start: 41, stop: 46, count: 20001 });
    const halfWidth = (options: Partial<InstrumentOptions>): number => {
      const y = instrumentModel({ wavelength: 1.54056, w: 1e-6, lorentzReach: 100, ...options }).on(fine).simulate(crystals.copper);
      const top = y.reduce((most, value) => Math.max(most, value), 0);
      const above = [...fine].filter((_, i) => y[i] > top / 2);
      return above[above.length - 1] - above[0];
    };
    const theta = ((instrumentModel({ wavelength: 1.54056 }).reflections(crystals.copper, 41, 46)[0].twoTheta / 2) * Math.PI) / 180;
    expect(halfWidth({ size: 1 / 400 })).to.be.closeTo(((180 / Math.PI) * 1.54056) / (400 * Math.cos(theta)), 2e-3);
    expect(halfWidth({ strain: 2e-3 })).to.be.closeTo((180 / Math.PI) * 4 * 2e-3 * Math.tan(theta), 2e-3);
  });

  it('redistributes intensity by texture: the mean over the sphere stays 1, equivalent reflections are averaged', () => {
    const model = (r: number): PatternModel => instrumentModel({ wavelength: 1.54056, profile: 'gaussian', w: 0.02, texture: { direction: [0, 0, 1], r } });
    // In cubic copper {111} has one value of cos²α, so its mean is March's function itself.
    const window = twoThetaAxis({ start: 42, stop: 45, count: 800 });
    const ratio = (r: number): number => area(model(r).on(window).simulate(crystals.copper)) / area(model(1).on(window).simulate(crystals.copper));
    expect(ratio(0.7)).to.be.closeTo((0.49 / 3 + 2 / 3 / 0.7) ** -1.5, 1e-12);
    // A fine average over directions.
    let mean = 0;
    for (let i = 0; i < 2000; i++) {
      const cosine = (i + 0.5) / 2000;
      mean += (0.49 * cosine * cosine + (1 - cosine * cosine) / 0.7) ** -1.5 / 2000;
    }
    expect(mean).to.be.closeTo(1, 1e-6);
  });

  it('is smooth as reflections with long tails cross the edge of the window', () => {
    const model = instrumentModel({ wavelength: 1.54056, w: 0.02, y: 0.05, lorentzReach: 3 });
    const window = twoThetaAxis({ start: 40, stop: 60, count: 900 });
    const calculator = model.on(window);
    const cotangent = Float64Array.from(window, (x) => Math.cos(x));
    const scaled = (factor: number): Structure => ({ ...crystals.copper, lattice: crystals.copper.lattice.map((x) => x * factor) });
    // Where 111 comes within reach.
    const edge = (1.54056 * Math.sqrt(3)) / (2 * Math.sin((37 / 2) * (Math.PI / 180))) / 3.615;
    const slopes = Array.from({ length: 300 }, (_, i) => calculator.linearize(scaled(edge - 0.03 + 0.0002 * i)).pullback(cotangent).lattice[0]);
    const largest = slopes.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let i = 1; i < 299; i++) expect(Math.abs(slopes[i + 1] - 2 * slopes[i] + slopes[i - 1])).to.be.lessThan(0.05 * largest);
    for (const step of [1e-4, 1e-5, 1e-6]) {
      const [before, after] = [edge - step, edge + step].map((factor) => calculator.simulate(scaled(factor)));
      expect(difference(before, after)).to.be.lessThan(2000 * step);
    }
  });

  it('widens by a further Gaussian where asked to blur', () => {
    const model = instrumentModel({ wavelength: 1.54056, profile: 'gaussian', w: 0.04 });
    const wide = model.broadened?.(0.3);
    const same = instrumentModel({ wavelength: 1.54056, profile: 'gaussian', w: 0.04 + 0.09 });
    expect(difference(same.on(axis).simulate(crystals.rutile), wide?.on(axis).simulate(crystals.rutile) ?? axis)).to.be.lessThan(1e-12);
  });

  it('refuses impossible options', () => {
    const code = (options: Partial<InstrumentOptions>): string => faultOf(() => instrumentModel({ wavelength: 1.54, ...options }).on(axis)).code;
    expect(code({ w: 0 })).to.equal('option.invalid');
    expect(code({ wavelength: [] })).to.equal('wavelength.missing');
    expect(code({ wavelength: 'CuKb' })).to.equal('option.invalid');
    expect(code({ texture: { direction: [0, 0, 0], r: 1 } })).to.equal('option.invalid');
    const phase = { name: 'a', structure: structureToJson(crystals.copper) };
    expect(code({ phases: [phase, phase] })).to.equal('option.invalid');
  });
});
