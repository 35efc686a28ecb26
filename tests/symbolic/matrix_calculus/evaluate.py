"""Values of expressions and of differentials, independent of the engine's rules and of its code.

A matrix is evaluated node by node from what its kind means; a vector is a column. D(M) of a
compound M is the slope of M along given changes of its symbols, by central differences of order 8.
Both sides of a step of a derivation become numbers that can be compared.
"""

from functools import cache

import numpy as np
import scipy.linalg
import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.base import slots
from adcourse.symbolic.matrix_calculus.recognise import sigmoid
from adcourse.symbolic.matrix_calculus.scalars import Atom

WEIGHTS = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}
STEP = 4e-3


@cache
def compiled(formula, free):
    plain = formula.replace(sigmoid, lambda u: 1 / (1 + sympy.exp(-u)))
    names = [sympy.Dummy(f"a{k}") for k in range(len(free))]
    plain = plain.xreplace(dict(zip(free, names, strict=True)))
    return sympy.lambdify(names, plain, ["numpy", "scipy"])


class Values:
    """Values at one point: `point` gives arrays (columns for vectors) and numbers by symbol.

    `changes` gives the direction of each symbol that moves; `known` values of any other node.
    """

    def __init__(self, point, changes=None, known=None):
        self.point, self.changes, self.known = point, changes or {}, known or {}
        self.memo = {}

    def of(self, a):
        if a not in self.memo:
            self.memo[a] = self.matrix(a) if isinstance(a, e.Expression) else self.number(a)
        return self.memo[a]

    def number(self, s):
        s = sympy.sympify(s)
        if isinstance(s, Atom):
            if s.operator == "d":
                return self.slope(s.argument)
            a = self.of(s.argument)
            return {
                "tr": np.trace,
                "det": np.linalg.det,
                "logdet": lambda a: np.linalg.slogdet(a)[1],
            }[s.operator](a)
        if s in self.point:
            return self.point[s]
        free = tuple(sorted(s.free_symbols, key=str))
        return float(compiled(s, free)(*map(self.of, free)))

    def matrix(self, a):
        if a in self.known:
            return self.known[a]
        kind = type(a).__name__
        if kind == "Sym":
            return a.value if a.value is not None else self.point[a]
        if kind == "Scale":
            return self.of(a.number) * self.of(a.matrix)
        if kind == "Eye":
            return np.eye(self.size(a.shape[0]))
        if kind in ("Ones", "Zero"):
            return np.full(tuple(map(self.size, a.shape)), float(kind == "Ones"))
        if kind == "D":
            return self.slope(a.operands[0])
        if kind == "Ew":
            return self.entries(a)
        return KINDS[kind](a, *[self.of(b) for b in a.operands])

    def entries(self, a):
        own = slots(len(a.operands))
        free = tuple(sorted(a.formula.free_symbols, key=str))
        values = dict(zip(own, a.operands, strict=True))
        found = compiled(a.formula, free)(*[self.of(values.get(t, t)) for t in free])
        return np.broadcast_to(found, self.of(a.operands[0]).shape)

    def size(self, n):
        if isinstance(n, int):
            return n
        for a, value in self.point.items():
            if isinstance(a, e.Sym) and n in a.shape:
                return value.shape[a.shape.index(n)]
        raise KeyError(n)

    def slope(self, a):
        """The directional derivative of a matrix or a number."""
        if a in self.changes:
            return self.changes[a]
        total = 0.0
        for k, weight in WEIGHTS.items():
            for sign in (1, -1):
                moved = {
                    s: x + sign * k * STEP * self.changes.get(s, 0) for s, x in self.point.items()
                }
                total = total + sign * weight * Values(moved).of(a) / STEP
        return total

    def side(self, s):
        """One side of a step: pairings that are added up, an expression, or a number."""
        if not isinstance(s, tuple):
            return self.of(s)
        return sum(
            self.of(p.rate) * (self.of(p.right) if p.left is None
                               else np.sum(self.of(p.left) * self.of(p.right)))
            for p in s
        )  # fmt: skip


