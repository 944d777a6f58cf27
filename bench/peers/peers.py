"""Other codes' loss-and-gradient steps and stick patterns, timed on request.

The first line of standard input is a JSON list of cases; every later line is a request {"code", "case", "threads", "seconds", "least"}
or {"check": case}. The answer is one line of JSON: milliseconds of each call, or what was compared.

crystalyze: the design of Crystalyze's simulator, written anew from its description: every reflection of the index box around the sphere, dense
complex exponentials [reflections, atoms], dense Gaussians [points, reflections] of Caglioti widths, gradient (U, V, W included) by autograd.
"""
import json
import math
import sys
import time
import warnings

import torch
from braggcalculator import BraggCalculator
from braggcalculator.backends.torch_backend import TorchBackend
from braggcalculator.profiles import GaussianProfile
from pymatgen.analysis.diffraction.xrd import ATOMIC_SCATTERING_PARAMS, XRDCalculator
from pymatgen.core import Element, Lattice, Structure

warnings.filterwarnings("ignore")
MOTT_BETHE = 41.78214
# Reflections nearer to 180° have no finite Lorentz factor in float32.
LAST_SINE = 0.9998


class Case:
    """A distorted structure, the target pattern, and the steps at them."""

    def __init__(self, given, setting):
        self.setting = setting
        symbols = [Element.from_Z(z).symbol for z in given["numbers"]]
        species = [{symbol: part} for symbol, part in zip(symbols, given["occupancy"])]
        lattice = torch.tensor(given["lattice"], dtype=torch.float64).reshape(3, 3)
        frac = torch.tensor(given["frac"], dtype=torch.float64).reshape(-1, 3)
        self.structure = Structure(Lattice(lattice.numpy()), species, frac.numpy())
        self.lattice, self.frac = lattice, frac
        self.numbers = torch.tensor(given["numbers"], dtype=torch.float64)
        self.occupancy = torch.tensor(given["occupancy"], dtype=torch.float64)
        self.parameters = torch.tensor([ATOMIC_SCATTERING_PARAMS[s] for s in symbols], dtype=torch.float64)
        self.target = torch.tensor(given["target"], dtype=torch.float64)
        self.ours = {name: torch.tensor(given["ours"][name], dtype=torch.float64) for name in ("pattern", "lattice", "frac")}
        self.our_loss = given["ours"]["loss"]
        self.axis = torch.linspace(setting["start"], setting["stop"], setting["count"], dtype=torch.float64)
        self.calculators = {}

    def dense_pattern(self, lattice, frac, caglioti, last):
        """Pattern from the reflections of the index box around the sphere that ends at 2θ = last degrees, in the type of the lattice.

        As published: every reflection of the box that diffracts at all, a width for each from U, V, W, and arrays of points × reflections for each
        operation on the way to the sum.
        """
        wavelength = self.setting["wavelength"]
        like = {"dtype": lattice.dtype}
        with torch.no_grad():  # which reflections there are is not differentiated
            limit = 2 * math.sin(math.radians(last / 2)) / wavelength
            most = torch.floor(limit * torch.linalg.norm(lattice, dim=1)).int().tolist()
            hkl = torch.cartesian_prod(*(torch.arange(-m, m + 1) for m in most)).to(**like)
            length = torch.linalg.norm(hkl @ torch.linalg.inv(lattice).T, dim=1)
            hkl = hkl[(length > 1e-9) & (wavelength * length / 2 < LAST_SINE)]
        inverse_d = torch.linalg.norm(hkl @ torch.linalg.inv(lattice).T, dim=1)
        s2 = (inverse_d / 2) ** 2
        a, b = self.parameters.to(**like).unbind(-1)
        expansion = (a * torch.exp(-b * s2[:, None, None])).sum(-1)
        form = self.numbers.to(**like) - MOTT_BETHE * s2[:, None] * expansion
        phases = torch.exp(2j * math.pi * (hkl @ frac.T))
        factor = (self.occupancy.to(**like) * form * phases).sum(1)
        theta = torch.asin(wavelength * inverse_d / 2)
        polarization = (1 + torch.cos(2 * theta) ** 2) / (torch.sin(theta) ** 2 * torch.cos(theta))
        intensity = factor.abs() ** 2 * polarization
        center = torch.rad2deg(2 * theta)
        tangent = torch.tan(theta)
        width = torch.sqrt(caglioti[0] * tangent**2 + caglioti[1] * tangent + caglioti[2])
        domain = torch.ones(1, len(center), **like) * self.axis.to(**like)[:, None]
        shapes = 2 * math.sqrt(math.log(2) / math.pi) / width * torch.exp(-4 * math.log(2) / width**2 * (domain - center) ** 2)
        return torch.nansum(intensity * shapes, dim=1)

    def crystalyze(self, dtype, last):
        lattice = self.lattice.to(dtype).clone().requires_grad_()
        frac = self.frac.to(dtype).clone().requires_grad_()
        caglioti = torch.tensor([0, 0, self.setting["fwhmSquared"]], dtype=dtype, requires_grad=True)
        target = self.target.to(dtype)

        def step():
            lattice.grad = frac.grad = caglioti.grad = None
            loss = cosine_loss(self.dense_pattern(lattice, frac, caglioti, last), target)
            loss.backward()
            return loss.item(), lattice.grad, frac.grad

        return step

    def bragg(self, primitive):
        """braggcalculator's calculator, loaded once: its reflections are fixed."""
        if primitive not in self.calculators:
            start, stop, count = (self.setting[name] for name in ("start", "stop", "count"))
            self.calculators[primitive] = BraggCalculator(
                wavelength=self.setting["wavelength"],
                two_theta_range=(start, stop),
                two_theta_step=(stop - start) / (count - 1),
                profile=GaussianProfile(fwhm_deg=math.sqrt(self.setting["fwhmSquared"])),
                backend=TorchBackend(),
                primitive=primitive,
            ).load(self.structure)
        return self.calculators[primitive]

    def braggcalculator(self, primitive):
        calculator = self.bragg(primitive)
        names = ("lattice", "frac_coords")
        tensors = calculator.tensor_parameters(requires_grad=names)
        parameters = {name: tensors[name] for name in names}

        def step():
            for tensor in parameters.values():
                tensor.grad = None
            loss = cosine_loss(calculator.pattern(parameters=parameters)[1], self.target)
            loss.backward()
            return loss.item(), parameters["lattice"].grad, parameters["frac_coords"].grad

        return step

    def sticks(self):
        calculator = XRDCalculator(wavelength=self.setting["wavelength"])
        window = (self.setting["start"], self.setting["stop"])
        return lambda: calculator.get_pattern(self.structure, two_theta_range=window)

    def step_of(self, code):
        return {
            "crystalyze": lambda: self.crystalyze(torch.float32, self.setting["stop"]),
            "braggcalculator": lambda: self.braggcalculator(False),
            "braggcalculatorPrimitive": lambda: self.braggcalculator(True),
            "pymatgenSticks": self.sticks,
        }[code]()

    def check(self):
        """How far the peers are from ours: relative to the largest entry for gradients, absolute for losses, 1 − cosine for patterns."""
        # In float64, and with the reflections beyond the window that reach into it, the restated design is the same function as ours.
        loss, lattice, frac = self.crystalyze(torch.float64, self.setting["guarded"])()
        single_loss, *_ = self.crystalyze(torch.float32, self.setting["stop"])()
        pattern = self.bragg(False).pattern()[1]
        lines = self.sticks()()
        return {
            "loss": abs(loss - self.our_loss),
            "lattice": deviation(lattice.flatten(), self.ours["lattice"]),
            "frac": deviation(frac.flatten(), self.ours["frac"]),
            "float32Loss": abs(single_loss - self.our_loss),
            "braggcalculatorPattern": cosine_loss(pattern, self.ours["pattern"]).item(),
            "pymatgenLines": [list(map(float, lines.x)), list(map(float, lines.y))],
        }


def cosine_loss(pattern, target):
    return 1 - (pattern @ target) / (torch.linalg.norm(pattern) * torch.linalg.norm(target))


def deviation(found, expected):
    # The floor is for gradients that symmetry makes zero.
    return ((found - expected).abs().max() / max(expected.abs().max(), 1e-6)).item()


def times(step, seconds, least):
    """Milliseconds of each call after one to warm up."""
    step()
    found = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(found) < least:
        began = time.perf_counter()
        step()
        found.append(1000 * (time.perf_counter() - began))
    return found


def main():
    given = json.loads(sys.stdin.readline())
    cases = [Case(case, given["setting"]) for case in given["cases"]]
    answer = {"threads": torch.get_num_threads(), "torch": torch.__version__}
    print(json.dumps(answer), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "check" in request:
            answer = cases[request["check"]].check()
        else:
            torch.set_num_threads(request["threads"])
            answer = times(cases[request["case"]].step_of(request["code"]), request["seconds"], request["least"])
        print(json.dumps(answer), flush=True)


main()
