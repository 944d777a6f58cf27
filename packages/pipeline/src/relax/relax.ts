import { Observable } from 'rxjs';
import { allFinite, determinant3, isBraggscapeError, maxAbs, structureToJson } from '@braggscape/core';
import type { Minimizer, MinimizerStep, Potential, PotentialResult, Projector, Structure, StructureGradient, StructureJson, VectorEvaluation, VectorProblem } from '@braggscape/core';
import { structureParameterization } from '@braggscape/crystal';
import { feasibleStructure, noProjector } from '@braggscape/projectors';
import { energyGradient } from '../objectives/energyObjective.js';
import { isInadmissible } from '../run/inadmissible.js';

/** How a structure is relaxed. */
export interface RelaxOptions {
  readonly minimizer: Minimizer;
  /** Converged where no force is longer than this, eV/Å … */
  readonly forceTolerance: number;
  /**
   * … and no component of the stress, with the pressure added, is larger than this, eV/Å³. Left out: than what does as much work on a strain as the force tolerance on an ångström,
   * forceTolerance·n/V, the criterion of ASE's cell filters.
   */
  readonly stressTolerance?: number;
  /** Pressure, eV/Å³; compression positive. */
  readonly pressure?: number;
  /** Whether the cell moves; default yes. */
  readonly cell?: boolean;
  /** Constraint kept at every step. */
  readonly projector?: Projector;
  readonly maxSteps: number;
  /** Abort to end with a `stopped` event and the best structure so far. */
  readonly signal?: AbortSignal;
}

/** One point of a relaxation. */
export interface RelaxPoint {
  readonly step: number;
  /** eV per cell, with pressure times volume added. */
  readonly enthalpy: number;
  /** eV per cell. */
  readonly energy: number;
  /** Length of the longest force, eV/Å. */
  readonly maxForce: number;
  /** Largest component of stress plus pressure, eV/Å³. */
  readonly maxStress: number;
  readonly structure: StructureJson;
  /** [n][3] eV/Å. */
  readonly forces: readonly (readonly number[])[];
  /** [3][3] eV/Å³. */
  readonly stress: readonly (readonly number[])[];
}

/** Why a relaxation ended. */
export type RelaxStopReason = 'converged' | 'maxSteps' | 'stalled' | 'nonFinite' | 'cancelled';

/** What a relaxation tells its observers. Plain JSON throughout. */
export type RelaxEvent =
  | ({ readonly kind: 'started' } & RelaxPoint)
  | ({ readonly kind: 'stepped'; readonly evaluations: number; readonly seconds: number; readonly rejected: number } & RelaxPoint)
  | {
      readonly kind: 'stopped';
      readonly reason: RelaxStopReason;
      readonly message: string;
      readonly steps: number;
      readonly evaluations: number;
      readonly seconds: number;
      readonly initial: RelaxPoint;
      /** The point that converged, or else the lowest. */
      readonly final: RelaxPoint;
    };

/**
 * Relax atoms, and the cell with them, on a potential until forces and stress are small: H = E + P·V is minimized over cell parameters and coordinates, both measured in Å.
 *
 * Cold. next: `started`, `stepped` for each accepted step, `stopped` with the result. error: what the potential throws at the start, or a fault that no shorter step avoids.
 */
export function relax$(start: Structure, potential: Potential, options: RelaxOptions): Observable<RelaxEvent> {
  return new Observable<RelaxEvent>((subscriber) => {
    const controller = new AbortController();
    const abort = (): void => {
      controller.abort();
    };
    options.signal?.addEventListener('abort', abort, { once: true });
    if (options.signal?.aborted === true) abort();
    relax(start, potential, options, controller.signal, (event) => {
      subscriber.next(event);
    }).then(
      () => {
        subscriber.complete();
      },
      (error: unknown) => {
        subscriber.error(error);
      },
    );
    return () => {
      options.signal?.removeEventListener('abort', abort);
      abort();
    };
  });
}

