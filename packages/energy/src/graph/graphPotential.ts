import { BraggscapeError } from '@braggscape/core';
import type { Potential, PotentialResult, Structure } from '@braggscape/core';
import { checkDistances, checkIsolated, checkSites } from '../checkStructure.js';
import { forcesAndStress } from '../neighbours/bondSums.js';
import { neighbourSearch } from '../neighbours/neighbourSearch.js';
import type { NeighbourList } from '../neighbours/neighbourList.js';
import { checkDerivatives } from './checkDerivatives.js';
import { compiledExecutor } from './compiled/compiledExecutor.js';
import { NotCompilable } from './compiled/graphReading.js';
import { differentiateGraph } from './differentiateGraph.js';
import { graphFeed } from './graphFeed.js';
import type { FedStructure } from './graphFeed.js';
import type { GraphExecutor, GraphModel } from './graphModel.js';
import type { PotentialParts } from './potentialParts.js';
import { loadGraphModel } from './loadGraphModel.js';
import type { LoadedModel } from './loadGraphModel.js';
import { levelInputs } from './potentialSignature.js';
import type { PotentialSignature } from './potentialSignature.js';
import { positionsPotential } from './positionsPotential.js';
import { tensorflowExecutor } from './tensorflow/tensorflowExecutor.js';
import type { Backend } from './tensorflow/tensorflow.js';

/** How a graph model becomes a potential. */
export interface GraphPotentialOptions {
  /** Name in configurations and messages; the signature's name if left out. */
  readonly id?: string;
  /** Where it is evaluated; `auto` is `wasm`. */
  readonly backend?: Backend;
  /** Whether forces and stress are compared with differences of the energy before first use. */
  readonly check?: boolean;
  /** Whether a graph is compiled on the backend `wasm` where that can be done; default yes. */
  readonly compile?: boolean;
  /** Folder that a relative path starts from. */
  readonly base?: string;
  /**
   * Å by which the list of neighbours reaches beyond the cutoff, to be used for several steps.
   * @see neighbourSearch
   */
  readonly skin?: number;
}

/** One unit of energy in eV (CODATA 2018; a calorie is 4.184 J). */
const electronVolts = { eV: 1, hartree: 27.211386245988, 'kcal/mol': 0.0433641153087705, 'kJ/mol': 0.0103642696562631 } as const;
/** One unit of length in Å. */
const angstroms = { angstrom: 1, bohr: 0.529177210903 } as const;

/**
 * A potential from a folder with a TensorFlow.js graph model and its signature.
 *
 * On the backend `wasm` the graph is compiled, if it consists of operations that the compiler knows, and left to TensorFlow.js otherwise.
 *
 * @param folder a path or URL
 * @throws BraggscapeError `file.missing`, `potential.invalid` or `backend.unavailable`, before anything is computed
 */
export async function graphPotential(folder: string | URL, options: GraphPotentialOptions = {}): Promise<Potential> {
  const loaded = await loadGraphModel(folder, options.base);
  return potentialFromModel(loaded, options);
}

/** A potential from a graph model that is in memory. */
export async function potentialFromModel(loaded: LoadedModel, { id = loaded.signature.name, backend = 'auto', check = true, compile = true, skin = 0.3 }: GraphPotentialOptions = {}): Promise<Potential> {
  const { model, signature, place } = withGradient(loaded);
  const units = { length: angstroms[signature.units.length], energy: electronVolts[signature.units.energy] };
  const executor = await executorFor(model, signature, backend, compile);
  const potential = signature.level === 'positions' ? positionsPotential({ id, signature, executor, units }) : bondsPotential({ id, signature, executor, units, skin });
  if (check) await checkDerivatives(potential, signature, units.length, place);
  return potential;
}

