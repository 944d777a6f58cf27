import type { PatternFormat, Source } from '@braggscape/core';
import { archiveNames, unzipped } from './compression.js';
import { formatError } from './errors.js';
import { mergeRanges, withoutLines } from './ranges.js';
import type { ScanRange } from './ranges.js';
import { patternOf } from './patternOf.js';
import { checkRigakuAxis, readRow, rigakuRadiation, rigakuScan } from './rigaku.js';
import { descendants, parseXml } from './xml.js';

const PROFILE = /^Data(\d+)\/Profile\d+\.txt$/;

/** Rigaku SmartLab Studio: a zip of `DataN/ProfileN.txt` and of the conditions as XML, in whose name the vendor left a letter out. */
export const rasx: PatternFormat = {
  id: 'rasx',
  extensions: ['.rasx'],
  recognises: (content) => archiveNames(content).some((name) => PROFILE.test(name)),
  read(content, source, repairs) {
    const files = unzipped(content, source, (name) => PROFILE.test(name) || /^Data\d+\/Mea?surementConditions\d+\.xml$/.test(name));
    const group = (name: string): number => Number(PROFILE.exec(name)?.[1]);
    const profiles = [...files.keys()].filter((name) => PROFILE.test(name)).sort((a, b) => group(a) - group(b));
    if (profiles.length === 0) throw formatError(source.name, 'the archive has no DataN/ProfileN.txt', 'a .rasx of a scan is expected, not of images');
    const ranges = profiles.map((name) => readProfile(name, files, source, repairs));
    // Lines belong to a file within the archive.
    if (ranges.length === 1) return patternOf(mergeRanges(ranges, source), { name: `${source.name}/${profiles[0]}` }, repairs);
    return patternOf(withoutLines(mergeRanges(ranges, source, repairs)), source, repairs);
  },
};

function readProfile(name: string, files: ReadonlyMap<string, Uint8Array>, source: Source, repairs?: string[]): ScanRange {
  const decoder = new TextDecoder('utf-8');
  const inner = { name: `${source.name}/${name}` };
  const into = { rows: [] as number[][], lines: [] as number[] };
  decoder.decode(files.get(name)).split(/\r\n|\r|\n/).forEach((line, i) => {
    if (line.trim() !== '') readRow(line, i + 1, into, inner, repairs);
  });
  const folder = name.slice(0, name.indexOf('/') + 1);
  const conditionsName = [...files.keys()].find((candidate) => candidate.startsWith(folder) && candidate.endsWith('.xml'));
  const conditions = conditionsName === undefined ? undefined : parseXml(decoder.decode(files.get(conditionsName)), { name: `${source.name}/${conditionsName}` });
  const stated = (element: string): string | undefined => (conditions === undefined ? undefined : descendants(conditions, element)[0]?.text.trim());
  checkRigakuAxis(stated('AxisName') ?? '', inner.name);
  const radiation = rigakuRadiation(stated('WavelengthKalpha1'), stated('WavelengthKalpha2'), stated('WaveType'));
  return rigakuScan(into, /cps/i.test(stated('IntensityUnit') ?? ''), name, radiation);
}
