import type { PatternFormat, Source } from '@braggscape/core';
import { archiveNames, unzipped } from './compression.js';
import { excerpt, formatError, patternError } from './errors.js';
import { isNumber, numberOf, statedNumber } from './numbers.js';
import { tubeRadiation } from './radiation.js';
import { mergeRanges, withoutLines } from './ranges.js';
import type { ScanRange } from './ranges.js';
import { patternOf } from './patternOf.js';
import { child, descendants, parseXml, xmlNumber } from './xml.js';
import type { XmlElement } from './xml.js';

const RAW_DATA = /^Experiment\d+\/RawData(\d+)\.xml$/;

/** Columns of a row of data: where 2θ and the intensity stand. */
interface Columns {
  readonly twoTheta: number;
  readonly intensity: number;
}

/**
 * Bruker DIFFRAC.SUITE: a zip of XML. Each `Datum` is a row whose columns the data views name; the intensities are counts that the
 * instrument has corrected for its absorber.
 */
export const brml: PatternFormat = {
  id: 'brml',
  extensions: ['.brml'],
  recognises: (content) => archiveNames(content).some((name) => RAW_DATA.test(name)),
  read(content, source, repairs) {
    const files = unzipped(content, source, (name) => RAW_DATA.test(name));
    const order = (name: string): number => Number(RAW_DATA.exec(name)?.[1]);
    const names = [...files.keys()].sort((a, b) => order(a) - order(b));
    if (names.length === 0) throw formatError(source.name, 'the archive has no Experiment0/RawData0.xml', 'a .brml of a measurement is expected');
    const ranges = names.flatMap((name) => {
      const inner = { name: `${source.name}/${name}` };
      return readRoutes(parseXml(new TextDecoder('utf-8').decode(files.get(name)), inner), inner);
    });
    // Lines belong to a file within the archive.
    if (ranges.length === 1) return patternOf(mergeRanges(ranges, source), { name: `${source.name}/${names[0]}` }, repairs);
    return patternOf(withoutLines(mergeRanges(ranges, source, repairs)), source, repairs);
  },
};

function readRoutes(root: XmlElement, source: Source): readonly ScanRange[] {
  const value = (name: string): number | undefined => {
    const [element] = descendants(root, name);
    return statedNumber(element?.attributes.Value) ?? xmlNumber(element);
  };
  const radiation = tubeRadiation(value('WaveLengthAlpha1'), value('WaveLengthAlpha2'), value('WaveLengthRatio'));
  const routes = descendants(root, 'DataRoute');
  const measured = routes.filter(({ attributes }) => attributes.RouteFlag === 'Measured');
  return (measured.length > 0 ? measured : routes).map((route, i) => ({ ...readRoute(route, source), title: `${source.name}, route ${i + 1}`, ...radiation }));
}

function readRoute(route: XmlElement, source: Source): Omit<ScanRange, 'title'> {
  const columns = columnsOf(route, source);
  const rows = descendants(route, 'Datum');
  const read = (row: XmlElement, column: number | undefined): number => {
    const fields = row.text.split(',');
    const field = (column === undefined ? fields.at(-1) : fields[column])?.trim() ?? '';
    if (isNumber(field)) return numberOf(field);
    throw patternError(`${source.name}:${row.line}`, `"${excerpt(field)}" is not a number`, `row "${excerpt(row.text)}" is damaged: export the scan again`);
  };
  const time = child(child(route, 'ScanInformation'), 'TimePerStep');
  const seconds = xmlNumber(time) ?? statedNumber(time?.attributes.Value);
  return {
    twoTheta: rows.map((row) => read(row, columns.twoTheta)),
    intensity: rows.map((row) => read(row, columns.intensity < 0 ? undefined : columns.intensity)),
    lines: rows.map(({ line }) => line),
    ...(seconds === undefined || !(seconds > 0) ? {} : { seconds }),
  };
}

/** By the data views; in files of the first versions, which have none, by the order of the axes: time, index, axes, intensity. */
function columnsOf(route: XmlElement, source: Source): Columns {
  const at = `${source.name}:${route.line}`;
  let twoTheta = -1;
  let intensity = -1;
  const views = descendants(route, 'RawDataView');
  for (const view of views) {
    const start = statedNumber(view.attributes.Start) ?? -1;
    const type = view.attributes.type ?? '';
    if (type.endsWith('VaryingRawDataView')) {
      const field = descendants(view, 'FieldDefinitions').findIndex(({ attributes }) => /^two-?theta$/i.test(attributes.AxisId || attributes.FieldName || ''));
      if (field >= 0 && twoTheta < 0) twoTheta = start + field;
    } else if (type.endsWith('RecordedRawDataView') && intensity < 0) {
      if (view.attributes.Length !== '1') throw formatError(`${source.name}:${view.line}`, 'the scan holds frames of an area detector', 'integrate them to a profile first');
      intensity = start;
    }
  }
  if (views.length === 0) {
    const axes = descendants(route, 'ScanAxisInfo').map(({ attributes }) => attributes.AxisId ?? '');
    const axis = axes.findIndex((name) => /^two-?theta$/i.test(name));
    twoTheta = axis < 0 ? -1 : 2 + axis;
  } else if (intensity < 0) throw formatError(at, 'no column of the data holds intensities', 'export the scan as .xy or .uxd');
  if (twoTheta < 0) throw formatError(at, 'the scan does not move 2θ', 'a powder pattern needs a scan of 2θ (TwoTheta)');
  return { twoTheta, intensity };
}
