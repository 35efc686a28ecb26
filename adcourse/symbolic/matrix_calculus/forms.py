"""Constructors that keep expressions in plain form: no nested products, no factor I, no term 0.

They apply only what a reader would not write down as a step. Transposes are taken to the factors
of a product; a matrix that is its own transpose loses it.
"""

import sympy

from adcourse.symbolic.matrix_calculus.expressions import (
    D,
    Diag,
    Ew,
    Eye,
    Inv,
    Kron,
    Ones,
    Product,
    Scale,
    Sum,
    Sym,
    T,
    Zero,
    slots,
)


def add(*terms):
    """The sum, flat, with equal terms collected."""
    counts = {}
    for term in terms:
        for number, part in linear_terms(term):
            counts[part] = counts.get(part, 0) + number
    parts = [scale(number, part) for part, number in counts.items() if number != 0]
    parts = [part for part in parts if not isinstance(part, Zero)]
    if not parts:
        return Zero(*terms[0].shape)
    return parts[0] if len(parts) == 1 else Sum(*parts)


def linear_terms(a):
    """Pairs (number, matrix) that add up to a."""
    if isinstance(a, Sum):
        return [pair for term in a.operands for pair in linear_terms(term)]
    if isinstance(a, Scale):
        if isinstance(a.matrix, Sum):
            return [(a.number * number, part) for number, part in linear_terms(a.matrix)]
        return [(a.number, a.matrix)]
    return [(sympy.S.One, a)]


def in_front(a):
    """The pair (number, matrix) of number · A, with 1 in front of anything else."""
    return (a.number, a.matrix) if isinstance(a, Scale) else (sympy.S.One, a)


def scale(number, a):
    """number · A, with one number in front."""
    number = sympy.sympify(number)
    if isinstance(a, Scale):
        number, a = number * a.number, a.matrix
    if number == 0 or isinstance(a, Zero):
        return Zero(*a.shape)
    return a if number == 1 else Scale(a, number)


def mul(*factors):
    """The product, flat, numbers in front, without identities."""
    number, flat = sympy.S.One, []
    for factor in factors:
        if isinstance(factor, Scale):
            number, factor = number * factor.number, factor.matrix
        flat.extend(factor.operands if isinstance(factor, Product) else [factor])
    shape = Product(*flat).shape if len(flat) > 1 else flat[0].shape
    if any(isinstance(factor, Zero) for factor in flat):
        return Zero(*shape)
    kept = [factor for factor in flat if not isinstance(factor, Eye)]
    kept = cancelled(kept)
    if len(kept) == 2 and isinstance(kept[0], Ones) and isinstance(kept[1], Ones):
        kept = [Ones(*shape)] if kept[0].shape[1] == 1 else kept
    if not kept:
        return scale(number, Eye(shape[0]))
    return scale(number, kept[0] if len(kept) == 1 else Product(*kept))


def cancelled(factors):
    """A⁻¹A, QᵀQ of orthonormal columns: neighbours whose product is I."""
    out = []
    for factor in factors:
        if out and is_identity(out[-1], factor):
            out.pop()
            continue
        out.append(factor)
        for k in range(2, len(out)):  # A B (A B)⁻¹ and (A B)⁻¹ A B
            if is_inverse_of(out[-1], out[-1 - k : -1]) or is_inverse_of(out[-1 - k], out[-k:]):
                del out[-1 - k :]
                break
    return out


def is_inverse_of(a, factors):
    return (
        isinstance(a, Inv)
        and getattr(a.operands[0], "operands", ()) == tuple(factors)
        and (isinstance(a.operands[0], Product))
    )


def expanded(a):
    """The same matrix with products and transposes distributed over sums."""
    if isinstance(a, Sum):
        return add(*[expanded(term) for term in a.operands])
    if isinstance(a, Scale):
        return scale(a.number, expanded(a.matrix))
    if isinstance(a, T):
        return add(*[scale(n, transpose(b)) for n, b in linear_terms(expanded(a.operands[0]))])
    if not isinstance(a, Product):
        return a
    terms = [(sympy.S.One, ())]
    for factor in a.operands:
        parts = linear_terms(expanded(factor))
        terms = [(n * number, (*before, b)) for n, before in terms for number, b in parts]
    return add(*[scale(n, mul(*factors)) for n, factors in terms])


