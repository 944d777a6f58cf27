"""Read written_pattern.cif, as our writer writes it, with gemmi and pymatgen, and check what they find.

The test "writes what other programs read" keeps the writer to that file. Needs gemmi (0.7.5) and pymatgen (2026).
"""

from pathlib import Path

from gemmi import cif
from pymatgen.io.cif import CifFile

path = Path(__file__).with_name("written_pattern.cif")
POINTS = [(10.0, 100.0, 10.0, 98.5, 5.0), (10.02, 1e-7, 0.5, 12.0, 5.0), (10.04, 225.0, 15.0, 220.0, 5.5)]
TAGS = ["_pd_meas_2theta_scan", "_pd_meas_intensity_total", "_pd_meas_intensity_total_su", "_pd_calc_intensity_total", "_pd_proc_intensity_bkg_calc"]

block = cif.read(str(path)).sole_block()
assert [tuple(map(float, row)) for row in block.find(TAGS)] == POINTS
assert [tuple(map(float, row)) for row in block.find(["_diffrn_radiation_wavelength", "_diffrn_radiation_wavelength_wt"])] == [(1.54056, 1), (1.54439, 0.5)]
assert block.find_value("_diffrn_radiation_probe") == "x-ray"
assert "10.5 to 11 degrees" in cif.as_string(block.find_value("_pd_proc_info_excluded_regions"))

data = CifFile.from_file(path).data["my_scan"]
assert [tuple(map(float, row)) for row in zip(*(data[tag] for tag in TAGS))] == POINTS
print("gemmi and pymatgen read", path.name)
