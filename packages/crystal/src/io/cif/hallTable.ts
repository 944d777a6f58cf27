import { loadMoyo } from '../../platform/wasm.js';
import type { SymmetryOperation } from './symmetryOperation.js';

/** One of the 530 settings of the space groups that the Hall symbols of the International Tables B list. */
export interface SpaceGroupSetting {
  /** 1 to 530, in the order of S. R. Hall's list. */
  readonly hallNumber: number;
  /** 1 to 230. */
  readonly number: number;
  /** Axes and origin, such as `b2`, `-cba`, `2`, `H`; empty for groups with one setting. */
  readonly code: string;
  readonly hall: string;
  /** Every Hermann-Mauguin symbol that means this setting, normalized by {@link normalizeSymbol}, without the code of the origin. */
  readonly symbols: ReadonlySet<string>;
  /** Symbol for people, such as `P 2_1/c`. */
  readonly name: string;
}

let table: readonly SpaceGroupSetting[] | undefined;

/** All settings, with their symbols; read from the symmetry library once. */
export function spaceGroupSettings(): readonly SpaceGroupSetting[] {
  if (table !== undefined) return table;
  const moyo = loadMoyo();
  table = Array.from({ length: 530 }, (_, i) => {
    const entry = moyo.hall_symbol_entry(i + 1);
    return {
      hallNumber: entry.hall_number,
      number: entry.number,
      code: entry.setting,
      hall: normalizeHall(entry.hall_symbol),
      symbols: symbolsOf(entry.number, entry.setting, entry.hm_short, entry.hm_full),
      name: entry.hm_full,
    };
  });
  return table;
}

/** Operations of a setting, on the axes and the origin it stands for. */
export function settingOperations(setting: SpaceGroupSetting): readonly SymmetryOperation[] {
  const operations = loadMoyo().operations_from_number(setting.number, { type: 'HallNumber', value: setting.hallNumber }, false);
  // The library hands out the columns of W one after the other.
  return operations.map(({ rotation: w, translation }) => ({
    rotation: [w[0], w[3], w[6], w[1], w[4], w[7], w[2], w[5], w[8]],
    translation: [...translation],
  }));
}

/** One spelling of a Hermann-Mauguin symbol: lower case without blanks, underscores and brackets, so that `P 2_1/c` is `p21/c`. */
export function normalizeSymbol(symbol: string): string {
  return symbol.toLowerCase().replace(/[\s_()'"]/g, '');
}

/** One spelling of a Hall symbol; `"` and `=` both mean a twofold axis along a−b or its like. */
export function normalizeHall(symbol: string): string {
  return symbol.toLowerCase().replaceAll('_', ' ').replaceAll("''", '"').replaceAll('"', '=').replace(/\s+/g, ' ').trim();
}

/** Symbols from before the letter e for pairs of glide planes (1992), by the setting that the table spells with e. */
const symbolsWithoutE: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  39: { '': 'abm2', 'ba-c': 'bma2', cab: 'b2cm', '-cba': 'c2mb', bca: 'cm2a', 'a-cb': 'ac2m' },
  41: { '': 'aba2', 'ba-c': 'bba2', cab: 'b2cb', '-cba': 'c2cb', bca: 'cc2a', 'a-cb': 'ac2a' },
  64: { '': 'cmca', 'ba-c': 'ccmb', cab: 'abma', '-cba': 'acam', bca: 'bbcm', 'a-cb': 'bmab' },
  67: { '': 'cmma', 'ba-c': 'cmmb', cab: 'abmm', '-cba': 'acmm', bca: 'bmcm', 'a-cb': 'bmam' },
  68: { '': 'ccca', 'ba-c': 'cccb', cab: 'abaa', '-cba': 'acaa', bca: 'bbcb', 'a-cb': 'bbab' },
};

function symbolsOf(number: number, code: string, short: string, full: string): ReadonlySet<string> {
  const symbols = new Set([normalizeSymbol(full)]);
  const axes = code.replace(/^[12](?!$)|^[12]$/, '');
  if (number >= 3 && number <= 15) {
    // The short symbol of a monoclinic setting is the full one without the axes that have no symmetry: P 1 21/n 1 is P 21/n.
    const parts = full.split(' ');
    symbols.add(normalizeSymbol([parts[0], ...parts.slice(1).filter((part) => part !== '1')].join('')));
  } else {
    symbols.add(normalizeSymbol(short));
  }
  const older = symbolsWithoutE[number]?.[axes];
  if (older !== undefined) symbols.add(older);
  // Cubic symbols before 1983 wrote 3 where -3 is written today: Fd3m.
  if (number >= 200) for (const symbol of [...symbols]) if (symbol.includes('-3')) symbols.add(symbol.replace('-3', '3'));
  return symbols;
}
