/** When two structures count as the same. */
export interface MatchTolerances {
  /** Fractional difference of axis lengths. */
  readonly lengthTolerance: number;
  /** Largest displacement of a site in units of (V/n)^(1/3), the mean spacing. */
  readonly siteTolerance: number;
  /** Difference of cell angles, degrees. */
  readonly angleTolerance: number;
  /** Whether the volumes are made equal first. */
  readonly scale: boolean;
}

/** The paper's tolerances (DOI 10.1039/D6DD00017G). */
export const paperTolerances: MatchTolerances = { lengthTolerance: 0.1, siteTolerance: 0.2, angleTolerance: 5, scale: true };

/** Narrow tolerances with volumes as they are: the same structure for most purposes, not merely the same arrangement. */
export const strictTolerances: MatchTolerances = { lengthTolerance: 0.01, siteTolerance: 0.02, angleTolerance: 0.5, scale: false };
