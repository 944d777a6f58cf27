"""Reverse-mode differentiation on rows of features, written into the graph.

Every operation appends what its gradient does; `backward` runs that in reverse. Only operations are used that the WebAssembly backend of
TensorFlow.js does fast: rows are gathered by GatherNd and summed by ScatterNd, transposed weights are constants of their own.
"""

import numpy as np

from graph import Graph, Tensor


class Value:
    """A tensor with the gradient of the energy in it, once that is known."""

    __slots__ = ("tensor", "gradient")

    def __init__(self, tensor):
        self.tensor, self.gradient = tensor, None


class Tape:
    def __init__(self, graph: Graph):
        self.graph, self.steps = graph, []

    # Plain operations, without gradient.

    def binary(self, op, a: Tensor, b: Tensor):
        width = max(a.width or 1, b.width or 1)
        return self.graph.node(op, [a, b], width)

    def add(self, a, b):
        return self.binary("AddV2", a, b)

    def sub(self, a, b):
        return self.binary("Sub", a, b)

    def mul(self, a, b):
        return self.binary("Mul", a, b)

    def unary(self, op, a):
        return self.graph.node(op, [a], a.width)

    def constant(self, values):
        return self.graph.constant(values)

    def number(self, value):
        return self.graph.constant([[value]])

    def scaled(self, a, factor):
        return self.mul(a, self.number(factor))

    def row_mean(self, a):
        return self.graph.node("Mean", [a, self.graph.constant([1], "int32")], 1, keep_dims={"b": True})

    def row_sum(self, a):
        return self.graph.node("Sum", [a, self.graph.constant([1], "int32")], 1, keep_dims={"b": True})

    def product(self, a, matrix):
        matrix = np.asarray(matrix, np.float32)
        return self.graph.node("MatMul", [a, self.constant(matrix)], matrix.shape[1], transpose_a={"b": False}, transpose_b={"b": False})

    def take(self, a, index):
        return self.graph.node("GatherNd", [a, index], a.width)

    def put(self, a, index, count):
        """Rows of `a` summed where `index` says, `count` rows in all."""
        shape = self.graph.node("Pack", [count, self.graph.constant(a.width, "int32")], dtype="int32", axis={"i": "0"}, N={"i": "2"})
        return self.graph.node("ScatterNd", [index, a, shape], a.width)

    # Operations with gradient.

    def accumulate(self, value: Value, gradient: Tensor):
        value.gradient = gradient if value.gradient is None else self.add(value.gradient, gradient)

    def backward(self):
        for step in reversed(self.steps):
            step()

    def linear(self, x: Value, weight, bias=None):
        """x · weight (+ bias)."""
        y = self.product(x.tensor, weight)
        out = Value(y if bias is None else self.add(y, self.constant(np.reshape(bias, (1, -1)))))
        self.steps.append(lambda: self.accumulate(x, self.product(out.gradient, np.asarray(weight).T)))
        return out

    def gather(self, x: Value, index, count):
        out = Value(self.take(x.tensor, index))
        self.steps.append(lambda: self.accumulate(x, self.put(out.gradient, index, count)))
        return out

    def scatter(self, x: Value, index, count):
        out = Value(self.put(x.tensor, index, count))
        self.steps.append(lambda: self.accumulate(x, self.take(out.gradient, index)))
        return out

    def sum(self, *terms: Value):
        total = terms[0].tensor
        for term in terms[1:]:
            total = self.add(total, term.tensor)
        out = Value(total)

        def step():
            for term in terms:
                self.accumulate(term, out.gradient)

        self.steps.append(step)
        return out

    def multiply(self, a: Value, b: Value):
        out = Value(self.mul(a.tensor, b.tensor))

        def step():
            self.accumulate(a, self.mul(out.gradient, b.tensor))
            self.accumulate(b, self.mul(out.gradient, a.tensor))

        self.steps.append(step)
        return out

    def silu(self, x: Value):
        s = self.unary("Sigmoid", x.tensor)
        y = self.mul(x.tensor, s)
        out = Value(y)
        # d(x s)/dx = s + x s (1 − s) = s + y − s y
        self.steps.append(lambda: self.accumulate(x, self.mul(out.gradient, self.sub(self.add(s, y), self.mul(s, y)))))
        return out

    def sigmoid(self, x: Value):
        s = self.unary("Sigmoid", x.tensor)
        out = Value(s)
        self.steps.append(lambda: self.accumulate(x, self.mul(out.gradient, self.sub(s, self.mul(s, s)))))
        return out

    def centred(self, x: Value):
        """Rows minus their mean."""
        out = Value(self.sub(x.tensor, self.row_mean(x.tensor)))
        self.steps.append(lambda: self.accumulate(x, self.sub(out.gradient, self.row_mean(out.gradient))))
        return out

    def normalize(self, x: Value, weight, bias, epsilon=1e-5):
        """Layer normalization of rows whose mean is already zero."""
        gain = self.constant(np.reshape(weight, (1, -1)))
        variance = self.row_mean(self.unary("Square", x.tensor))
        r = self.unary("Rsqrt", self.add(variance, self.number(epsilon)))
        unit = self.mul(x.tensor, r)
        out = Value(self.add(self.mul(unit, gain), self.constant(np.reshape(bias, (1, -1)))))

        def step():
            g = self.mul(out.gradient, gain)
            # The part along `unit` does not change it; the mean of g is removed by the linear map before, which has no mean.
            self.accumulate(x, self.mul(self.sub(g, self.mul(unit, self.row_mean(self.mul(g, unit)))), r))

        self.steps.append(step)
        return out