def is_identity(a, b):
    """Whether A B = I by what the two are."""
    if isinstance(a, Inv) and a.operands[0] is b or isinstance(b, Inv) and b.operands[0] is a:
        return True
    if isinstance(a, T) and a.operands[0] is b and is_orthonormal(b):
        return True
    square = a.shape[0] == a.shape[1]
    return square and isinstance(b, T) and b.operands[0] is a and is_orthonormal(a)


def is_orthonormal(a):
    """Whether the columns are orthonormal: AᵀA = I."""
    if isinstance(a, Sym):
        return a.is_a("orthonormal columns")
    return getattr(a, "part", None) in ("U", "V", "Q")


def transpose(a):
    """Aᵀ, taken to the factors."""
    if isinstance(a, T):
        return a.operands[0]
    if isinstance(a, Product):
        return mul(*[transpose(factor) for factor in reversed(a.operands)])
    if isinstance(a, Scale):
        return scale(a.number, transpose(a.matrix))
    if isinstance(a, Ones | Zero):
        return type(a)(*a.shape[::-1])
    if isinstance(a, Inv):
        return inverse(transpose(a.operands[0]))
    if isinstance(a, Kron):
        return Kron(*[transpose(b) for b in a.operands])
    return a if is_symmetric(a) else T(a)


def is_symmetric(a):
    """Whether A = Aᵀ by what A is; False where that is not known."""
    if isinstance(a, Sym):
        return bool(a.properties & {"symmetric", "positive definite", "diagonal"})
    if isinstance(a, Eye | Diag):
        return True
    if a.shape[0] != a.shape[1]:
        return False
    if isinstance(a, Ones | Zero):
        return True
    if isinstance(a, D | Inv | Scale):
        return is_symmetric(a.operands[0])
    if isinstance(a, Product):
        return tuple(transpose(factor) for factor in reversed(a.operands)) == a.operands
    if isinstance(a, Sum):
        return set(a.operands) == {transpose(t) for t in a.operands if not isinstance(t, Sum)}
    if isinstance(a, Ew | Kron):
        return all(is_symmetric(b) for b in a.operands)
    return False


def is_diagonal(a):
    """Whether A is diagonal by what it is."""
    if isinstance(a, Sym):
        return a.is_a("diagonal")
    if isinstance(a, Inv | Scale | D | T | Sum | Product):
        return all(map(is_diagonal, a.operands))
    return isinstance(a, Eye | Diag)


def inverse(a):
    """A⁻¹, of a product of square matrices in reverse order.

    >>> from adcourse.symbolic.matrix_calculus import matrix
    >>> inverse(matrix("A", "n", "n") @ matrix("B", "n", "n"))
    B⁻¹A⁻¹
    """
    if isinstance(a, Inv):
        return a.operands[0]
    if isinstance(a, Eye):
        return a
    if isinstance(a, Scale):
        return scale(1 / a.number, inverse(a.matrix))
    if isinstance(a, Diag):
        return Diag(Ew(a.operands[0], 1 / slots(1)[0]))
    if isinstance(a, Product) and all(f.shape[0] == f.shape[1] for f in a.operands):
        return mul(*[inverse(f) for f in reversed(a.operands)])
    if isinstance(a, Kron) and all(f.shape[0] == f.shape[1] for f in a.operands):
        return Kron(*[inverse(f) for f in a.operands])
    if a.shape[0] == a.shape[1] and is_orthonormal(a):
        return transpose(a)
    return Inv(a)


def elementwise(formula, *args):
    """f(A, B, …) entry by entry; `formula` is a SymPy function, or an expression in slots.

    >>> from adcourse.symbolic.matrix_calculus import vector
    >>> elementwise(sympy.sin, vector("x", "n"))
    sin(x)
    """
    t = slots(len(args))
    return Ew(*args, formula(*t) if callable(formula) else formula)


def hadamard(*factors):
    """A ⊙ B ⊙ …, with numbers in front and without factors of ones."""
    number, kept = sympy.S.One, []
    for factor in factors:
        if isinstance(factor, Scale):
            number, factor = number * factor.number, factor.matrix
        if isinstance(factor, Zero):
            return factor
        if not isinstance(factor, Ones):
            kept.append(factor)
    if not kept:
        return scale(number, Ones(*factors[0].shape))
    if len(kept) == 1:
        return scale(number, kept[0])
    return scale(number, Ew(*kept, sympy.Mul(*slots(len(kept)))))
