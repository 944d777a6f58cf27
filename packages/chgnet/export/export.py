#!/usr/bin/env python3
"""Writes CHGNet 0.3.0 as a TensorFlow.js graph model, with its gradient inside the graph.

    python -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python export.py

Equal weights give equal bytes; the hashes of what was read and written stand in model/signature.json.
"""

import argparse
import hashlib
import json
from importlib import metadata
from pathlib import Path

from chgnet.model import CHGNet

from network import ATOM_CUTOFF, BOND_CUTOFF, Network

VERSION = "0.3.0"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent.parent / "model", help="folder to write to")
    output = parser.parse_args().output

    state = CHGNet.load(model_name=VERSION, use_device="cpu", verbose=False).state_dict()
    weights = {name: tensor.numpy() for name, tensor in sorted(state.items())}
    digest = hashlib.sha256()
    for name, array in weights.items():
        digest.update(name.encode() + array.tobytes())

    network = Network(weights)
    outputs = network.build()
    files = network.graph.save(output, outputs)
    distribution = metadata.distribution("chgnet")
    licence = next(file for file in distribution.files if file.name == "LICENSE")
    (output / "LICENSE-CHGNET").write_text(licence.locate().read_text())

    elements = len(weights["atom_embedding.embedding.weight"])
    signature = {
        "format": "braggscape-potential/1",
        "name": f"CHGNet {VERSION}",
        "level": "angles",
        "source": "B. Deng et al., Nat. Mach. Intell. 5 (2023) 1031, DOI 10.1038/s42256-023-00716-3",
        "licence": "BSD-3-Clause-LBNL, see LICENSE-CHGNET",
        "units": {"length": "angstrom", "energy": "eV"},
        "dtype": "float32",
        "elements": list(range(1, elements + 1)),
        "cutoff": ATOM_CUTOFF,
        "angleCutoff": BOND_CUTOFF,
        "isolatedAtoms": "error",
        "inputs": {
            "atomicNumbers": "atomic_numbers",
            "bondVectors": "bond_vectors",
            "bondFirst": "bond_first",
            "bondSecond": "bond_second",
            "shortBonds": "short_bonds",
            "angleCentre": "angle_centre",
            "angleFirst": "angle_first",
            "angleSecond": "angle_second",
            "angleSign": "angle_sign",
        },
        "outputs": {"siteEnergies": "site_energies", "bondGradients": "bond_gradients", "magneticMoments": "magnetic_moments"},
        "files": files,
        "made": {"chgnet": distribution.version, "weightsSha256": digest.hexdigest()},
    }
    (output / "signature.json").write_text(json.dumps(signature, indent=2) + "\n")
    nodes = json.loads((output / "model.json").read_text())["modelTopology"]["node"]
    size = sum((output / name).stat().st_size for name in files)
    print(f"{output}: {len(nodes)} nodes, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
