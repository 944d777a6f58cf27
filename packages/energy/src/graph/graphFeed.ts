import type { Structure } from '@braggscape/core';
import { angleSearch } from '../neighbours/angleList.js';
import type { AngleList } from '../neighbours/angleList.js';
import type { NeighbourList } from '../neighbours/neighbourList.js';
import type { GraphInput } from './graphModel.js';

/** Bonds of one structure of a batch, kept for the sums after the graph has been evaluated. */
export interface FedStructure {
  readonly structure: Structure;
  readonly bonds: NeighbourList;
}

/** Feeds graphs of the levels `bonds` and `angles` with several structures as one: their atoms, bonds and angles one after the other. */
export interface GraphFeed {
  /** Inputs by what they are; work buffers, valid until the next call. */
  fill(parts: readonly FedStructure[]): Readonly<Record<string, GraphInput>>;
}

/** Integers and numbers of a feed that grow with what is asked for. */
interface Buffers {
  atomicNumbers: Int32Array;
  bondVectors: Float32Array;
  bondFirst: Int32Array;
  bondSecond: Int32Array;
  shortBonds: Int32Array;
  angleCentre: Int32Array;
  angleFirst: Int32Array;
  angleSecond: Int32Array;
  angleSign: Float32Array;
}

/**
 * A feed whose memory is kept between calls.
 *
 * @param scale what lengths in Å are multiplied by to be in the graph's unit
 * @param angleCutoff Å; undefined for a graph without angles
 * @param padding Å, length of a bond that is put in where there is none; undefined where the graph takes empty inputs. At the cutoff a bond has no energy.
 */
export function graphFeed(scale: number, angleCutoff: number | undefined, padding: number | undefined): GraphFeed {
  const search = angleCutoff === undefined ? undefined : angleSearch(angleCutoff);
  const buffers: Buffers = {
    atomicNumbers: new Int32Array(0),
    bondVectors: new Float32Array(0),
    bondFirst: new Int32Array(0),
    bondSecond: new Int32Array(0),
    shortBonds: new Int32Array(0),
    angleCentre: new Int32Array(0),
    angleFirst: new Int32Array(0),
    angleSecond: new Int32Array(0),
    angleSign: new Float32Array(0),
  };
  const reserve = <Key extends keyof Buffers>(key: Key, length: number): Buffers[Key] => {
    const now = buffers[key];
    if (now.length >= length) return now;
    const larger = new (now.constructor as new (size: number) => Buffers[Key])(Math.ceil(1.5 * length) + 64);
    larger.set(now);
    buffers[key] = larger;
    return larger;
  };
  return {
    fill(parts) {
      let [atoms, bonds, shorts, angles] = [0, 0, 0, 0];
      for (const { structure, bonds: own } of parts) {
        const n = structure.numbers.length;
        reserve('atomicNumbers', atoms + n).set(structure.numbers, atoms);
        const vectors = reserve('bondVectors', 3 * (bonds + own.count + 1));
        const [first, second] = [reserve('bondFirst', bonds + own.count + 1), reserve('bondSecond', bonds + own.count + 1)];
        for (let b = 0; b < own.count; b++) {
          first[bonds + b] = own.first[b] + atoms;
          second[bonds + b] = own.second[b] + atoms;
          for (let k = 0; k < 3; k++) vectors[3 * (bonds + b) + k] = scale * own.vector[3 * b + k];
        }
        if (search !== undefined) {
          const list = search(own, n);
          appendAngles(list, atoms, bonds, shorts, angles);
          shorts += list.shortCount;
          angles += list.count;
        }
        atoms += n;
        bonds += own.count;
      }
      if (padding !== undefined) {
        if (bonds === 0 || (search !== undefined && angles === 0)) {
          // One bond of the first atom to itself, as long as the cutoff; and one angle of it with itself.
          reserve('bondFirst', bonds + 1)[bonds] = reserve('bondSecond', bonds + 1)[bonds] = 0;
          reserve('bondVectors', 3 * bonds + 3).set([scale * padding, 0, 0], 3 * bonds);
          bonds++;
        }
        if (search !== undefined && angles === 0) {
          reserve('shortBonds', shorts + 1)[shorts] = bonds - 1;
          reserve('angleCentre', 1)[0] = 0;
          reserve('angleFirst', 1)[0] = reserve('angleSecond', 1)[0] = shorts;
          reserve('angleSign', 1)[0] = 1;
          shorts++;
          angles++;
        }
      }
      const { atomicNumbers, bondVectors, bondFirst, bondSecond, shortBonds, angleCentre, angleFirst, angleSecond, angleSign } = buffers;
      return {
        atomicNumbers: { data: atomicNumbers, shape: [atoms] },
        bondVectors: { data: bondVectors, shape: [bonds, 3] },
        bondFirst: { data: bondFirst, shape: [bonds] },
        bondSecond: { data: bondSecond, shape: [bonds] },
        ...(search === undefined
          ? {}
          : {
              shortBonds: { data: shortBonds, shape: [shorts] },
              angleCentre: { data: angleCentre, shape: [angles] },
              angleFirst: { data: angleFirst, shape: [angles] },
              angleSecond: { data: angleSecond, shape: [angles] },
              angleSign: { data: angleSign, shape: [angles] },
            }),
      };
    },
  };

  function appendAngles(list: AngleList, atoms: number, bonds: number, shorts: number, angles: number): void {
    const short = reserve('shortBonds', shorts + list.shortCount + 1);
    for (let k = 0; k < list.shortCount; k++) short[shorts + k] = list.short[k] + bonds;
    const [centre, first, second, sign] = [
      reserve('angleCentre', angles + list.count),
      reserve('angleFirst', angles + list.count),
      reserve('angleSecond', angles + list.count),
      reserve('angleSign', angles + list.count),
    ];
    for (let k = 0; k < list.count; k++) {
      centre[angles + k] = list.centre[k] + atoms;
      first[angles + k] = list.first[k] + shorts;
      second[angles + k] = list.second[k] + shorts;
      sign[angles + k] = list.sign[k];
    }
  }
}
