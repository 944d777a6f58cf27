import { emitCos, emitExp, emitSigmoid, emitSin, emitTanh } from './elementary.js';
import { code } from './wasmCode.js';
import type { Code, WasmFunction } from './wasmCode.js';

/** Operations on corresponding elements of rows, and sums over a row; names are those of the graph. */
export const rowOperations = [
  'AddV2',
  'Sub',
  'Mul',
  'RealDiv',
  'Maximum',
  'Minimum',
  'Square',
  'Sqrt',
  'Rsqrt',
  'Sigmoid',
  'Tanh',
  'Exp',
  'Sin',
  'Cos',
  'Acos',
  'Atan',
  'Abs',
  'Neg',
  'Relu',
  'ClipByValue',
  'Mean',
  'Sum',
] as const;

export type RowOperation = (typeof rowOperations)[number];

/** Operations that are done by functions of JavaScript, number by number: the module's imports, in order. */
export const importedFunctions: readonly RowOperation[] = ['Acos', 'Atan'];

/** Whether an operation makes one number of a row. */
export const isReduction = (operation: RowOperation): boolean => operation === 'Mean' || operation === 'Sum';

/** What an operation reads: an array, the result of an earlier operation of the kernel, or a number. */
export type Operand = { readonly source: number } | { readonly step: number } | { readonly number: number };

/** An array that is read row by row. */
export interface RowSource {
  readonly width: number;
  /** `row` of an array with a row for each; `gathered` rows by an index for each; `fixed` one row for all. */
  readonly access: 'row' | 'gathered' | 'fixed';
}

/** A loop over rows that does several operations on each: what is left of a part of a graph once nothing between its operations is stored. */
export interface RowKernel {
  readonly sources: readonly RowSource[];
  readonly steps: readonly { readonly operation: RowOperation; readonly width: number; readonly inputs: readonly Operand[] }[];
  /** Results that are written, row by row. */
  readonly stores: readonly { readonly value: Operand; readonly width: number }[];
  /** Results that are added to the row that an index says. */
  readonly scatters: readonly { readonly value: Operand; readonly width: number }[];
}

/** Names of the parameters of a kernel's function, in order; those of arrays are addresses. */
export function rowKernelParameters({ sources, stores, scatters }: RowKernel): string[] {
  return [
    'rows',
    ...sources.flatMap(({ access }, k) => (access === 'gathered' ? [`source${k}`, `sourceIndex${k}`] : [`source${k}`])),
    ...stores.map((_, k) => `store${k}`),
    ...scatters.flatMap((_, k) => [`scatter${k}`, `scatterIndex${k}`]),
    'scratch',
  ];
}

/** Bytes of work space that a kernel needs. */
export function rowKernelScratch({ steps }: RowKernel): number {
  return steps.reduce((bytes, { width }) => bytes + roundedUp(4 * width, 16), 0);
}

/**
 * The function of a kernel.
 *
 * A row is done in phases: a phase ends where a sum over the row is needed. In a phase, numbers of the row come first and stay in locals, then each
 * width has one loop over its elements, four at a time. What a later phase needs of an earlier one is kept in memory, in the array it is written to if there is one.
 */
