"""Writes the fixtures of the CIF reader's tests, beside this file.

settings.json   for each of the 530 settings of the space groups: symbols, and three structure factors of the orbit of one general
                point as spglib's database of operations gives it.
structures.json CIFs in unusual settings with the sites of the whole cell, expanded by spglib's operations where the CIF only names the
                space group, and by pymatgen's reader where it lists operations.

Run with: python generate.py      (pip install pymatgen spglib)
"""

import importlib.metadata
import json
import pathlib
import warnings

import numpy as np
import spglib
from pymatgen.core import Lattice
from pymatgen.io.cif import CifParser

HERE = pathlib.Path(__file__).parent
VERSIONS = {name: importlib.metadata.version(name) for name in ("spglib", "pymatgen", "numpy")}
GENERAL_POINT = np.array([0.0871, 0.1934, 0.3127])
HKL = np.array([[1, 2, 3], [2, 0, 1], [3, -1, 4]])


def expand(frac, rotations, translations):
    """Distinct images of a point, wrapped."""
    images = []
    for w, t in zip(rotations, translations):
        image = (w @ frac + t) % 1.0
        if not any(np.allclose((image - other + 0.5) % 1.0, 0.5, atol=1e-3) for other in images):
            images.append(image)
    return np.array(images)


def settings():
    entries = []
    for hall_number in range(1, 531):
        kind = spglib.get_spacegroup_type(hall_number)
        database = spglib.get_symmetry_from_database(hall_number)
        orbit = expand(GENERAL_POINT, database["rotations"], database["translations"])
        factors = np.exp(2j * np.pi * (orbit @ HKL.T)).sum(axis=0)
        entries.append(
            {
                "hallNumber": hall_number,
                "number": kind.number,
                "choice": kind.choice,
                "hall": kind.hall_symbol,
                "full": kind.international_full,
                "count": len(orbit),
                "factors": [[round(f.real, 9), round(f.imag, 9)] for f in factors],
            }
        )
    return {"versions": VERSIONS, "point": GENERAL_POINT.tolist(), "hkl": HKL.tolist(), "settings": entries}


def cif(name, cell, symmetry, rows, columns=("label", "type_symbol", "fract_x", "fract_y", "fract_z"), more=""):
    tags = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    lines = [f"data_{name}", *(f"_cell_{tag} {value}" for tag, value in zip(tags, cell)), symmetry.strip(), more.strip(), "loop_"]
    lines += [f"_atom_site_{column}" for column in columns] + [" ".join(str(x) for x in row) for row in rows]
    return "\n".join(line for line in lines if line) + "\n"


def symops(tag, operations):
    return "loop_\n" + tag + "\n" + "\n".join(operations)


