"""Numbers of test/conformance/measuredScans.spec.ts, read from the files by gemmi.

python measured_scans.py FILE...
"""

import sys

from gemmi import cif

X, Y, W = "_pd_proc_2theta_corrected", "_pd_proc_intensity_net", "_pd_proc_ls_weight"

for path in sys.argv[1:]:
    document = cif.read(path)
    for block in document:
        table = block.find([X, Y])
        if not len(table):
            continue
        x = [float(row[0]) for row in table]
        y = [cif.as_number(row[1]) for row in table]
        w = [float(row[0]) for row in block.find([W])]
        k = len(x) // 2
        print(path, block.name, len(x))
        print("  first", x[0], y[0], "middle", k, x[k], y[k], "last", x[-1], y[-1], "sum", sum(y), "largest", max(y))
        if w:
            print("  weights", w[0], w[-1], "first w*y", w[0] * y[0], "w*w/y", w[0] ** 2 / y[0])
    for block in document:
        print("  wavelength", block.name, list(block.find_values("_diffrn_radiation_wavelength")))
