"""Writes a TensorFlow.js graph model node by node, with numpy alone.

The names of operations and attributes are TensorFlow's; which of them TensorFlow.js knows is listed in its converter's op tables.
"""

import hashlib
import json
from pathlib import Path

import numpy as np

DTYPES = {"float32": "DT_FLOAT", "int32": "DT_INT32"}


class Tensor:
    """An output of a node: its name, the width of its rows where it has any, and its type."""

    __slots__ = ("name", "width", "dtype")

    def __init__(self, name, width=None, dtype="float32"):
        self.name, self.width, self.dtype = name, width, dtype


class Graph:
    """Nodes in the order they are made; equal constants are one constant, equal nodes one node."""

    def __init__(self):
        self.nodes, self.constants, self.inputs = [], [], {}
        self.made, self.counts, self.scope = {}, {}, []

    def input(self, name, shape, dtype):
        """A placeholder; names in `shape` stand for sizes known at run time, equal names for equal sizes."""
        dims = [{"size": str(d if isinstance(d, int) else -1)} for d in shape]
        self.nodes.append({"name": name, "op": "Placeholder", "attr": {"dtype": {"type": DTYPES[dtype]}, "shape": {"shape": {"dim": dims}}}})
        self.inputs[name] = (shape, dtype)
        return Tensor(name, shape[1] if len(shape) > 1 else None, dtype)

    def constant(self, values, dtype="float32"):
        array = np.ascontiguousarray(values, dtype=dtype)
        key = ("Const", dtype, array.shape, array.tobytes())
        if key not in self.made:
            name = self.unique("constant")
            self.nodes.append({"name": name, "op": "Const", "attr": {"dtype": {"type": DTYPES[dtype]}}})
            self.constants.append((name, array))
            self.made[key] = Tensor(name, array.shape[-1] if array.ndim == 2 else None, dtype)
        return self.made[key]

    def node(self, op, inputs, width=None, dtype="float32", **attributes):
        key = (op, tuple(t.name for t in inputs), json.dumps(attributes, sort_keys=True))
        if key not in self.made:
            name = self.unique(op)
            self.nodes.append({"name": name, "op": op, "input": [t.name for t in inputs], "attr": {"T": {"type": DTYPES[dtype]}, **attributes}})
            self.made[key] = Tensor(name, width, dtype)
        return self.made[key]

    def unique(self, name):
        path = "/".join([*self.scope, name])
        self.counts[path] = self.counts.get(path, -1) + 1
        return f"{path}_{self.counts[path]}"

    def save(self, folder, outputs, shard="weights.bin"):
        """Keep what the outputs need and write model.json and its shard; equal graphs give equal bytes. Returns the files' SHA-256."""
        by_name = {node["name"]: node for node in self.nodes}
        needed, stack = set(), [tensor.name for tensor in outputs.values()]
        while stack:
            name = stack.pop()
            if name not in needed:
                needed.add(name)
                stack += by_name[name].get("input", [])
        nodes = [node for node in self.nodes if node["name"] in needed or node["op"] == "Placeholder"]
        constants = [(name, array) for name, array in self.constants if name in needed]

        def entry(name, shape, dtype):
            return {"name": name, "dtype": DTYPES[dtype], "tensorShape": {"dim": [{"size": str(d if isinstance(d, int) else -1)} for d in shape]}}

        model = {
            "format": "graph-model",
            "signature": {
                "inputs": {name: entry(name, *what) for name, what in self.inputs.items()},
                "outputs": {key: entry(tensor.name, ["rows"] if tensor.width is None else ["rows", tensor.width], tensor.dtype) for key, tensor in outputs.items()},
            },
            "modelTopology": {"node": nodes, "versions": {"producer": 1}},
            "weightsManifest": [
                {"paths": [shard], "weights": [{"name": name, "shape": list(array.shape), "dtype": str(array.dtype)} for name, array in constants]}
            ],
        }
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        contents = {
            "model.json": (json.dumps(model, separators=(",", ":")) + "\n").encode(),
            shard: b"".join(array.tobytes() for _, array in constants),
        }
        for name, data in contents.items():
            (folder / name).write_bytes(data)
        return {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
