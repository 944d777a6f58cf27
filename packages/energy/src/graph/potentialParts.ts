import type { GraphExecutor } from './graphModel.js';
import type { PotentialSignature } from './potentialSignature.js';

/** What a graph's potential is made of. */
export interface PotentialParts {
  readonly id: string;
  readonly signature: PotentialSignature;
  readonly executor: GraphExecutor;
  /** The graph's units in Å and eV. */
  readonly units: { readonly length: number; readonly energy: number };
}
