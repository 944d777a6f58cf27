import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A seeded generator: xoroshiro128+ (Blackman & Vigna 2018) as implemented by pure-rand.
 * The same seed gives the same numbers on every platform.
 */
export interface Random {
  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Standard normal deviate (Box–Muller). */
  normal(): number;
  /** Integer in [0, bound). */
  integer(bound: number): number;
  /** Independent generator derived from this one's seed and a label, so that adding a consumer shifts no other. */
  derive(label: string | number): Random;
  /** State as plain data; restore with {@link randomFromState}. */
  state(): readonly number[];
}

/** Generator from a seed: any finite integer; equal seeds give equal sequences. */
export function randomFromSeed(seed: number): Random {
  return wrap(xoroshiro128plus(mix(seed, 0x9e3779b9)), seed);
}

/** Generator that goes on from a recorded state. */
export function randomFromState(state: readonly number[]): Random {
  const [seed, ...words] = state;
  return wrap(xoroshiro128plusFromState(words), seed);
}

interface Generator {
  next(): number;
  getState(): readonly number[];
}

function wrap(generator: Generator, seed: number): Random {
  const uniform = (): number => {
    // 53 bits from two 32-bit words: 27 high bits and 26 low bits.
    const high = (generator.next() >>> 0) >>> 5;
    const low = (generator.next() >>> 0) >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  };
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (bound) => Math.floor(uniform() * bound),
    derive: (label) => {
      const text = String(label);
      let derived = seed | 0;
      for (let i = 0; i < text.length; i++) derived = mix(derived, text.charCodeAt(i));
      return randomFromSeed(mix(derived, text.length + 1));
    },
    state: () => [seed, ...generator.getState()],
  };
}

/** 32-bit mixing (the finalizer of MurmurHash3), so that neighbouring seeds start far apart. */
function mix(a: number, b: number): number {
  // The words above 32 bits are mixed in on their own: added unmixed, −n−1 and n would give the same start.
  const high = Math.imul(Math.floor(a / 4294967296), 0xc2b2ae35);
  let h = (a | 0) ^ Math.imul(b | 0, 0x85ebca6b) ^ high;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
