/** e²/(4πε₀) in eV·Å (CODATA 2018). */
export const COULOMB = 14.3996454784936;