def block_trace(a, g, other):
    (p, q), (m, n) = a.shape, other.shape
    if a.data[0]:
        return np.einsum("iajb,ij->ab", g.reshape(m, p, n, q), other)
    return np.einsum("iajb,ab->ij", g.reshape(p, m, q, n), other)


def spectral(a, w):
    """A part of a decomposition, with the sign of each vector fixed by its largest sum of cubes."""
    if a.part == "L":
        return np.linalg.cholesky((w + w.T) / 2)
    if a.part in "wQ":
        values, Q = np.linalg.eigh((w + w.T) / 2)
        return values[:, None] if a.part == "w" else Q * np.sign(weighted(Q))
    U, s, Vt = np.linalg.svd(w, full_matrices=False)
    signs = np.sign(weighted(U))
    return {"s": s[:, None], "U": U * signs, "V": Vt.T * signs}[a.part]


def weighted(Q):
    return np.cos(1.0 + np.arange(len(Q))) @ Q


def gaps(a, values):
    v = values[:, 0] ** a.data[0]
    apart = v[None, :] - v[:, None] + np.eye(len(v))
    return 1 / apart - np.eye(len(v))


def softmax(a, z):
    powers = np.exp(z)
    return powers / powers.sum(axis=a.axis, keepdims=True)


KINDS = {
    "Sum": lambda a, *terms: sum(terms),
    "Product": lambda a, *factors: np.linalg.multi_dot(factors),
    "T": lambda a, x: x.T,
    "Inv": lambda a, x: np.linalg.inv(x),
    "Diag": lambda a, x: np.diag(x[:, 0]),
    "DiagPart": lambda a, x: np.diag(x)[:, None],
    "Kron": lambda a, x, y: np.kron(x, y),
    "BlockTrace": block_trace,
    "Sylvester": lambda a, x, y, c: scipy.linalg.solve_sylvester(x, y, c),
    "Solution": lambda a, x, y: np.linalg.solve(x, y),
    "Spectral": spectral,
    "Gaps": gaps,
    "Half": lambda a, x: np.tril(x) - np.diag(np.diag(x)) / 2,
    "Softmax": softmax,
}


def point_of(derivation, rng, values=None):
    """A random point with all symbols of a derivation: structured as their properties say."""
    symbols = set(derivation.arguments)
    return {s: random_value(s, rng, values or {}) for s in sorted(symbols, key=lambda s: s.name)}


def random_value(s, rng, values):
    if s.name in values:
        x = np.asarray(values[s.name], float)
        return float(x) if x.ndim == 0 else x.reshape(len(x), -1)
    if isinstance(s, sympy.Symbol):
        return 0.5 + rng.random()
    return structured(s, rng.standard_normal([SIZES.get(str(n), n) for n in s.shape]))


SIZES = {"m": 4, "n": 3, "k": 3}


def structured(s, x):
    """An array with the properties of a symbol."""
    if s.is_a("positive definite"):
        return x @ x.T + len(x) * np.eye(len(x))
    if s.is_a("diagonal"):
        return np.diag(np.diag(x))
    return x + x.T if s.is_a("symmetric") else x


def direction_of(s, rng, value):
    """A random change of a symbol that keeps its structure."""
    if isinstance(s, sympy.Symbol):
        return float(rng.standard_normal())
    x = rng.standard_normal(value.shape)
    if s.is_a("diagonal"):
        return np.diag(np.diag(x))
    return x + x.T if s.is_a("symmetric") or s.is_a("positive definite") else x


def untrue_steps(derivation, point, changes, known=None, tolerance=1e-7):
    """Numbers and sizes of the errors of the steps whose two sides differ."""
    values = Values(point, changes, known)
    wrong = []
    for k, step in enumerate(derivation.steps, start=1):
        for left, right in [(step.before, step.after), *step.reasons]:
            x, y = values.side(left), values.side(right)
            error = np.max(np.abs(x - y)) / max(1, np.max(np.abs(y)))
            if not error < tolerance:
                wrong.append((k, step.title, float(error)))
    return wrong
