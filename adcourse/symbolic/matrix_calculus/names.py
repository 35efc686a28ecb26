"""Names of symbols, as mathematics writes them: x_bar, w1, alpha, A_k."""

import re

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η",
    "theta": "θ", "kappa": "κ", "lam": "λ", "lambda_": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
MARKS = ("bar", "dot", "hat")


def parts_of_name(name):
    """The letter or word, its marks (bar, dot, hat) and its subscript.

    >>> parts_of_name("x_bar")
    ('x', ['bar'], '')
    >>> parts_of_name("w12")
    ('w', [], '12')
    """
    base, *rest = name.split("_") if name not in GREEK else [name]
    marks = [part for part in rest if part in MARKS]
    subscript = ",".join(part for part in rest if part and part not in MARKS)
    numbered = re.fullmatch(r"([^\W\d_]+)(\d+)", base)
    if numbered:
        base, subscript = numbered[1], ",".join([numbered[2]] + ([subscript] if subscript else []))
    return base, marks, subscript