async function relax(start: Structure, potential: Potential, options: RelaxOptions, signal: AbortSignal, emit: (event: RelaxEvent) => void): Promise<void> {
  const { minimizer, forceTolerance, maxSteps, cell = true } = options;
  const began = performance.now();
  const problem = enthalpyProblem(start, potential, options);
  const pointOf = (step: number, { evaluation }: MinimizerStep): RelaxPoint => problem.pointOf(step, evaluation);
  let current = await minimizer.init(problem, problem.start);
  const initial = pointOf(0, current);
  emit({ kind: 'started', ...initial });
  let [point, best] = [initial, initial];
  const cost = (): { evaluations: number; seconds: number } => ({ evaluations: problem.evaluations(), seconds: (performance.now() - began) / 1000 });
  const converged = (): boolean => point.maxForce <= forceTolerance && (!cell || point.maxStress <= (options.stressTolerance ?? (forceTolerance * start.numbers.length) / volumeOf(point)));
  let reason: RelaxStopReason | undefined = allFinite(Float64Array.of(initial.enthalpy, initial.maxForce, initial.maxStress)) ? undefined : 'nonFinite';
  while (reason === undefined) {
    // The event loop gets its turn, so that cancelling and drawing work.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (converged()) reason = 'converged';
    else if (signal.aborted) reason = 'cancelled';
    else if (point.step >= maxSteps) reason = 'maxSteps';
    else {
      const next = await minimizer.step(problem, current);
      if (next.failed !== undefined) {
        reason = next.failed === 'nonFinite' ? 'nonFinite' : 'stalled';
        break;
      }
      current = next;
      point = pointOf(point.step + 1, current);
      if (point.enthalpy <= best.enthalpy) best = point;
      emit({ kind: 'stepped', ...point, ...cost(), rejected: current.rejected });
    }
  }
  const final = reason === 'converged' ? point : best;
  emit({ kind: 'stopped', reason, message: messages[reason](point.step), steps: point.step, ...cost(), initial, final });
}

function volumeOf({ structure: { lattice } }: RelaxPoint): number {
  return Math.abs(determinant3(Float64Array.from(lattice.flat())));
}

const messages: Readonly<Record<RelaxStopReason, (step: number) => string>> = {
  converged: (step) => `converged after ${step} steps: forces and stress are within the tolerances`,
  maxSteps: (step) => `stopped after ${step} steps, the number allowed; the lowest structure is kept`,
  stalled: (step) => `stalled after ${step} steps: no step lowers the energy by more than its rounding`,
  nonFinite: (step) => `stopped after ${step} steps: no step leads to numbers that are finite`,
  cancelled: (step) => `interrupted after ${step} steps; the lowest structure is kept`,
};

interface EnthalpyProblem extends VectorProblem {
  readonly start: Float64Array;
  pointOf(step: number, evaluation: VectorEvaluation): RelaxPoint;
  evaluations(): number;
}

function enthalpyProblem(structure: Structure, potential: Potential, { pressure = 0, cell = true, projector = noProjector }: RelaxOptions): EnthalpyProblem {
  const parameterization = structureParameterization(structure, { vary: cell ? ['cell', 'coords'] : ['coords'], units: 'angstrom' });
  const found = new WeakMap<VectorEvaluation, { structure: Structure; result: PotentialResult }>();
  let count = 0;
  const evaluateAt = async (x: Float64Array): Promise<VectorEvaluation> => {
    const free = parameterization.unpack(x);
    const at = projector.project(free);
    const result = await potential.compute(at);
    const { energy, forces, stress } = result;
    const n = at.numbers.length;
    const volume = Math.abs(determinant3(at.lattice));
    if (forces === undefined || stress === undefined) throw new Error(`potential "${potential.id}" gives no forces and stress`);
    const perAtom = energyGradient(at, forces, stress.map((value, k) => value + (k % 4 === 0 ? pressure : 0)));
    const gradient: StructureGradient = { lattice: perAtom.lattice.map((value) => value * n), frac: perAtom.frac.map((value) => value * n) };
    const evaluation = { value: energy + pressure * volume, gradient: parameterization.pullback(x, projector.projectGradient(free, gradient)) };
    found.set(evaluation, { structure: at, result });
    return evaluation;
  };
  return {
    size: parameterization.size,
    start: parameterization.pack(feasibleStructure(projector, structure)),
    evaluations: () => count,
    async evaluate(x) {
      count++;
      try {
        return await evaluateAt(x);
      } catch (error) {
        if (count > 1 && isInadmissible(error)) return { value: Number.NaN };
        throw error;
      }
    },
    project(x) {
      try {
        return parameterization.pack(feasibleStructure(projector, parameterization.unpack(x)));
      } catch (error) {
        if (isBraggscapeError(error)) return new Float64Array(x.length).fill(Number.NaN);
        throw error;
      }
    },
    pointOf(step, evaluation) {
      const { structure: at, result } = found.get(evaluation) as { structure: Structure; result: PotentialResult };
      const [forces, stress] = [result.forces as Float64Array, result.stress as Float64Array];
      let longest = 0;
      for (let i = 0; i < forces.length; i += 3) longest = Math.max(longest, Math.hypot(forces[i], forces[i + 1], forces[i + 2]));
      const rows = (values: Float64Array): number[][] => Array.from({ length: values.length / 3 }, (_, i) => [...values.subarray(3 * i, 3 * i + 3)]);
      return {
        step,
        enthalpy: evaluation.value,
        energy: result.energy,
        maxForce: forces.every(Number.isFinite) ? longest : Number.NaN,
        maxStress: maxAbs(stress.map((value, k) => value + (k % 4 === 0 ? pressure : 0))),
        structure: structureToJson(at),
        forces: rows(forces),
        stress: rows(stress),
      };
    },
  };
}
