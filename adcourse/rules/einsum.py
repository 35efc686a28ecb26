"""np.einsum: linear in each operand, and its transposes are einsums again."""

from string import ascii_letters

import numpy as np

from adcourse.core.errors import MissingRule
from adcourse.core.primitive import shape_of
from adcourse.rules.composites import composite
from adcourse.rules.kinds import bilinear
from adcourse.rules.shapes import unbroadcast


def contract(*operands, subscripts, optimize=False):
    """np.einsum with the operands first; `subscripts` spelled out, without an ellipsis."""
    return np.einsum(subscripts, *operands, optimize=optimize)


def contract_transpose(k, args, shapes, subscripts, optimize, z_bar):
    """x̄ₖ is z̄ contracted with the other operands.

    A letter that x alone has was summed over: its cotangent is copied, by a factor of ones. A
    letter that x has twice took a diagonal: the second is renamed and tied to the first by δ.
    """
    terms, out = split(subscripts)
    others = [(t, a) for i, (t, a) in enumerate(zip(terms, args, strict=True)) if i != k]
    factors, mine = [(out, z_bar), *others], ""
    have = set("".join(t for t, _ in factors))
    free = iter(c for c in ascii_letters if c not in subscripts)
    for letter, n in zip(terms[k], shapes[k], strict=True):
        if letter in mine:
            twin = next(free)
            factors.append((letter + twin, np.eye(n)))
            mine += twin
        else:
            mine += letter
            if letter not in have:
                factors.append((letter, np.ones(n)))
    words = ",".join(t for t, _ in factors) + "->" + mine
    bar = contract(*[a for _, a in factors], subscripts=words, optimize=optimize)
    full = np.broadcast_shapes(shape_of(bar), shapes[k])  # a letter may stand for lengths 1 and n
    return unbroadcast(np.broadcast_to(bar, full), shapes[k])


contract = bilinear(
    contract, contract_transpose, arity=None, params="subscripts optimize", name="np.einsum"
)


def split(subscripts):
    """The letters of each operand, and of the result."""
    terms, out = subscripts.split("->")
    return terms.split(","), out


@composite(np.einsum)
def einsum(subscripts, *operands, optimize=False):
    if not isinstance(subscripts, str):
        raise MissingRule(
            "np.einsum with lists of axes has no derivative rule in adcourse. "
            "Write the subscripts as text, as in np.einsum('ij,j->i', A, x)."
        )
    words = spelled_out(subscripts, [shape_of(a) for a in operands])
    return contract(*operands, subscripts=words, optimize=optimize)


def spelled_out(subscripts, shapes):
    """Subscripts with letters for the axes of an ellipsis and with an explicit result."""
    words = subscripts.replace(" ", "").replace("...", ".")
    terms, arrow, out = words.partition("->")
    terms = terms.split(",")
    free = [c for c in ascii_letters if c not in words]
    rest = [len(s) - len(t) + 1 for t, s in zip(terms, shapes, strict=True) if "." in t]
    letters = "".join(free[: max(rest, default=0)])
    if not arrow:  # NumPy's convention: letters that occur once, in alphabetical order
        once = sorted(c for c in set(words) - set(",.") if words.count(c) == 1)
        out = "." * bool(rest) + "".join(once)
    terms = [
        t.replace(".", letters[len(letters) - (len(s) - len(t) + 1) :])
        for t, s in zip(terms, shapes, strict=True)
    ]
    return ",".join(terms) + "->" + out.replace(".", letters)
