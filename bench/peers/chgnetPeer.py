"""CHGNet in PyTorch with one thread, for energy.mjs: one JSON object a line in, one out. Times are CPU times."""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
answers = sys.stdout
sys.stdout = sys.stderr

import torch
from chgnet.model import CHGNet, StructOptimizer
from pymatgen.core import Structure

torch.set_num_threads(1)
model = CHGNet.load(model_name="0.3.0", use_device="cpu", verbose=False)
cases = []


def structure_of(given):
    rows = lambda values: [values[i : i + 3] for i in range(0, len(values), 3)]
    return Structure(rows(given["lattice"]), given["species"], rows(given["frac"]))


def cpu_ms(run, seconds, least=3):
    run()
    began, count = time.process_time(), 0
    while count < least or time.process_time() - began < seconds:
        run()
        count += 1
    return 1000 * (time.process_time() - began) / count


def answer(request):
    if "cases" in request:
        for given in request["cases"]:
            structure = structure_of(given)
            cases.append((structure, model.graph_converter(structure)))
        return len(cases)
    if "energy" in request:
        return float(model.predict_graph(cases[request["energy"]][1], task="efs")["e"])
    if "time" in request:
        structure, graph = cases[request["case"]]
        batch = request["batch"]
        run = {
            "single": lambda: model.predict_graph(graph, task="efs"),
            "batched": lambda: model.predict_graph([graph] * batch, task="efs", batch_size=batch),
            "graph": lambda: model.graph_converter(structure),
        }[request["time"]]
        return cpu_ms(run, request["seconds"]) / (batch if request["time"] == "batched" else 1)
    result = StructOptimizer(model=model, optimizer_class="FIRE", use_device="cpu").relax(structure_of(request["relax"]), fmax=0.05, steps=500, verbose=False)
    final = result["final_structure"]
    energy = float(model.predict_structure(final, task="e")["e"])
    return {"lattice": final.lattice.matrix.flatten().tolist(), "frac": final.frac_coords.flatten().tolist(), "energy": energy}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=answers, flush=True)