# name, cell, symmetry as written, rows, Hall number (None: operations are listed), further text
CASES = [
    ("P21n_symbol", (7.1, 9.3, 11.2, 90, 101.5, 90), "_symmetry_space_group_name_H-M 'P 21/n'",
     [("C1", "C", 0.11, 0.22, 0.33), ("O1", "O", 0.5, 0, 0.5)], 82, ""),
    ("P21n_halves_first", (7.1, 9.3, 11.2, 90, 101.5, 90),
     symops("_symmetry_equiv_pos_as_xyz", ["'x, y, z'", "'1/2-x, 1/2+y, 1/2-z'", "'-x, -y, -z'", "'1/2+x, 1/2-y, 1/2+z'"]),
     [("C1", "C", 0.11, 0.22, 0.33), ("O1", "O", 0.5, 0, 0.5)], None, ""),
    ("P1121b_unique_c", (5.2, 8.1, 6.3, 90, 90, 103.2), "_space_group_name_H-M_alt 'P 1 1 21/b'",
     [("V1", "V", 0.13, 0.27, 0.41)], 86, ""),
    ("P21b_short_unique_c", (5.2, 8.1, 6.3, 90, 90, 103.2), "_space_group_name_H-M_alt 'P21/b'",
     [("V1", "V", 0.13, 0.27, 0.41)], 86, ""),
    ("Rm3m_hexagonal", (4.2, 4.2, 21.7, 90, 90, 120), "_symmetry_space_group_name_H-M 'R -3 m :H'",
     [("Bi1", "Bi", 0, 0, 0.4), ("Te1", "Te", 0, 0, 0), ("Te2", "Te", 0, 0, 0.21)], 458, ""),
    ("Rm3m_rhombohedral", (10.1, 10.1, 10.1, 24.2, 24.2, 24.2), "_symmetry_space_group_name_H-M 'R -3 m'",
     [("Bi1", "Bi", 0.4, 0.4, 0.4), ("Te1", "Te", 0, 0, 0), ("Te2", "Te", 0.21, 0.21, 0.21)], 459, ""),
    ("diamond_origin_1", (3.567, 3.567, 3.567, 90, 90, 90), "_symmetry_space_group_name_H-M 'F d -3 m :1'",
     [("C1", "C", 0, 0, 0)], 525, ""),
    ("spinel_origin_2", (8.08, 8.08, 8.08, 90, 90, 90), "_symmetry_space_group_name_H-M 'F d -3 m Z'",
     [("Mg1", "Mg", 0.125, 0.125, 0.125), ("Al1", "Al", 0.5, 0.5, 0.5), ("O1", "O", 0.2624, 0.2624, 0.2624)], 526, ""),
    ("spinel_origin_by_formula", (8.08, 8.08, 8.08, 90, 90, 90), "_symmetry_space_group_name_H-M 'F d 3 m'",
     [("Mg1", "Mg", 0.125, 0.125, 0.125), ("Al1", "Al", 0.5, 0.5, 0.5), ("O1", "O", 0.2624, 0.2624, 0.2624)], 526,
     "_chemical_formula_sum 'Al2 Mg O4'\n_cell_formula_units_Z 8"),
    ("kesterite_type_Im42m", (5.45, 5.45, 10.86, 90, 90, 90), "_symmetry_space_group_name_H-M 'I-42m'",
     [("Cu1", "Cu+", 0, 0.5, 0.25), ("Fe1", "Fe2+", 0, 0, 0), ("Sn1", "Sn4+", 0, 0, 0.5), ("S1", "S2-", 0.245, 0.245, 0.122)], 398, ""),
    ("Amam", (3.2, 4.4, 10.1, 90, 90, 90), "_symmetry_space_group_name_H-M 'A m a m'",
     [("Ti1", "Ti", 0.25, 0.11, 0), ("O1", "O", 0, 0.31, 0.13)], 301, ""),
    ("Abma_before_1992", (5.36, 13.1, 5.41, 90, 90, 90), "_symmetry_space_group_name_H-M 'A b m a'",
     [("La1", "La", 0.01, 0.14, 0.02), ("Cu1", "Cu", 0.3, 0.4, 0.1)], 306, ""),
    ("Hall_symbol", (7.1, 9.3, 11.2, 90, 101.5, 90), "_space_group_name_Hall '-P 2yn'",
     [("C1", "C", 0.11, 0.22, 0.33)], 82, ""),
    ("number_only", (5.64, 5.64, 5.64, 90, 90, 90), "_symmetry_Int_Tables_number 225",
     [("Na1", "Na1+", 0, 0, 0), ("Cl1", "Cl1-", 0.5, 0.5, 0.5)], 523, ""),
    ("rounded_thirds_upper_case", (4.06, 4.06, 16.96, 90, 90, 120),
     symops("_space_group_symop_operation_xyz", [
         "X,Y,Z", "-Y,X-Y,Z", "Y-X,-X,Z", "-X,-Y,1/2+Z", "Y,Y-X,1/2+Z", "X-Y,X,1/2+Z", "Y,X,-Z", "X-Y,-Y,-Z", "-X,Y-X,-Z", "-Y,-X,1/2-Z",
         "Y-X,Y,1/2-Z", "X,X-Y,1/2-Z", "-X,-Y,-Z", "Y,Y-X,-Z", "X-Y,X,-Z", "X,Y,1/2-Z", "-Y,X-Y,1/2-Z", "Y-X,-X,1/2-Z", "-Y,-X,Z", "Y-X,Y,Z",
         "X,X-Y,Z", "Y,X,1/2+Z", "X-Y,-Y,1/2+Z", "-X,Y-X,1/2+Z"]),
     [("Ga1", "Ga", 0.3333, 0.6667, 0.1723), ("Te1", "Te", 0.3333, 0.6667, 0.6021)], None, ""),
    ("screw_axis_in_decimals", (4.9, 4.9, 5.4, 90, 90, 120),
     symops("_symmetry_equiv_pos_as_xyz",
            ["x,y,z", "-y,x-y,z+0.6667", "-x+y,-x,z+0.3333", "x-y,-y,-z+0.3333", "-x,-x+y,-z+0.6667", "y,x,-z"]),
     [("Si1", "Si", 0.4697, 0, 0.6667), ("O1", "O", 0.4135, 0.2669, 0.1191)], None, ""),
]


