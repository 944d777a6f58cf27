/** Writing WebAssembly: instructions into bytes, functions into a module. Opcodes are those of the specification, version 2.0. */

/** Value types. */
export const types = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof types;

const plain = {
  end: 0x0b,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.shl': 0x74,
  'i32.lt_u': 0x49,
  'i32.ge_u': 0x4f,
  'i32.gt_u': 0x4b,
  'i32.eqz': 0x45,
  'f64.promote_f32': 0xbb,
  'f32.demote_f64': 0xb6,
  'f32.add': 0x92,
  'f32.mul': 0x94,
} as const;

const vector = {
  'f32x4.splat': 0x13,
  'v128.and': 0x4e,
  'v128.xor': 0x51,
  'f32x4.nearest': 0x6a,
  'i32x4.add': 0xae,
  'f32x4.abs': 0xe0,
  'f32x4.neg': 0xe1,
  'f32x4.sqrt': 0xe3,
  'f32x4.add': 0xe4,
  'f32x4.sub': 0xe5,
  'f32x4.mul': 0xe6,
  'f32x4.div': 0xe7,
  'f32x4.min': 0xe8,
  'f32x4.max': 0xe9,
  'f32x4.pmin': 0xea,
  'f32x4.pmax': 0xeb,
  'i32x4.trunc_sat_f32x4_s': 0xf8,
} as const;

const memory = { 'i32.load': [0x28, 2], 'i32.store': [0x36, 2], 'f32.load': [0x2a, 2], 'f32.store': [0x38, 2] } as const;
const vectorMemory = { 'v128.load': [0x00, 2], 'v128.load32_splat': [0x09, 2], 'v128.store': [0x0b, 2] } as const;
const laneStores = { 'v128.store32_lane': [0x5a, 2], 'v128.store64_lane': [0x5b, 2] } as const;

/** The body of a function under construction. */
export interface Code {
  readonly bytes: readonly number[];
  /** A fresh local of this type. */
  local(type: ValueType): number;
  get(local: number): Code;
  set(local: number): Code;
  tee(local: number): Code;
  i32(value: number): Code;
  f32(value: number): Code;
  /** A vector of four equal numbers. */
  splat(value: number): Code;
  /** A vector of four equal integers. */
  splatInt(value: number): Code;
  op(name: keyof typeof plain | keyof typeof vector): Code;
  load(name: keyof typeof memory | keyof typeof vectorMemory, offset?: number): Code;
  storeLane(name: keyof typeof laneStores, lane: number, offset?: number): Code;
  extract(lane: number): Code;
  replace(lane: number): Code;
  shiftLeft(bits: number): Code;
  shuffle(lanes: readonly number[]): Code;
  call(index: number): Code;
  memoryFill(): Code;
  memoryCopy(): Code;
  /** Runs `body` while the condition that it leaves on the stack holds; at least once. */
  loop(body: () => void): Code;
  /** Leaves out `body` if the number on the stack is not 0. */
  unless(body: () => void): Code;
  /** Types of the locals after the parameters. */
  readonly locals: readonly ValueType[];
}

