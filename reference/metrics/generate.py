"""Writes the fixture of the losses' tests, losses.json, beside this file: pairs of patterns and what each loss makes of them.

Written from the published formulas in the plainest way, sums over pairs where the formula has them, and not from the code that is tested:

entropy            Y. Li et al., Nat. Methods 18 (2021) 1524: Shannon entropies of the patterns and of their mean; with the published
                   re-weighting of patterns of entropy below 3.
cross-correlation  R. de Gelder, R. Wehrens & J. A. Hageman, J. Comput. Chem. 22 (2001) 273: double sum with the triangle.
wasserstein        scipy.stats.wasserstein_distance
rwp                B. H. Toby, Powder Diffr. 21 (2006) 67; the scale by numpy's least squares
poisson            deviance of the Poisson distribution a point; the scale by scipy's search for the minimum

A point of an uneven axis stands for half of the way to either neighbor, an end for as much outside as inside.

Run with: python generate.py      (pip install numpy scipy)
"""

import importlib.metadata
import json
import pathlib

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import rel_entr, xlogy
from scipy.stats import wasserstein_distance

HERE = pathlib.Path(__file__).parent
VERSIONS = {name: importlib.metadata.version(name) for name in ("numpy", "scipy")}


def widths(x):
    steps = np.diff(x)
    return (np.concatenate([steps[:1], steps]) + np.concatenate([steps, steps[-1:]])) / 2


def shannon(p):
    return -xlogy(p, p).sum()


def reweighted(p):
    s = shannon(p)
    if s >= 3:
        return p
    p = p ** (0.25 + 0.25 * s)
    return p / p.sum()


def entropy(y, y0, weighting):
    p, q = np.clip(y, 0, None), np.clip(y0, 0, None)
    p, q = p / p.sum(), q / q.sum()
    if weighting:
        p, q = reweighted(p), reweighted(q)
    similarity = 1 - (2 * shannon((p + q) / 2) - shannon(p) - shannon(q)) / np.log(4)
    return 1 - similarity


def cross_correlation(x, y, y0, width):
    f, g = y * widths(x), y0 * widths(x)

    def integral(a, b):
        total = 0.0
        for i in range(len(x)):
            for j in range(len(x)):
                r = abs(x[i] - x[j])
                if r < width:
                    total += (1 - r / width) * a[i] * b[j]
        return total

    return 1 - integral(f, g) / np.sqrt(integral(f, f) * integral(g, g))


def wasserstein(x, y, y0):
    return wasserstein_distance(x, x, np.clip(y, 0, None) * widths(x), np.clip(y0, 0, None) * widths(x))


def rwp(y, y0, sigma, fitted):
    w = 1 / (np.maximum(y0, 1) if sigma is None else sigma**2)
    scale = np.linalg.lstsq(np.sqrt(w)[:, None] * y[:, None], np.sqrt(w) * y0, rcond=None)[0][0] if fitted else 1
    return np.sqrt((w * (y0 - scale * y) ** 2).sum() / (w * y0**2).sum())


def poisson(y, y0, fitted):
    """None where it is infinite: no intensity calculated where there is some observed."""
    y0 = np.clip(y0, 0, None)
    if ((y <= 0) & (y0 > 0)).any():
        return None

    def deviance(scale):
        return 2 * (scale * y - y0 + rel_entr(y0, scale * y)).sum() / len(y)

    if not fitted:
        return deviance(1.0)
    guess = y0.sum() / y.sum()
    return minimize_scalar(deviance, bounds=(0.3 * guess, 3.1 * guess), options={"xatol": 1e-9 * guess}).fun


def peaks(x, lines, background=0.0, fwhm=0.4):
    y = background + sum(height * np.exp(-4 * np.log(2) * ((x - at) / fwhm) ** 2) for at, height in lines)
    return np.array([float(f"{value:.6g}") if value > 1e-9 else 0.0 for value in y])


def cases():
    random = np.random.default_rng(20260101)
    even = np.round(np.linspace(20, 28, 81), 6)
    uneven = np.round(20 + 8 * np.linspace(0, 1, 70) ** 1.7, 6)
    many = [(at, 40 + 17 * i % 90) for i, at in enumerate((20.3, 21.9, 23.4, 24.1, 25.8, 27.2))]
    moved = [(at + 0.13, height * 1.2) for at, height in many]
    noisy = np.round(peaks(even, many) + random.normal(0, 3, len(even)), 4)
    counts = random.poisson(peaks(even, many, 12)).astype(float)
    yield "even axis, background", even, peaks(even, moved, 2), peaks(even, many, 3), None
    yield "even axis, zeros between peaks", even, peaks(even, [(22, 5)]), peaks(even, [(22.5, 50), (25, 20)]), None
    yield "two peaks a point wide, entropy below 3", even, peaks(even, [(22, 9), (25, 3)], 0.01, 0.1), peaks(even, [(22, 7), (25, 6)], 0.01, 0.1), None
    yield "uneven axis", uneven, peaks(uneven, moved, 2, 0.5), peaks(uneven, many, 3, 0.5), None
    yield "negative observed intensities", even, peaks(even, moved, 0.5), noisy, np.round(random.uniform(1, 4, len(even)), 4)
    yield "counts", even, peaks(even, moved, 15), counts, np.round(np.sqrt(np.maximum(counts, 1)), 6)


def main():
    entries = []
    for name, x, y, y0, sigma in cases():
        entries.append(
            {
                "name": name,
                "twoTheta": x.tolist(),
                "calc": y.tolist(),
                "observed": y0.tolist(),
                "sigma": None if sigma is None else sigma.tolist(),
                "losses": {
                    "entropy": entropy(y, y0, False),
                    "entropyWeighted": entropy(y, y0, True),
                    "crossCorrelation": {str(width): cross_correlation(x, y, y0, width) for width in (0.05, 0.33, 1.0, 2.5, 20.0)},
                    "wasserstein": wasserstein(x, y, y0),
                    "rwp": {"none": rwp(y, y0, sigma, False), "least-squares": rwp(y, y0, sigma, True)},
                    "poisson": {"none": poisson(y, y0, False), "fitted": poisson(y, y0, True)},
                },
            }
        )
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    (HERE / "losses.json").write_text(f'{{"versions": {json.dumps(VERSIONS)}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
