import type { PatternFormat } from '@braggscape/core';
import { formatError, patternError, repairHint } from './errors.js';
import { statedNumber } from './numbers.js';
import { mergeRanges } from './ranges.js';
import type { ScanRange } from './ranges.js';
import { patternOf } from './patternOf.js';
import { checkRigakuAxis, readRow, rigakuRadiation, rigakuScan } from './rigaku.js';

/** Rigaku SmartLab text: `*KEY "value"` headers, and rows of angle, intensity and attenuation between `*RAS_INT_START` and `*RAS_INT_END`. */
export const ras: PatternFormat = {
  id: 'ras',
  extensions: ['.ras'],
  recognises: ({ bytes, text }) => !bytes.subarray(0, 4096).includes(0) && /^\*RAS_(DATA|HEADER|INT)_START/m.test(text()),
  read({ text }, source, repairs) {
    const ranges: ScanRange[] = [];
    let header = new Map<string, string>();
    let open: { rows: number[][]; lines: number[]; begin: number } | undefined;
    text().split(/\r\n|\r|\n/).forEach((raw, i) => {
      const line = raw.trim();
      const at = `${source.name}:${i + 1}`;
      if (line === '*RAS_HEADER_START') header = new Map();
      else if (line === '*RAS_INT_START') open = { rows: [], lines: [], begin: i + 1 };
      else if (line === '*RAS_INT_END' && open !== undefined) {
        checkRigakuAxis(header.get('MEAS_SCAN_AXIS_X_INTERNAL') ?? header.get('MEAS_SCAN_AXIS_X') ?? '', at);
        const stated = statedNumber(header.get('MEAS_DATA_COUNT'));
        if (stated !== undefined && stated !== open.rows.length) {
          const message = `the header states ${stated} points but there are ${open.rows.length}`;
          if (repairs === undefined) throw patternError(at, message, `the file has lost lines: copy it again, ${repairHint}`);
          repairs.push(`read what there is: ${message} (line ${i + 1})`);
        }
        const rate = /cps/i.test(header.get('MEAS_SCAN_UNIT_Y') ?? '');
        const radiation = rigakuRadiation(header.get('HW_XG_WAVE_LENGTH_ALPHA1'), header.get('HW_XG_WAVE_LENGTH_ALPHA2'), header.get('MEAS_COND_XG_WAVE_TYPE'));
        ranges.push(rigakuScan(open, rate, `scan ${ranges.length + 1}`, radiation));
        open = undefined;
      } else if (open !== undefined && !line.startsWith('*')) {
        if (line !== '') readRow(line, i + 1, open, source, repairs);
      } else {
        const [, key, value] = /^\*(\w+)\s+"?(.*?)"?$/.exec(line) ?? [];
        if (key !== undefined) header.set(key, value);
      }
    });
    const unclosed = open as { begin: number } | undefined;
    if (unclosed !== undefined) throw formatError(`${source.name}:${unclosed.begin}`, 'the data that begin here never end', 'a line *RAS_INT_END is missing: the file is cut off');
    return patternOf(mergeRanges(ranges, source, repairs), source, repairs);
  },
};