export function rowKernelFunction(kernel: RowKernel): WasmFunction {
  const { sources, steps, stores, scatters } = kernel;
  const names = rowKernelParameters(kernel);
  const parameter = (name: string): number => names.indexOf(name);
  const out = code(names.length);

  // Phase in which each step is done; a sum over a row is there for others in the phase after.
  const phases: number[] = [];
  for (const { inputs } of steps) phases.push(Math.max(0, ...inputs.map((input) => ('step' in input ? phases[input.step] + (isReduction(steps[input.step].operation) ? 1 : 0) : 0))));
  const loopWidth = (index: number): number => (isReduction(steps[index].operation) ? widthOf(steps[index].inputs[0]) : steps[index].width);
  const widthOf = (operand: Operand): number => ('step' in operand ? steps[operand.step].width : 'source' in operand ? sources[operand.source].width : 1);
  /** Phase in which a value can be read. */
  const readyIn = (operand: Operand): number => ('step' in operand ? phases[operand.step] + (isReduction(steps[operand.step].operation) ? 1 : 0) : 0);

  // Addresses in the row at hand.
  const addresses = sources.map(({ access }, k) => (access === 'gathered' ? out.local('i32') : parameter(`source${k}`)));
  const scatterAddresses = scatters.map(() => out.local('i32'));
  const scalars = new Map<string, number>();
  let scratch = 0;
  const kept = new Map<number, { readonly base: number; readonly offset: number }>();
  steps.forEach(({ width }, index) => {
    if (width === 1) return;
    const usedLater = steps.some(({ inputs }, user) => phases[user] > phases[index] && inputs.some((input) => 'step' in input && input.step === index));
    const store = stores.findIndex(({ value }) => 'step' in value && value.step === index);
    if (store >= 0) kept.set(index, { base: parameter(`store${store}`), offset: 0 });
    else if (usedLater) {
      kept.set(index, { base: parameter('scratch'), offset: scratch });
      scratch += roundedUp(4 * width, 16);
    }
  });

  const keyOf = (operand: Operand): string => ('source' in operand ? `s${operand.source}` : 'step' in operand ? `t${operand.step}` : '');
  /** Pushes a number of the row, in all lanes. */
  const pushScalar = (operand: Operand): void => {
    if ('number' in operand) {
      out.splat(operand.number);
      return;
    }
    const key = keyOf(operand);
    let local = scalars.get(key);
    if (local === undefined) {
      if (!('source' in operand)) throw new Error(`value ${key} is not there yet`);
      local = out.local('v128');
      scalars.set(key, local);
      out.get(addresses[operand.source]).load('v128.load32_splat').set(local);
    }
    out.get(local);
  };

  const phaseCount = Math.max(0, ...phases, ...[...stores, ...scatters].map(({ value }) => readyIn(value))) + 1;
  const emitRow = (): void => {
    sources.forEach(({ access, width }, k) => {
      if (access === 'gathered') out.get(parameter(`source${k}`)).get(parameter(`sourceIndex${k}`)).load('i32.load').i32(4 * width).op('i32.mul').op('i32.add').set(addresses[k]);
    });
    scatters.forEach(({ width }, k) => out.get(parameter(`scatter${k}`)).get(parameter(`scatterIndex${k}`)).load('i32.load').i32(4 * width).op('i32.mul').op('i32.add').set(scatterAddresses[k]));
    // Numbers of the row that loops read must be in locals before the loops begin.
    for (let phase = 0; phase < phaseCount; phase++) {
      const here = steps.map((_, index) => index).filter((index) => phases[index] === phase);
      for (const index of here.filter((at) => loopWidth(at) === 1 && steps[at].width === 1)) {
        const step = steps[index];
        step.inputs.forEach(pushScalar);
        emitOperation(out, step.operation, 1);
        const local = out.local('v128');
        scalars.set(`t${index}`, local);
        out.set(local);
      }
      const wide = here.filter((index) => loopWidth(index) > 1);
      const readyStores = stores.map((store, k) => ({ ...store, k })).filter(({ value, width }) => width > 1 && !('step' in value) && phase === 0);
      const readyScatters = scatters.map((scatter, k) => ({ ...scatter, k })).filter(({ value, width }) => width > 1 && readyIn(value) === phase);
      const widths = [...new Set([...wide.map(loopWidth), ...readyStores.map(({ width }) => width), ...readyScatters.map(({ width }) => width)])];
      for (const width of widths) {
        const inLoop = wide.filter((index) => loopWidth(index) === width);
        for (const operand of inLoop.flatMap((index) => steps[index].inputs)) if (widthOf(operand) === 1 && 'source' in operand) pushScalarNow(operand);
        emitLoop(
          width,
          inLoop,
          readyStores.filter((store) => store.width === width),
          readyScatters.filter((scatter) => scatter.width === width),
        );
      }
    }
    stores.forEach(({ value, width }, k) => {
      if (width !== 1) return;
      out.get(parameter(`store${k}`));
      pushScalar(value);
      out.storeLane('v128.store32_lane', 0);
    });
    scatters.forEach(({ value, width }, k) => {
      if (width !== 1) return;
      out.get(scatterAddresses[k]).get(scatterAddresses[k]).load('v128.load32_splat');
      pushScalar(value);
      out.op('f32x4.add').storeLane('v128.store32_lane', 0);
    });
    const advance = (name: string, bytes: number): void => void out.get(parameter(name)).i32(bytes).op('i32.add').set(parameter(name));
    sources.forEach(({ access, width }, k) => {
      if (access === 'gathered') advance(`sourceIndex${k}`, 4);
      else if (access === 'row') advance(`source${k}`, 4 * width);
    });
    stores.forEach(({ width }, k) => advance(`store${k}`, 4 * width));
    scatters.forEach((_, k) => advance(`scatterIndex${k}`, 4));
  };
  const pushScalarNow = (operand: Operand): void => {
    const key = keyOf(operand);
    if (scalars.has(key)) return;
    pushScalar(operand);
    // It stays in its local; what was pushed is stored there again, which costs nothing.
    out.set(scalars.get(key) as number);
  };

  const emitLoop = (
    width: number,
    indices: readonly number[],
    copies: readonly { readonly value: Operand; readonly k: number }[],
    sinks: readonly { readonly value: Operand; readonly k: number }[],
  ): void => {
    const sums = new Map(indices.filter((index) => isReduction(steps[index].operation)).map((index) => [index, out.local('v128')]));
    for (const local of sums.values()) out.splat(0).set(local);
    const chunks = Math.ceil(width / 4);
    // Longer bodies spill registers: two vectors at a time are as fast as any.
    const unrolled = chunks > 4 && chunks % 2 === 0 && width % 4 === 0 ? 2 : chunks;
    const position = unrolled < chunks ? out.local('i32') : undefined;
    const values = new Map<string, number>();
    const address = (base: number): void => {
      out.get(base);
      if (position !== undefined) out.get(position).op('i32.add');
    };
    const push = (operand: Operand, chunk: number): void => {
      if ('number' in operand || widthOf(operand) === 1) {
        pushScalar(operand);
        return;
      }
      const key = `${keyOf(operand)}.${chunk}`;
      let local = values.get(key);
      if (local === undefined) {
        local = out.local('v128');
        values.set(key, local);
        if ('source' in operand) {
          address(addresses[operand.source]);
          out.load('v128.load', 16 * chunk).set(local);
        } else {
          const place = kept.get(operand.step);
          if (place === undefined) throw new Error(`value ${key} was not kept`);
          address(place.base);
          out.load('v128.load', place.offset + 16 * chunk).set(local);
        }
      }
      out.get(local);
    };
    /** Writes the value that `pushValue` leaves on the stack to address + offset; of the last elements of a row only those that there are. */
    const store = (base: number, offset: number, lanes: number, pushValue: () => void): void => {
      if (lanes >= 4) {
        address(base);
        pushValue();
        out.load('v128.store', offset);
        return;
      }
      const value = out.local('v128');
      pushValue();
      out.set(value);
      let lane = 0;
      if (lanes >= 2) {
        address(base);
        out.get(value).storeLane('v128.store64_lane', 0, offset);
        lane = 2;
      }
      if (lanes % 2 === 1) {
        address(base);
        out.get(value).storeLane('v128.store32_lane', lane, offset + 4 * lane);
      }
    };
    const body = (): void => {
      values.clear();
      for (let chunk = 0; chunk < unrolled; chunk++) {
        const lanes = Math.min(4, width - 4 * chunk);
        for (const index of indices) {
          const { operation, inputs } = steps[index];
          if (isReduction(operation)) {
            const sum = sums.get(index) as number;
            out.get(sum);
            push(inputs[0], chunk);
            for (let lane = lanes; lane < 4; lane++) out.f32(0).replace(lane);
            out.op('f32x4.add').set(sum);
            continue;
          }
          inputs.forEach((input) => push(input, chunk));
          emitOperation(out, operation, 4);
          const local = out.local('v128');
          values.set(`t${index}.${chunk}`, local);
          out.set(local);
          const place = kept.get(index);
          if (place === undefined) continue;
          // Work space is whole vectors; arrays end where their rows end.
          store(place.base, place.offset + 16 * chunk, place.base === parameter('scratch') ? 4 : lanes, () => out.get(local));
        }
        for (const { value, k } of copies) store(parameter(`store${k}`), 16 * chunk, lanes, () => push(value, chunk));
        for (const { value, k } of sinks)
          store(scatterAddresses[k], 16 * chunk, lanes, () => {
            address(scatterAddresses[k]);
            out.load('v128.load', 16 * chunk);
            push(value, chunk);
            out.op('f32x4.add');
          });
      }
    };
    if (position === undefined) body();
    else {
      out.i32(0).set(position);
      out.loop(() => {
        body();
        out.get(position).i32(16 * unrolled).op('i32.add').tee(position).i32(4 * width).op('i32.lt_u');
      });
    }
    for (const [index, local] of sums) {
      for (const lanes of [[2, 3, 0, 1], [1, 0, 3, 2]]) out.get(local).get(local).get(local).shuffle(lanes).op('f32x4.add').set(local);
      if (steps[index].operation === 'Mean') out.get(local).splat(1 / width).op('f32x4.mul').set(local);
      scalars.set(`t${index}`, local);
    }
  };

  const rows = parameter('rows');
  out.get(rows).op('i32.eqz').unless(() => {
    out.loop(() => {
      emitRow();
      out.get(rows).i32(1).op('i32.sub').tee(rows);
    });
  });
  return { name: describe(kernel), parameters: names.length, code: out };
}

