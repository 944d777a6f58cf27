/**
 * March's factor of preferred orientation, (r² cos²α + sin²α/r)^(−3/2) with α between the reflection and the preferred direction (Dollase, J. Appl. Cryst. 19 (1986) 267).
 * r < 1: plates in reflection geometry, whose preferred reflections gain; 1: none. Its mean over the sphere is 1. Reflections are listed one by one, so the mean over equivalent
 * ones comes about by itself.
 *
 * @param cosSquared cos² α
 */
export function marchDollase(cosSquared: number, r: number): number {
  return Math.pow(r * r * cosSquared + (1 - cosSquared) / r, -1.5);
}

/** Derivatives of {@link marchDollase} in cos² α and in r. */
export function marchDollaseSlopes(cosSquared: number, r: number): readonly [number, number] {
  const base = r * r * cosSquared + (1 - cosSquared) / r;
  const outer = -1.5 * Math.pow(base, -2.5);
  return [outer * (r * r - 1 / r), outer * (2 * r * cosSquared - (1 - cosSquared) / (r * r))];
}
