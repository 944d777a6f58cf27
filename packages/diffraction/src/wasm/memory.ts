/** What the arrays of a kernel hold. */
export type ElementKind = 'f64' | 'i32';

/** Kinds of the named arrays. */
export type Kinds = Readonly<Record<string, ElementKind>>;

/** An array in a module's memory: its view for us, its address for the module. */
export type MemoryArrays<K extends Kinds> = {
  -readonly [Name in keyof K]: { address: number; view: K[Name] extends 'f64' ? Float64Array : Int32Array };
};

/** The compiler's constants lie in the first page. */
const FIRST_ADDRESS = 65_536;
const PAGE = 65_536;

/** Named arrays in the memory of a WebAssembly module, which grow when asked for more room. */
export interface ModuleArrays<K extends Kinds> {
  readonly arrays: MemoryArrays<K>;
  /**
   * Make sure every array holds at least so many numbers. Where one was too short all are laid out anew, with a quarter to spare: contents are lost then,
   * and views taken before are dead.
   *
   * @returns whether the arrays were laid out anew
   */
  reserve(lengths: Readonly<Record<keyof K, number>>): boolean;
}

/** Arrays of the given kinds, without room at first. */
export function createModuleArrays<const K extends Kinds>(memory: WebAssembly.Memory, kinds: K): ModuleArrays<K> {
  const names = Object.keys(kinds) as (keyof K & string)[];
  const room: Record<string, number> = {};
  const arrays = {} as Record<string, { address: number; view: Float64Array | Int32Array }>;
  return {
    arrays: arrays as MemoryArrays<K>,
    reserve(lengths) {
      if (names.every((name) => lengths[name] <= (room[name] ?? -1))) return false;
      let end = FIRST_ADDRESS;
      const addresses: Record<string, number> = {};
      for (const name of names) {
        room[name] = lengths[name] <= (room[name] ?? -1) ? room[name] : Math.ceil(1.25 * lengths[name]);
        addresses[name] = end;
        // Aligned for vectors of 16 bytes.
        end += (room[name] * (kinds[name] === 'f64' ? 8 : 4) + 15) & ~15;
      }
      const missing = end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      for (const name of names) {
        const view = kinds[name] === 'f64' ? new Float64Array(memory.buffer, addresses[name], room[name]) : new Int32Array(memory.buffer, addresses[name], room[name]);
        arrays[name] = { address: addresses[name], view };
      }
      return true;
    },
  };
}