/** @param parameters how many parameters the function has; locals are numbered after them */
export function code(parameters: number): Code {
  const bytes: number[] = [];
  const locals: ValueType[] = [];
  const unsigned = (value: number): void => void bytes.push(...leb(value));
  const self: Code = {
    bytes,
    locals,
    local(type) {
      locals.push(type);
      return parameters + locals.length - 1;
    },
    get: (local) => put(0x20, () => unsigned(local)),
    set: (local) => put(0x21, () => unsigned(local)),
    tee: (local) => put(0x22, () => unsigned(local)),
    i32: (value) => put(0x41, () => bytes.push(...signedLeb(value))),
    f32: (value) => put(0x43, () => bytes.push(...floatBytes(value))),
    splat: (value) => put(0xfd, () => bytes.push(...leb(0x0c), ...[0, 1, 2, 3].flatMap(() => floatBytes(value)))),
    splatInt: (value) => put(0xfd, () => bytes.push(...leb(0x0c), ...[0, 1, 2, 3].flatMap(() => intBytes(value)))),
    op(name) {
      if (name in plain) bytes.push(plain[name as keyof typeof plain]);
      else bytes.push(0xfd, ...leb(vector[name as keyof typeof vector]));
      return self;
    },
    load(name, offset = 0) {
      if (name in memory) {
        const [opcode, alignment] = memory[name as keyof typeof memory];
        bytes.push(opcode, alignment, ...leb(offset));
      } else {
        const [opcode, alignment] = vectorMemory[name as keyof typeof vectorMemory];
        bytes.push(0xfd, ...leb(opcode), alignment, ...leb(offset));
      }
      return self;
    },
    storeLane(name, lane, offset = 0) {
      const [opcode, alignment] = laneStores[name];
      bytes.push(0xfd, ...leb(opcode), alignment, ...leb(offset), lane);
      return self;
    },
    extract: (lane) => put(0xfd, () => bytes.push(...leb(0x1f), lane)),
    replace: (lane) => put(0xfd, () => bytes.push(...leb(0x20), lane)),
    shiftLeft: (bits) => self.i32(bits) && put(0xfd, () => bytes.push(...leb(0xab))),
    shuffle: (lanes) => put(0xfd, () => bytes.push(0x0d, ...lanes.flatMap((lane) => [0, 1, 2, 3].map((k) => 4 * lane + k)))),
    call: (index) => put(0x10, () => unsigned(index)),
    memoryFill: () => put(0xfc, () => bytes.push(0x0b, 0x00)),
    memoryCopy: () => put(0xfc, () => bytes.push(0x0a, 0x00, 0x00)),
    loop(body) {
      bytes.push(0x03, 0x40);
      body();
      bytes.push(0x0d, 0x00, plain.end);
      return self;
    },
    unless(body) {
      const [block, branchIf] = [0x02, 0x0d];
      // The condition is on the stack before the block, so it is kept in a local.
      const condition = self.local('i32');
      self.set(condition);
      bytes.push(block, 0x40);
      self.get(condition);
      bytes.push(branchIf, 0x00);
      body();
      bytes.push(plain.end);
      return self;
    },
  };
  function put(opcode: number, rest: () => void): Code {
    bytes.push(opcode);
    rest();
    return self;
  }
  return self;
}

/** A function of a module: parameters are all i32, no result. */
export interface WasmFunction {
  /** For profilers. */
  readonly name: string;
  readonly parameters: number;
  readonly code: Code;
}

/**
 * A module that imports a memory and functions of one number (f64 to f64) from `env`, and exports its last function as `run`.
 * Imported functions come first in the numbering.
 */
export function wasmModule(functions: readonly WasmFunction[], imports: readonly string[]): Uint8Array<ArrayBuffer> {
  const counts = [...new Set(functions.map(({ parameters }) => parameters))];
  const signatures = [
    [0x60, 1, types.f64, 1, types.f64],
    ...counts.map((count) => [0x60, ...leb(count), ...Array.from({ length: count }, () => types.i32), 0]),
  ];
  const bodies = functions.map(({ code: { bytes, locals } }) => {
    const groups: [number, ValueType][] = [];
    for (const type of locals) {
      const last = groups.at(-1);
      if (last?.[1] === type) last[0]++;
      else groups.push([1, type]);
    }
    const body = [...leb(groups.length), ...groups.flatMap(([count, type]) => [...leb(count), types[type]])].concat(bytes, plain.end);
    return leb(body.length).concat(body);
  });
  return Uint8Array.from(
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00].concat(
      section(1, signatures),
      section(2, [[...text('env'), ...text('memory'), 0x02, 0x00, 0x01], ...imports.map((name) => [...text('env'), ...text(name), 0x00, 0x00])]),
      section(3, functions.map(({ parameters }) => leb(1 + counts.indexOf(parameters)))),
      section(7, [[...text('run'), 0x00, ...leb(imports.length + functions.length - 1)]]),
      section(10, bodies),
      nameSection(imports.length, functions.map(({ name }) => name)),
    ),
  );
}

/** The custom section that profilers take names of functions from. */
function nameSection(first: number, names: readonly string[]): number[] {
  const map = leb(names.length).concat(...names.map((name, k) => [...leb(first + k), ...text(name)]));
  const content = [...text('name'), 1, ...leb(map.length), ...map];
  return [0, ...leb(content.length), ...content];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = leb(items.length);
  for (const item of items) for (const byte of item) content.push(byte);
  return [id, ...leb(content.length)].concat(content);
}

function text(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...leb(bytes.length), ...bytes];
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  const out: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return out;
}

function signedLeb(value: number): number[] {
  const out: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
      out.push(low);
      return out;
    }
    out.push(low | 0x80);
  }
}

function floatBytes(value: number): number[] {
  return [...new Uint8Array(Float32Array.of(value).buffer)];
}

function intBytes(value: number): number[] {
  return [...new Uint8Array(Int32Array.of(value).buffer)];
}