/** A model whose graph gives gradients: itself, or differentiated. */
function withGradient(loaded: LoadedModel): LoadedModel {
  const { model, signature, place } = loaded;
  if (signature.level === 'positions' || 'bondGradients' in signature.outputs) return loaded;
  const output = 'bondGradients';
  const of = model.outputs.get(signature.outputs.siteEnergies) as string;
  return {
    ...loaded,
    model: differentiateGraph(model, shapesOf(signature), { of, by: signature.inputs.bondVectors, output, path: place }),
    signature: { ...signature, outputs: { ...signature.outputs, [output]: output } },
  };
}

function shapesOf({ level, inputs }: PotentialSignature): ReadonlyMap<string, readonly (string | number)[]> {
  return new Map(Object.entries(inputs).map(([key, name]) => [name, levelInputs[level][key]]));
}

async function executorFor(model: GraphModel, signature: PotentialSignature, chosen: Backend, compile: boolean): Promise<GraphExecutor> {
  const backend = chosen === 'auto' ? 'wasm' : chosen;
  if (backend !== 'wasm' || !compile) return tensorflowExecutor(model, backend);
  try {
    return await compiledExecutor(model, shapesOf(signature));
  } catch (error) {
    if (!(error instanceof NotCompilable)) throw error;
    return tensorflowExecutor(model, 'wasm');
  }
}

/** Levels `bonds` and `angles`: the graph gives energies of sites and gradients in the bonds' vectors, forces and stress are summed here in double precision. */
function bondsPotential({ id, signature, executor, units, skin }: PotentialParts & { readonly skin: number }): Potential {
  const cutoff = signature.cutoff * units.length;
  const elements = signature.elements.length === 0 ? undefined : new Set(signature.elements);
  const searches = [neighbourSearch(cutoff, { skin })];
  const feed = graphFeed(1 / units.length, signature.angleCutoff === null ? undefined : signature.angleCutoff * units.length, executor.takesEmpty === true ? undefined : cutoff);
  const bondsOf = (structure: Structure, slot: number): NeighbourList => {
    checkSites(structure, id, elements);
    const bonds = (searches[slot] ??= neighbourSearch(cutoff, { skin }))(structure);
    checkDistances(structure, bonds);
    if (signature.isolatedAtoms === 'error') checkIsolated(structure, bonds, id, cutoff);
    return bonds;
  };
  const computeMany = async (structures: readonly Structure[], signal?: AbortSignal): Promise<PotentialResult[]> => {
    signal?.throwIfAborted();
    if (structures.length === 0) return [];
    const parts = structures.map((structure, slot): FedStructure => ({ structure, bonds: bondsOf(structure, slot) }));
    const inputs = feed.fill(parts);
    const outputs = await executor.run(Object.fromEntries(Object.entries(signature.inputs).map(([key, name]) => [name, inputs[key]])));
    const output = (key: string): Float32Array | undefined => (key in signature.outputs ? outputs[signature.outputs[key]] : undefined);
    const [siteEnergies, gradients, moments] = [output('siteEnergies') ?? missing('siteEnergies'), output('bondGradients') ?? missing('bondGradients'), output('magneticMoments')];
    let [atom, bond] = [0, 0];
    return parts.map(({ structure, bonds }) => {
      const n = structure.numbers.length;
      let energy = 0;
      for (let i = 0; i < n; i++) energy += siteEnergies[atom + i];
      const sums = forcesAndStress(structure.lattice, n, bonds, gradients, bond, units.energy / units.length);
      const sites = moments === undefined ? {} : { sites: { magneticMoments: Float64Array.from(moments.subarray(atom, atom + n)) } };
      atom += n;
      bond += bonds.count;
      return { energy: energy * units.energy, ...sums, ...sites };
    });
  };
  return {
    id,
    backend: executor.backend,
    provides: new Set(['forces', 'stress']),
    ...(elements === undefined ? {} : { elements }),
    compute: async (structure, signal) => (await computeMany([structure], signal))[0],
    computeMany,
    dispose: () => {
      executor.dispose();
    },
  };
}

function missing(output: string): never {
  throw new BraggscapeError('potential.invalid', `the graph gives no ${output}`);
}