def expected(text, cell, rows, hall_number):
    lattice = Lattice.from_parameters(*cell)
    if hall_number is None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            structure = CifParser.from_str(text).parse_structures(primitive=False)[0]
        sites = [(site.specie.symbol, (site.frac_coords % 1.0).tolist()) for site in structure]
    else:
        database = spglib.get_symmetry_from_database(hall_number)
        sites = []
        for row in rows:
            symbol = row[1].rstrip("+-0123456789")
            for image in expand(np.array(row[2:5], float), database["rotations"], database["translations"]):
                sites.append((symbol, image.tolist()))
    return {"volume": lattice.volume, "sites": [[symbol, [round(x, 7) for x in frac]] for symbol, frac in sites]}


def equivalent_displacements():
    """U_eq of anisotropic tensors: one third of the trace of the Cartesian tensor, for a triclinic cell."""
    cell = (6.1, 7.3, 8.9, 82.0, 97.0, 111.0)
    tensors = {"U": [0.021, 0.034, 0.012, 0.004, -0.003, 0.006], "B": [1.5, 2.1, 0.9, 0.2, -0.1, 0.3]}
    lattice = Lattice.from_parameters(*cell)
    scale = np.diag(np.linalg.norm(np.linalg.inv(lattice.matrix), axis=0))
    out = {}
    for letter, (t11, t22, t33, t12, t13, t23) in tensors.items():
        tensor = np.array([[t11, t12, t13], [t12, t22, t23], [t13, t23, t33]])
        trace = np.trace(lattice.matrix.T @ scale @ tensor @ scale @ lattice.matrix) / 3
        out[letter] = {"tensor": tensors[letter], "uIso": trace if letter == "U" else trace / (8 * np.pi**2)}
    return {"cell": cell, **out}


def structures():
    entries = []
    for name, cell, symmetry, rows, hall_number, more in CASES:
        text = cif(name, cell, symmetry, rows, more=more)
        entries.append({"name": name, "cif": text, **expected(text, cell, rows, hall_number)})
    return {"versions": VERSIONS, "structures": entries, "displacements": equivalent_displacements()}


def write(name, data):
    """One entry a line, to keep changes readable."""
    lists = {key: value for key, value in data.items() if isinstance(value, list) and value and isinstance(value[0], dict)}
    head = {key: value for key, value in data.items() if key not in lists}
    text = json.dumps(head)[:-1]
    for key, entries in lists.items():
        text += f',\n"{key}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"
    (HERE / name).write_text(text + "}\n")


if __name__ == "__main__":
    write("settings.json", settings())
    write("structures.json", structures())
