"""CHGNet 0.3.0 as a graph from bond vectors to site energies and their gradient.

The network is that of Deng et al., Nat. Mach. Intell. 5 (2023) 1031, DOI 10.1038/s42256-023-00716-3; how it is computed differs where that saves time and changes nothing:

- W·[v_i, e, v_j] is split into products on atoms, undirected bonds and angles, which are gathered and added afterwards;
- the mean that layer normalization takes off is taken off the linear map before it;
- angles' and bonds' basis functions go through the first layers' weights directly, multiplied in advance;
- bonds longer than the bond graph's cutoff take no part in bond convolutions, whose output map has no bias;
- the last angle layer, which nothing reads, is left out.
"""

from math import pi, sqrt

import numpy as np

from graph import Graph
from tape import Tape, Value

WIDTH = 64
CENTRE = np.eye(WIDTH) - 1 / WIDTH
ATOM_CUTOFF, BOND_CUTOFF = 6.0, 3.0
# Cosines of angles are multiplied by this, as in the original, so that the derivative of the arc cosine stays finite.
COSINE_FACTOR = 1 - 1e-6


def padded_rows(matrix, count):
    return np.vstack([matrix, np.zeros((count - len(matrix), matrix.shape[1]))])


class Network:
    def __init__(self, weights):
        self.weights = {name: np.asarray(value, np.float64) for name, value in weights.items()}
        self.graph = Graph()
        self.tape = Tape(self.graph)

    def matrix(self, name):
        return self.weights[f"{name}.weight"].T

    def bias(self, name):
        return self.weights[f"{name}.bias"]

    def build(self):
        """Returns the outputs by name."""
        graph, tape = self.graph, self.tape
        z = graph.input("atomic_numbers", ["atoms"], "int32")
        vectors = graph.input("bond_vectors", ["bonds", 3], "float32")
        first = graph.input("bond_first", ["bonds"], "int32")
        second = graph.input("bond_second", ["bonds"], "int32")
        short = graph.input("short_bonds", ["shortBonds"], "int32")
        centre = graph.input("angle_centre", ["angles"], "int32")
        one = graph.input("angle_first", ["angles"], "int32")
        other = graph.input("angle_second", ["angles"], "int32")
        sign = graph.input("angle_sign", ["angles"], "float32")

        self.atoms, self.bonds, self.shorts = self.count(z), self.count(first), self.count(short)
        both = graph.node("Range", [graph.constant(0, "int32"), self.bonds, graph.constant(1, "int32")], dtype="int32", Tidx={"type": "DT_INT32"})
        self.start = self.column(self.concatenated(first, second))
        self.end = self.column(self.concatenated(second, first))
        self.undirected = self.column(self.concatenated(both, both))
        self.short, self.centre = self.column(short), self.column(centre)
        self.one, self.other = self.column(one), self.column(other)
        species = self.column(graph.node("Sub", [z, graph.constant(1, "int32")], dtype="int32"))

        square = tape.row_sum(tape.mul(vectors, vectors))
        inverse = tape.unary("Rsqrt", square)
        length = Value(tape.mul(square, inverse))
        direction = Value(tape.mul(vectors, inverse))

        site, moment = self.energies(species, length, direction, self.column(sign))
        tape.backward()

        # Gradient in the bond vector from those in its length and direction.
        u, g = direction.tensor, direction.gradient
        along = tape.row_sum(tape.mul(u, g))
        gradient = tape.add(tape.mul(inverse, tape.sub(g, tape.mul(u, along))), tape.mul(u, length.gradient))
        return {"site_energies": self.flat(site), "bond_gradients": gradient, "magnetic_moments": self.flat(moment)}

    def energies(self, species, length, direction, sign):
        tape = self.tape
        atom_basis, self.bond_basis = self.radial(length, "rbf_expansion_ag", ATOM_CUTOFF), None
        self.bond_basis = self.radial(tape.gather(length, self.short, self.bonds), "rbf_expansion_bg", BOND_CUTOFF)
        basis = self.angular(tape.gather(direction, self.short, self.bonds), sign)

        v = Value(tape.take(tape.constant(self.weights["atom_embedding.embedding.weight"]), species))
        bond_map = padded_rows(self.matrix("bond_embedding"), 32)
        e = [(atom_basis, bond_map)]
        angle_map = self.matrix("angle_embedding") / sqrt(pi)
        sines, cosines = padded_rows(angle_map[1:16], 16), np.vstack([angle_map[16:], angle_map[:1] * sqrt(0.5)])
        a = [(basis[0], sines), (basis[1], cosines)]

        atom_weights = tape.gather(tape.linear(atom_basis, padded_rows(self.matrix("bond_weights_ag"), 32)), self.undirected, self.bonds)
        short_weights = tape.linear(self.bond_basis, padded_rows(self.matrix("bond_weights_bg"), 32))
        pair_weights = tape.multiply(tape.gather(short_weights, self.one, self.shorts), tape.gather(short_weights, self.other, self.shorts))

        short_e = [(tape.gather(atom_basis, self.short, self.bonds), bond_map)]
        before_last = None
        for layer in range(4):
            v = tape.sum(v, self.atom_message(f"atom_conv_layers.{layer}", v, e, atom_weights))
            if layer == 3:
                break
            before_last = v
            change = self.bond_change(f"bond_conv_layers.{layer}", v, short_e, a, pair_weights)
            e = self.with_change(e, tape.scatter(change, self.short, self.bonds))
            if layer == 2:
                continue
            short_e = self.with_change(short_e, change)
            a = self.with_change(a, self.angle_change(f"angle_layers.{layer}", v, short_e, a))

        x = tape.normalize(tape.centred(v), self.weights["readout_norm.weight"], self.weights["readout_norm.bias"])
        for layer in (0, 2, 4):
            x = tape.silu(tape.linear(x, self.matrix(f"mlp.layers.{layer}"), self.bias(f"mlp.layers.{layer}")))
        last = self.matrix("mlp.layers.7")
        energy = tape.add(tape.product(x.tensor, last), tape.number(self.bias("mlp.layers.7")[0]))
        x.gradient = tape.constant(last.T)
        reference = tape.take(tape.constant(self.weights["composition_model.fc.weight"].T), species)
        moment = tape.unary("Abs", tape.add(tape.product(before_last.tensor, self.matrix("site_wise")), tape.number(self.bias("site_wise")[0])))
        return tape.add(energy, reference), moment

    def atom_message(self, name, v, e, weights):
        """Sum over the bonds of each atom; core and gate see both atoms and the bond."""
        tape, gated = self.tape, f"{name}.twoBody_atom"
        outputs = []
        for part, norm in (("core", "bn1"), ("gate", "bn2")):
            w, b = self.matrix(f"{gated}.mlp_{part}.layers.0"), self.bias(f"{gated}.mlp_{part}.layers.0")
            hidden = tape.silu(
                tape.sum(
                    tape.gather(tape.linear(v, w[:WIDTH], b), self.start, self.atoms),
                    tape.gather(tape.linear(v, w[2 * WIDTH :]), self.end, self.atoms),
                    tape.gather(self.through(e, w[WIDTH : 2 * WIDTH]), self.undirected, self.bonds),
                )
            )
            outputs.append(self.normalized(hidden, f"{gated}.mlp_{part}.layers.3", f"{gated}.{norm}"))
        message = tape.multiply(tape.multiply(tape.silu(outputs[0]), tape.sigmoid(outputs[1])), weights)
        return tape.linear(tape.scatter(message, self.start, self.atoms), self.matrix(f"{name}.mlp_out.layers.1"))

    def bond_change(self, name, v, short_e, a, weights):
        """Sum over the angles of each short bond."""
        tape, gated = self.tape, f"{name}.twoBody_bond"
        outputs = []
        for part, norm in (("core", "bn1"), ("gate", "bn2")):
            layer = f"{gated}.mlp_{part}.layers.0"
            hidden = tape.silu(self.angle_terms(self.matrix(layer), self.bias(layer), v, short_e, a))
            outputs.append(self.normalized(hidden, f"{gated}.mlp_{part}.layers.3", f"{gated}.{norm}"))
        message = tape.multiply(tape.multiply(tape.silu(outputs[0]), tape.sigmoid(outputs[1])), weights)
        return tape.linear(tape.scatter(message, self.one, self.shorts), self.matrix(f"{name}.mlp_out.layers.1"))

    def angle_change(self, name, v, short_e, a):
        tape, gated = self.tape, f"{name}.twoBody_bond"
        outputs = []
        for part, norm in (("core", "bn1"), ("gate", "bn2")):
            layer, norm = f"{gated}.mlp_{part}.layers.1", f"{gated}.{norm}"
            terms = self.angle_terms(self.matrix(layer) @ CENTRE, self.bias(layer) @ CENTRE, v, short_e, a)
            outputs.append(tape.normalize(terms, self.weights[f"{norm}.weight"], self.weights[f"{norm}.bias"]))
        return tape.multiply(tape.silu(outputs[0]), tape.sigmoid(outputs[1]))

    def angle_terms(self, w, bias, v, short_e, a):
        tape = self.tape
        return tape.sum(
            self.through(a, w[2 * WIDTH : 3 * WIDTH], bias),
            tape.gather(self.through(short_e, w[:WIDTH]), self.one, self.shorts),
            tape.gather(self.through(short_e, w[WIDTH : 2 * WIDTH]), self.other, self.shorts),
            tape.gather(tape.linear(v, w[3 * WIDTH :]), self.centre, self.atoms),
        )

    def with_change(self, parts, change):
        """A feature after its first change: from here on it is a value of its own."""
        return [(self.tape.sum(*(value if embedding is None else self.tape.linear(value, embedding) for value, embedding in parts), change), None)]

    def through(self, parts, weight, bias=None):
        """A feature that is a sum of parts, each a value times a map (or as it is), times `weight`."""
        terms = []
        for value, embedding in parts:
            terms.append(self.tape.linear(value, weight if embedding is None else embedding @ weight, bias if not terms else None))
        return terms[0] if len(terms) == 1 else self.tape.sum(*terms)

    def normalized(self, hidden, layer, norm):
        x = self.tape.linear(hidden, self.matrix(layer) @ CENTRE, self.bias(layer) @ CENTRE)
        return self.tape.normalize(x, self.weights[f"{norm}.weight"], self.weights[f"{norm}.bias"])

    def radial(self, length, name, cutoff):
        """√(2/rc)·sin(f r/rc)/r times a polynomial envelope, 31 functions and one that is zero."""
        tape = self.tape
        frequencies = np.append(self.weights[f"bond_basis_expansion.{name}.frequencies"], 0)[None]
        r = length.tensor
        ratio = tape.scaled(r, 1 / cutoff)
        x = self.graph.node("ClipByValue", [ratio, self.graph.constant(0), self.graph.constant(1)], 1)
        x2 = tape.mul(x, x)
        x4 = tape.mul(x2, x2)
        x7, x8 = tape.mul(tape.mul(x4, x2), x), tape.mul(x4, x4)
        number, scaled = tape.number, tape.scaled
        envelope = tape.add(tape.mul(x8, tape.sub(tape.mul(x, tape.sub(number(80), scaled(x, 36))), number(45))), number(1))
        slope = scaled(tape.mul(x7, tape.sub(tape.mul(x, tape.sub(number(720), scaled(x, 360))), number(360))), 1 / cutoff)
        inverse = self.graph.node("RealDiv", [number(1), r], 1)
        phase = tape.mul(ratio, tape.constant(frequencies))
        sine, cosine = tape.unary("Sin", phase), tape.unary("Cos", phase)
        amplitude = scaled(tape.mul(envelope, inverse), sqrt(2 / cutoff))
        out = Value(tape.mul(sine, amplitude))

        def step():
            g = out.gradient
            decay = scaled(tape.mul(tape.sub(slope, tape.mul(envelope, inverse)), inverse), sqrt(2 / cutoff))
            radial = tape.mul(decay, tape.row_sum(tape.mul(g, sine)))
            tape.accumulate(length, tape.add(radial, tape.mul(amplitude, tape.row_sum(tape.mul(tape.mul(g, cosine), tape.constant(frequencies / cutoff))))))

        tape.steps.append(step)
        return out

    def angular(self, direction, sign):
        """Sines and cosines of multiples of the angle, 16 each; the last sine is zero and the last cosine one, for the constant."""
        tape = self.tape
        frequencies = np.append(self.weights["angle_basis_expansion.fourier_expansion.frequencies"], 0)[None]
        u, w = tape.gather(direction, self.one, self.shorts), tape.gather(direction, self.other, self.shorts)
        factor = tape.scaled(sign, COSINE_FACTOR)
        cosine = tape.mul(factor, tape.row_sum(tape.mul(u.tensor, w.tensor)))
        # 1 − (k u·w)² without cancellation: |u × w|² = |u − w|² |u + w|² / 4 for unit vectors. Angles near 0 and π would lose half of their digits otherwise.
        apart = tape.row_sum(tape.unary("Square", tape.sub(u.tensor, w.tensor)))
        together = tape.row_sum(tape.unary("Square", tape.add(u.tensor, w.tensor)))
        square_sine = tape.add(tape.scaled(tape.mul(apart, together), COSINE_FACTOR**2 / 4), tape.number(1 - COSINE_FACTOR**2))
        inverse_sine = tape.unary("Rsqrt", square_sine)
        angle = tape.sub(tape.number(pi / 2), tape.unary("Atan", tape.mul(cosine, inverse_sine)))
        phase = tape.mul(angle, tape.constant(frequencies))
        sines, cosines = Value(tape.unary("Sin", phase)), Value(tape.unary("Cos", phase))

        def step():
            turn = tape.sub(tape.mul(sines.gradient, cosines.tensor), tape.mul(cosines.gradient, sines.tensor))
            slope = tape.row_sum(tape.mul(turn, tape.constant(frequencies)))
            g = tape.mul(tape.unary("Neg", slope), tape.mul(inverse_sine, factor))
            tape.accumulate(u, tape.mul(g, w.tensor))
            tape.accumulate(w, tape.mul(g, u.tensor))

        tape.steps.append(step)
        return sines, cosines

    def count(self, index):
        """Length of a vector, as a scalar."""
        graph = self.graph
        shape = graph.node("Shape", [index], dtype="int32")
        ends = [graph.constant([k], "int32") for k in (0, 1, 1)]
        masks = {"begin_mask": {"i": "0"}, "end_mask": {"i": "0"}, "ellipsis_mask": {"i": "0"}, "new_axis_mask": {"i": "0"}, "shrink_axis_mask": {"i": "1"}}
        return graph.node("StridedSlice", [shape, *ends], dtype="int32", **masks)

    def column(self, vector):
        return self.graph.node("ExpandDims", [vector, self.graph.constant(1, "int32")], 1, dtype=vector.dtype)

    def concatenated(self, a, b):
        return self.graph.node("ConcatV2", [a, b, self.graph.constant(0, "int32")], dtype=a.dtype, N={"i": "2"})

    def flat(self, column):
        return self.graph.node("Reshape", [column, self.graph.constant([-1], "int32")], dtype=column.dtype)
