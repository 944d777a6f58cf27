/**
 * Lorentz-polarization factor of an unpolarized beam on a powder, (1 + cos² 2θ)/(sin² θ cos θ), as pymatgen has it.
 * @param p sin² θ in (0, 1)
 */
export function lorentzPolarization(p: number): number {
  const cos2 = 1 - 2 * p;
  return (1 + cos2 * cos2) / (p * Math.sqrt(1 - p));
}

/** Derivative of {@link lorentzPolarization} in p = sin² θ. */
export function lorentzPolarizationSlope(p: number): number {
  const cos2 = 1 - 2 * p;
  const numerator = 1 + cos2 * cos2;
  const root = Math.sqrt(1 - p);
  // d/dp [N / (p √(1−p))] with N′ = −4 cos 2θ.
  return (-4 * cos2) / (p * root) - numerator / (p * p * root) + numerator / (2 * p * root * (1 - p));
}
