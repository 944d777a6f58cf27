import type { PatternFormat, Source } from '@braggscape/core';
import { excerpt, formatError, patternError } from './errors.js';
import { evenAxis, isNumber, numberOf, statedNumber } from './numbers.js';
import { tubeRadiation } from './radiation.js';
import { mergeRanges } from './ranges.js';
import type { ScanRange } from './ranges.js';
import { patternOf } from './patternOf.js';

/** A range being read: what its header states, and the numbers of its data with their lines. */
interface OpenRange {
  readonly header: Map<string, string>;
  /** `COUNTS`, `CPS`, or either with angles in front of each. */
  readonly kind: string;
  readonly line: number;
  readonly values: number[];
  readonly lines: number[];
}

const DATA = /^_(2THETA)?(COUNTS|CPS)(TIME)?\s*$/i;

/**
 * Siemens and Bruker DIFFRAC-AT text: `_KEY=value` lines, then `_COUNTS`, `_CPS`, `_2THETACOUNTS` or `_2THETACPS` and the numbers.
 * Headers of later ranges state what differs from the first.
 */
export const uxd: PatternFormat = {
  id: 'uxd',
  extensions: ['.uxd'],
  recognises: ({ bytes, text }) => !bytes.subarray(0, 4096).includes(0) && /^_(FILEVERSION|DRIVE|STEPSIZE|START|2THETACOUNTS|2THETACPS|COUNTS)\b/im.test(text().slice(0, 65536)),
  read({ text }, source, repairs) {
    const ranges = readRanges(text(), source, repairs).map((range, i) => rangeOf(range, i, source));
    return patternOf(mergeRanges(ranges, source, repairs), source, repairs);
  },
};

function readRanges(text: string, source: Source, repairs?: string[]): readonly OpenRange[] {
  const ranges: OpenRange[] = [];
  let header = new Map<string, string>();
  let open: OpenRange | undefined;
  text.split(/\r\n|\r|\n/).forEach((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith(';')) return;
    const assignment = /^_([A-Z0-9_+/-]+)\s*=\s*(.*)$/i.exec(line);
    if (DATA.test(line)) {
      open = { header, kind: line.slice(1).toUpperCase(), line: i + 1, values: [], lines: [] };
      ranges.push(open);
      header = new Map(header);
    } else if (assignment !== null) {
      open = undefined;
      header.set(assignment[1].toUpperCase(), assignment[2]);
    } else if (open === undefined || line.startsWith('_')) {
      open = undefined;
    } else {
      for (const field of line.split(/[\s,;]+/)) {
        if (isNumber(field)) {
          open.values.push(numberOf(field));
          open.lines.push(i + 1);
        } else if (repairs === undefined || !open.kind.startsWith('2THETA')) {
          // Without an angle at each number, one that is dropped would move all behind it.
          throw patternError(`${source.name}:${i + 1}`, `"${excerpt(field)}" is not a number`, 'mend the line, or begin it with ; if it is a comment');
        } else {
          repairs.push(`took "${excerpt(field)}" as a missing number (line ${i + 1})`);
          open.values.push(Number.NaN);
          open.lines.push(i + 1);
        }
      }
    }
  });
  return ranges;
}

function rangeOf({ header, kind, line, values, lines }: OpenRange, index: number, source: Source): ScanRange {
  const at = `${source.name}:${line}`;
  const number = (...keys: readonly string[]): number | undefined => keys.map((key) => statedNumber(header.get(key))).find((value) => value !== undefined);
  const drive = (header.get('DRIVE') ?? '').replace(/['"\s]/g, '').toUpperCase();
  if (drive !== '' && !/COUPLED|2THETA|TWOTHETA/.test(drive)) {
    throw formatError(at, `the scan moves "${excerpt(drive)}"`, 'a powder pattern needs a scan of 2θ (COUPLED or 2THETA)');
  }
  const seconds = kind.includes('COUNTS') ? number('STEPTIME') : undefined;
  const wavelengths = tubeRadiation(number('WL1'), number('WL2'), number('WLRATIO'));
  const common = { title: `range ${index + 1}`, ...(seconds === undefined || !(seconds > 0) ? {} : { seconds }), ...wavelengths };
  const width = kind.startsWith('2THETA') ? (kind.endsWith('TIME') ? 3 : 2) : 1;
  if (values.length % width !== 0) throw patternError(`${source.name}:${lines.at(-1) ?? line}`, `the data have ${values.length} numbers, which do not fill rows of ${width}`, 'the file may be cut off');
  const every = <Value>(list: readonly Value[], offset: number): Value[] => list.filter((_, i) => i % width === offset);
  if (width > 1) return { ...common, twoTheta: every(values, 0), intensity: every(values, 1), lines: every(lines, 0), listed: true };
  const start = number('START', '2THETA');
  const step = number('STEPSIZE');
  if (start === undefined || step === undefined || step === 0) {
    throw formatError(at, 'the data have no angles, and the header states no _START and _STEPSIZE', 'export the scan again, with its header');
  }
  const count = number('STEPCOUNT');
  if (count !== undefined && count !== values.length) {
    throw patternError(at, `the header states ${count} points but there are ${values.length}`, 'the file may be cut off: mend _STEPCOUNT if it is not');
  }
  return { ...common, twoTheta: evenAxis(start, step, values.length), intensity: values, lines };
}
