/** Standard deviations after which a peak is cut, where it has fallen to 2e-11 of its height; assembly/gaussians.ts has the same number. */
export const GAUSSIAN_REACH = 7;
/** The same for reflections beyond the window's ends where peaks are broadened: 4e-6 of a peak is nothing to a pattern that only shows the way, and the reflections cost time. */
export const BROADENED_REACH = 5;

/** Gaussian peaks to be drawn, in buffers to fill. */
export interface PeakBuffers {
  /** [count] degrees. */
  readonly center: Float64Array;
  /** [count] width in degrees: standard deviation of a Gaussian, half width at half maximum of a Lorentzian. 0: the peak is left out. */
  readonly width: Float64Array;
  /** [count] area in intensity times degrees. */
  readonly area: Float64Array;
}

/** Draws Gaussians on one axis, in buffers of its own. */
export interface GaussianPeaks {
  /** Buffers with room for so many peaks; those given before are dead. */
  reserve(count: number): PeakBuffers;
  /** [m] the sum of the first `count` peaks: a work buffer. */
  draw(count: number): Float64Array;
  /**
   * [count, 3] Σ d G, Σ d G u, Σ d G u² with G the peak of unit area and u = 2θ − center, for the peaks drawn last: all that the pullback of drawing needs. A work buffer.
   * @param d [m]
   */
  moments(d: Float64Array): Float64Array;
}
