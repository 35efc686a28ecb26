"""Time of the symbolic half: `python -m benchmarks.symbolic` lowers, compares, derives.

Each call runs with SymPy's cache and the engine's own caches empty, as in the first cell of a
notebook; what is written is the median and the range of several calls. Beside a comparison stands
SymPy's `simplify` of the same difference, where SymPy can hold it.
"""

import argparse
import time
import warnings
from pathlib import Path
from statistics import median

import numpy as np
import sympy
from sympy.core.cache import clear_cache

import adcourse as ad
from adcourse.symbolic.matrix_calculus import (
    entries,
    gradient,
    hessian,
    normal,
    numbers,
    pullback,
    solution,
    svd_derivation,
    tidy,
)
from adcourse.symbolic.matrix_calculus import matrix as M
from adcourse.symbolic.matrix_calculus import vector as v
from benchmarks import machine
from benchmarks.report import facts, table

RESULT = Path(__file__).parent / "results" / "symbolic.md"


def cold():
    """Empty every cache that a second call would profit from."""
    clear_cache()
    for function in (entries.simplified, tidy.tidy, numbers.tidy_number, numbers.turned,
                     normal.normal):  # fmt: skip
        function.cache_clear()


def chain(n):
    """A program of about n scalar operations that uses every value twice."""

    def f(x):
        for _ in range(n // 2):
            x = x * np.sin(x)
        return x

    return ad.trace(f, 0.5)


def network(layers, width):
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal((width, width)) for _ in range(layers)]

    def f(x, *weights):
        for w in weights:
            x = np.tanh(w @ x)
        return np.sum(x)

    return ad.trace(ad.grad(f), rng.standard_normal(width), *weights)


def lowerings():
    """Name -> (call, number of nodes or entries)."""
    graphs = {f"chain v sin v, {n} operations": chain(n) for n in (1000, 10_000)}
    graphs["gradient of a tanh network, 3 layers of width 8"] = network(3, 8)
    A, b = np.eye(3) + 0.1, np.ones(3)
    solve = ad.trace(ad.grad(lambda A, b: np.sum(np.linalg.solve(A, b) ** 2)), A, b)
    graphs["gradient through solve, n = 3"] = solve
    calls = {}
    for name, graph in graphs.items():
        size = len(ad.to_sympy(graph, form="let").definitions)
        calls[name] = (lambda g=graph: ad.to_sympy(g, form="let")), size
    return calls


def comparisons():
    """Name -> (call, SymPy's call or None)."""
    m, n = sympy.symbols("m n", integer=True, positive=True)
    A, B, one = (*map(lambda s: sympy.MatrixSymbol(s, n, n), "AB"), sympy.Identity(n))
    x, y = sympy.symbols("x y", real=True)
    e = sympy.exp

    def pair(a, b):
        return lambda: ad.compare(a, b), lambda: sympy.simplify(a - b)

    X, w, t = M("X", "m", "n"), v("w", "n"), v("y", "m")
    least = X.T @ (X @ w - t)
    return {
        "logistic, two forms": pair(e(x) / (1 + e(x)), 1 / (1 + e(-x))),
        "sin 2x": pair(sympy.sin(2 * x), 2 * sympy.sin(x) * sympy.cos(x)),
        "log-sum-exp, shifted": pair(
            sympy.log(e(x) + e(y)), sympy.Max(x, y) + sympy.log(1 + e(-sympy.Abs(x - y)))
        ),
        "push-through": pair(A * (one + B * A).inverse(), (one + A * B).inverse() * A),
        "det(AB) = det A det B": pair(
            sympy.Determinant(A * B), sympy.Determinant(A) * sympy.Determinant(B)
        ),
        "least squares, typed": ((lambda: ad.compare("X.T @ (X @ w - y)", least)), None),
        "least squares, transpose missing": ((lambda: ad.compare("(X @ w - y) * 2", least)), None),
        "least squares, a NumPy gradient": (
            lambda: ad.compare(
                ad.grad(lambda X, w, y: np.sum((X @ w - y) ** 2) / 2, argnums=1), least
            ),
            None,
        ),
    }


def derivations():
    """Name -> call."""
    ones = np.ones
    A, b = M("A", "n", "n"), v("b", "n")

    def logistic(X, w, y):
        return np.sum(np.log(1 + np.exp(X @ w)) - y * (X @ w))

    def gaussian(S, x, mu):
        r = x - mu
        return -np.linalg.slogdet(S)[1] / 2 - r @ np.linalg.solve(S, r) / 2

    def attention(Q, K, V):
        Z = np.exp(Q @ K.T / np.sqrt(3))
        return np.sum((Z / np.sum(Z, axis=1, keepdims=True) @ V) ** 2)

    spd = {"S": "positive definite"}
    data = ones((4, 3)), ones(3), ones(4)
    triple = ones((4, 3)), ones((5, 3)), ones((5, 2))
    return {
        "solve, pullback": lambda: pullback(solution(A, b), A, b),
        "logistic regression, gradient": lambda: gradient(logistic, *data, argnums=1),
        "logistic regression, Hessian": lambda: hessian(logistic, *data, argnums=1),
        "Gaussian log-likelihood in Σ": lambda: gradient(
            gaussian, np.eye(3), ones(3), ones(3), assume=spd
        ),
        "attention in K": lambda: gradient(attention, *triple, argnums=1),
        "SVD with U and V": lambda: svd_derivation(vectors=True),
    }


def times(call, repeat=5):
    """Median, least and most milliseconds of a call from cold."""
    seconds = []
    for _ in range(repeat):
        cold()
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call()
        seconds.append(1000 * (time.perf_counter() - start))
    return median(seconds), min(seconds), max(seconds)


def shown(figures):
    middle, least, most = figures
    return f"{middle:.3g} ({least:.3g}–{most:.3g})"


def report():
    """The page, as Markdown."""
    parts = ["# Speed of the symbolic half", __doc__.split("\n\n", 1)[1].replace("\n", " ").strip()]
    lines = []
    for name, (call, size) in lowerings().items():
        figures = times(call)
        per = f"{1000 * figures[0] / size:.3g}"
        lines.append([name, str(size), shown(figures), per])
    head = ["to_sympy, let form", "definitions", "ms", "ms per 1,000 definitions"]
    parts += ["## Lowering", table(head, lines)]
    lines = []
    for name, (ours, theirs) in comparisons().items():
        words = ours().status
        simplified = shown(times(theirs, 3)) if theirs else "–"
        settled = "–" if theirs is None else "yes" if theirs() in (0, sympy.S.Zero) else "no"
        lines.append([name, words, shown(times(ours)), simplified, settled])
    head = ["compare", "verdict", "ms", "SymPy's simplify, ms", "settles it"]
    parts += ["## Comparison", table(head, lines)]
    lines = [[name, shown(times(call))] for name, call in derivations().items()]
    parts += ["## Derivations", table(["derivation", "ms"], lines)]
    return "\n\n".join([*parts, "## Machine", facts(machine.facts())]) + "\n"


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.symbolic", description=__doc__)
    parser.add_argument("--markdown", type=Path, default=RESULT, help=f"the page ({RESULT.name})")
    options = parser.parse_args(argv)
    machine.pin()
    text = report()
    print(text)
    options.markdown.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
