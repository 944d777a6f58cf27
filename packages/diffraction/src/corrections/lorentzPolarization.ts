/**
 * Lorentz-polarization factor on a powder, (1 + K cos² 2θ)/(sin² θ cos θ). K is 1 for an unpolarized X-ray beam without a monochromator (as pymatgen has it),
 * cos² 2θ_M behind or before a monochromator crystal set at 2θ_M, and 0 for neutrons and for a beam polarized at right angles to the plane of diffraction.
 *
 * @param p sin² θ in (0, 1)
 */
export function lorentzPolarization(p: number, polarization = 1): number {
  const cos2 = 1 - 2 * p;
  return (1 + polarization * cos2 * cos2) / (p * Math.sqrt(1 - p));
}
