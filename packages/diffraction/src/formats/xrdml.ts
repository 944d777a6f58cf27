import type { PatternFormat, Source } from '@braggscape/core';
import { excerpt, formatError, patternError } from './errors.js';
import { evenAxis } from './numbers.js';
import { isWavelength, tubeRadiation } from './radiation.js';
import { mergeRanges } from './ranges.js';
import type { ScanRange } from './ranges.js';
import { patternOf } from './patternOf.js';
import type { Circumstances } from './scan.js';
import { child, parseXml, xmlNumber, xmlNumbers } from './xml.js';
import type { XmlElement } from './xml.js';

/**
 * PANalytical XRDML. `intensities` (schema 1.x) hold counts already multiplied by the attenuation factors, `counts` (schema 2.x) what the
 * detector counted. Source: the schemas http://www.xrdml.com/XRDMeasurement/1.5/XRDMeasurement.xsd and 2.1.
 */
export const xrdml: PatternFormat = {
  id: 'xrdml',
  extensions: ['.xrdml'],
  recognises: ({ bytes, text }) => !bytes.subarray(0, 4096).includes(0) && /<(\w+:)?xrdMeasurements[\s>]/.test(text().slice(0, 65536)),
  read({ text }, source, repairs) {
    const root = parseXml(text(), source);
    if (root.name !== 'xrdMeasurements') throw formatError(source.name, `the document is "${excerpt(root.name)}"`, 'xrdMeasurements are expected');
    const ranges: ScanRange[] = [];
    for (const measurement of root.children.filter(({ name }) => name === 'xrdMeasurement')) {
      const radiation = radiationOf(child(measurement, 'usedWavelength'));
      for (const scan of measurement.children.filter(({ name }) => name === 'scan')) ranges.push(readScan(scan, `scan ${ranges.length + 1}`, radiation, source));
    }
    return patternOf(mergeRanges(ranges, source, repairs), source, repairs);
  },
};

/**
 * Kα₁ and Kα₂ with their ratio, as stated. Which of them is "intended" says nothing of what reaches the detector: the instrument
 * software writes "K-Alpha 1" without a monochromator too.
 */
function radiationOf(used: XmlElement | undefined): Circumstances {
  const beta = xmlNumber(child(used, 'kBeta'));
  if (/beta/i.test(used?.attributes.intended ?? '') && isWavelength(beta)) return { wavelength: beta, radiation: 'x-ray' };
  return tubeRadiation(xmlNumber(child(used, 'kAlpha1')), xmlNumber(child(used, 'kAlpha2')), xmlNumber(child(used, 'ratioKAlpha2KAlpha1')));
}

function readScan(scan: XmlElement, title: string, radiation: Circumstances, source: Source): ScanRange {
  const at = `${source.name}:${scan.line}`;
  const points = child(scan, 'dataPoints');
  const values = child(points, 'intensities') ?? child(points, 'counts');
  if (points === undefined || values === undefined) throw formatError(at, `${title} has no intensities`, 'the measurement may have been stopped before its first point');
  if (child(points, 'commonDivergenceCorrection') !== undefined || child(points, 'divergenceCorrections') !== undefined) {
    if (values.name === 'counts') throw formatError(at, `${title} was measured with divergence corrections`, 'export it with the corrections applied');
  }
  const raw = xmlNumbers(values, source);
  const factors = factorsOf(points, raw.length, source);
  const corrected = values.name === 'intensities';
  const times = child(points, 'countingTimes');
  const seconds = xmlNumber(child(points, 'commonCountingTime'));
  if (times !== undefined && new Set(xmlNumbers(times, source)).size > 1) {
    throw formatError(`${source.name}:${times.line}`, `the points of ${title} were counted for different times`, 'export the scan with a fixed counting time, or as counts per second');
  }
  return {
    title,
    twoTheta: positionsOf(points, scan.attributes.scanAxis ?? '', raw.length, title, source),
    intensity: factors === undefined || corrected ? raw : raw.map((value, i) => value * factors[i]),
    // What was counted behind the attenuator is what has the statistics of counts.
    ...(factors === undefined ? {} : { sigma: raw.map((value, i) => Math.sqrt(Math.max(corrected ? value / factors[i] : value, 1)) * factors[i]) }),
    ...(seconds === undefined || !(seconds > 0) ? {} : { seconds }),
    ...radiation,
  };
}

/** Factor of each point, undefined where none is stated or all are 1. */
function factorsOf(points: XmlElement, count: number, source: Source): readonly number[] | undefined {
  const common = xmlNumber(child(points, 'commonBeamAttenuationFactor'));
  const list = child(points, 'beamAttenuationFactors');
  if (list === undefined) return common === undefined || common === 1 || !(common > 0) ? undefined : new Array<number>(count).fill(common);
  const factors = xmlNumbers(list, source);
  const at = `${source.name}:${list.line}`;
  if (factors.length !== count) throw patternError(at, `${count} intensities but ${factors.length} attenuation factors`, 'the file is damaged: export it again');
  const wrong = factors.find((factor) => !(factor > 0 && Number.isFinite(factor)));
  if (wrong !== undefined) throw patternError(at, `an attenuation factor is ${wrong}`, 'factors are positive: export the file again');
  return factors.every((factor) => factor === 1) ? undefined : factors;
}

function positionsOf(points: XmlElement, axis: string, count: number, title: string, source: Source): ArrayLike<number> {
  const positions = points.children.find(({ name, attributes }) => name === 'positions' && attributes.axis === '2Theta');
  const at = `${source.name}:${(positions ?? points).line}`;
  const list = child(positions, 'listPositions');
  if (list !== undefined) {
    const angles = xmlNumbers(list, source);
    if (angles.length === count) return angles;
    throw patternError(`${source.name}:${list.line}`, `${count} intensities but ${angles.length} positions`, 'the file is damaged: export it again');
  }
  const [start, end] = ['startPosition', 'endPosition'].map((name) => xmlNumber(child(positions, name)));
  // A rocking curve has one 2θ for all its points.
  if (start === undefined || end === undefined || start === end) throw formatError(at, `${title} (${excerpt(axis)}) does not move 2θ`, 'a powder pattern needs a scan of 2θ, such as Gonio');
  return evenAxis(start, count > 1 ? (end - start) / (count - 1) : 0, count);
}