/** A name for profilers: how wide, how many operations, the costly ones among them. */
function describe({ steps, stores, scatters }: RowKernel): string {
  const width = Math.max(1, ...steps.map((step) => step.width), ...[...stores, ...scatters].map((result) => result.width));
  const costly = [...new Set(steps.map(({ operation }) => operation))].filter((operation) => ['Sigmoid', 'Tanh', 'Exp', 'Sin', 'Cos', 'Acos', 'Atan', 'Rsqrt'].includes(operation));
  return `loop of ${width} columns, ${steps.length} operations${costly.length === 0 ? '' : ` (${costly.join(', ')})`}${scatters.length === 0 ? '' : ', summed by index'}`;
}

function emitOperation(out: Code, operation: RowOperation, lanes: number): void {
  switch (operation) {
    case 'AddV2':
      out.op('f32x4.add');
      return;
    case 'Sub':
      out.op('f32x4.sub');
      return;
    case 'Mul':
      out.op('f32x4.mul');
      return;
    case 'RealDiv':
      out.op('f32x4.div');
      return;
    case 'Maximum':
      out.op('f32x4.max');
      return;
    case 'Minimum':
      out.op('f32x4.min');
      return;
    case 'Square': {
      const x = out.local('v128');
      out.tee(x).get(x).op('f32x4.mul');
      return;
    }
    case 'Sqrt':
      out.op('f32x4.sqrt');
      return;
    case 'Rsqrt': {
      const x = out.local('v128');
      out.op('f32x4.sqrt').set(x);
      out.splat(1).get(x).op('f32x4.div');
      return;
    }
    case 'Sigmoid':
      emitSigmoid(out);
      return;
    case 'Tanh':
      emitTanh(out);
      return;
    case 'Exp':
      emitExp(out);
      return;
    case 'Sin':
      emitSin(out);
      return;
    case 'Cos':
      emitCos(out);
      return;
    case 'Acos':
    case 'Atan': {
      const [x, y] = [out.local('v128'), out.local('v128')];
      out.tee(x).set(y);
      for (let lane = 0; lane < lanes; lane++) out.get(y).get(x).extract(lane).op('f64.promote_f32').call(importedFunctions.indexOf(operation)).op('f32.demote_f64').replace(lane).set(y);
      out.get(y);
      // Numbers of a row are in all lanes.
      if (lanes === 1) out.extract(0).op('f32x4.splat');
      return;
    }
    case 'Abs':
      out.op('f32x4.abs');
      return;
    case 'Neg':
      out.op('f32x4.neg');
      return;
    case 'Relu':
      out.splat(0).op('f32x4.max');
      return;
    case 'ClipByValue': {
      const [low, high] = [out.local('v128'), out.local('v128')];
      out.set(high).set(low).get(low).op('f32x4.max').get(high).op('f32x4.min');
      return;
    }
    case 'Mean':
    case 'Sum':
      throw new Error(`${operation} is not done element by element`);
  }
}

function roundedUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
