"""The differential of each kind of expression: what a rule of the form d(…) = … says, one level.

A rule takes the node and gives its differential in terms of D of the operands, together with the
name under which the rule stands in rules.py.
"""

from adcourse.core.errors import NotLowerable
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.forms import add, hadamard, inverse, mul, scale, transpose
from adcourse.symbolic.matrix_calculus.rates import applied, slope
from adcourse.symbolic.matrix_calculus.scalars import Atom, atoms, det


def differential_of(a, moves):
    """(dA in terms of D of the operands, the rule's name); `moves` says what is not constant.

    Raises NotLowerable for a node whose differential has no closed form here.
    """
    rule = BY_KIND.get(type(a))
    if rule is None:
        raise NotLowerable(
            f"{a!r} has no differential here. Ask for the element-by-element form: trace the "
            "program and call to_sympy."
        )
    return rule(a, moves)


def D_of(a, moves):
    """D(A), and 0 where A is constant; constant factors and transposes stay outside."""
    if not moves(a.symbols):
        return e.Zero(*a.shape)
    if isinstance(a, e.Scale) and not moves(e.scalar_symbols(a.number)):
        return scale(a.number, D_of(a.matrix, moves))
    if isinstance(a, e.Sum):
        return add(*[D_of(term, moves) for term in a.operands])
    if isinstance(a, e.T):  # (dA)ᵀ and not d(Aᵀ)
        return e.T(D_of(a.operands[0], moves))
    return e.D(a)


def of_sum(a, moves):
    return add(*[D_of(term, moves) for term in a.operands]), "sum"


def of_product(a, moves):
    terms = []
    for k, factor in enumerate(a.operands):
        if moves(factor.symbols):
            terms.append(mul(*a.operands[:k], D_of(factor, moves), *a.operands[k + 1 :]))
    return add(*terms), "product"


def of_scale(a, moves):
    terms = [scale(a.number, D_of(a.matrix, moves))]
    if moves(e.scalar_symbols(a.number)):
        terms.append(e.Scale(a.matrix, Atom("d", a.number)))
    return add(*terms), "number times matrix"


def of_transpose(a, moves):
    return e.T(D_of(a.operands[0], moves)), "transpose"


def of_inverse(a, moves):
    return scale(-1, mul(a, D_of(a.operands[0], moves), a)), "inverse"


def of_entries(a, moves):
    terms = []
    for k, (slot, operand) in enumerate(zip(e.slots(len(a.operands)), a.operands, strict=True)):
        if moves(operand.symbols):
            rate = applied(slope(a.formula, slot), a.operands)
            terms.append(hadamard(rate, D_of(a.operands[k], moves)))
    for s in a.formula.free_symbols - set(e.slots(len(a.operands))):
        if moves(getattr(s, "symbols", {s})):
            rate = applied(slope(a.formula, s), a.operands)
            terms.append(e.Scale(rate, Atom("d", s)))
    return add(*terms), "entry by entry"


def of_diagonal(a, moves):
    return type(a)(D_of(a.operands[0], moves)), "diagonal"


def of_kron(a, moves):
    left, right = a.operands
    terms = [e.Kron(D_of(left, moves), right)] if moves(left.symbols) else []
    terms += [e.Kron(left, D_of(right, moves))] if moves(right.symbols) else []
    return add(*terms), "Kronecker product"


def of_block_trace(a, moves):
    g, other = a.operands
    terms = [type(a)(D_of(g, moves), other, *a.data)] if moves(g.symbols) else []
    terms += [type(a)(g, D_of(other, moves), *a.data)] if moves(other.symbols) else []
    return add(*terms), "Kronecker product"


def of_half(a, moves):
    return e.Half(D_of(a.operands[0], moves)), "diagonal"


def of_sylvester(a, moves):
    left, right, c = (D_of(operand, moves) for operand in a.operands)
    change = add(c, scale(-1, mul(left, a)), scale(-1, mul(a, right)))
    return e.Sylvester(a.operands[0], a.operands[1], change), "Sylvester"


def of_solution(a, moves):
    left, right = (D_of(operand, moves) for operand in a.operands)
    return mul(inverse(a.operands[0]), add(right, scale(-1, mul(left, a)))), "linear system"


def of_gaps(a, moves):
    values, power = a.operands[0], a.data[0]
    change = D_of(values, moves)
    if power == 2:
        change = scale(2, hadamard(values, change))
    row = e.Ones(1, a.shape[0])
    apart = add(mul(transpose(row), e.T(change)), scale(-1, mul(change, row)))
    return scale(-1, hadamard(a, a, apart)), "gaps"


def of_softmax(a, moves):
    change = hadamard(a, D_of(a.operands[0], moves))
    if a.shape[1] == 1:
        product = mul(a, transpose(a), D_of(a.operands[0], moves))
        return add(change, scale(-1, product)), "softmax"
    if a.axis == 1:
        sums = mul(change, e.Ones(a.shape[1], 1))
        return add(change, scale(-1, mul(e.Diag(sums), a))), "softmax"
    sums = mul(e.T(change), e.Ones(a.shape[0], 1))
    return add(change, scale(-1, mul(a, e.Diag(sums)))), "softmax"


def reasons_for(a, moves):
    """The equation that defines a solution, and its differential."""
    if not isinstance(a, e.Solution):
        return ()
    left, right = a.operands
    change = add(mul(D_of(left, moves), a), mul(left, e.D(a)))
    return (mul(left, a), right), (change, D_of(right, moves)), (e.D(a), of_solution(a, moves)[0])


def of_spectral(a, moves):
    w = a.operands[0]
    dw = D_of(w, moves)
    part = {name: e.Spectral(w, name) for name in ("s", "U", "V")} if a.part in "sUV" else {}
    if a.part == "s":
        return e.DiagPart(mul(transpose(part["U"]), dw, part["V"])), "singular values"
    if a.part in "wQ":
        Q = e.Spectral(w, "Q")
        inside = mul(transpose(Q), dw, Q)
        if a.part == "w":
            return e.DiagPart(inside), "eigenvalues"
        gaps = e.Gaps(e.Spectral(w, "w"), 1)
        return mul(Q, hadamard(gaps, inside)), "eigenvectors"
    if a.part in "eZ":
        Z = e.Spectral(w, "Z")
        inside = mul(inverse(Z), dw, Z)
        if a.part == "e":
            return e.DiagPart(inside), "eigenvalues of any matrix"
        return mul(Z, hadamard(e.Gaps(e.Spectral(w, "e"), 1), inside)), "eigenvectors of any matrix"
    if a.part == "L":
        inside = mul(e.Inv(a), dw, transpose(e.Inv(a)))
        return mul(a, e.Half(inside)), "Cholesky factor"
    U, V, S = part["U"], part["V"], e.Diag(part["s"])
    M, gaps = mul(transpose(U), dw, V), e.Gaps(part["s"], 2)
    Mt = mul(transpose(V), e.T(dw), U)
    inside = add(mul(M, S), mul(S, Mt)) if a.part == "U" else add(mul(S, M), mul(Mt, S))
    turn = mul(a, hadamard(gaps, inside))
    rest = mul(dw, V, e.Inv(S)) if a.part == "U" else mul(e.T(dw), U, e.Inv(S))
    if a.shape[0] != a.shape[1]:  # directions that leave the span of the vectors
        outside = add(e.Eye(a.shape[0]), scale(-1, mul(a, transpose(a))))
        turn = add(turn, mul(outside, rest))
    side = "left" if a.part == "U" else "right"
    return turn, f"{side} singular vectors"


BY_KIND = {
    e.Sum: of_sum,
    e.Product: of_product,
    e.Scale: of_scale,
    e.T: of_transpose,
    e.Inv: of_inverse,
    e.Ew: of_entries,
    e.Diag: of_diagonal,
    e.DiagPart: of_diagonal,
    e.Kron: of_kron,
    e.BlockTrace: of_block_trace,
    e.Half: of_half,
    e.Sylvester: of_sylvester,
    e.Solution: of_solution,
    e.Gaps: of_gaps,
    e.Softmax: of_softmax,
    e.Spectral: of_spectral,
}


def number_terms(s, moves):
    """ds as terms (rate, G, M), each rate · <G, dM>, or (rate, None, t) for rate · dt of a symbol.

    Gives the terms and the names of the rules that they come from.
    """
    terms, rules = [], []
    for t in sorted(s.free_symbols, key=lambda t: t.name):
        if isinstance(t, Atom) or not moves({t}):
            continue
        terms.append((slope(s, t), None, t))
    for atom in atoms(s):
        if not moves(atom.symbols):
            continue
        rate = slope(s, atom)
        more, rule = atom_terms(atom, rate)
        terms += more
        rules.append(rule)
    if s not in atoms(s):
        rules.append("chain rule")
    return terms, rules


def atom_terms(atom, rate):
    """The differential of one atom, times a rate."""
    from adcourse.symbolic.matrix_calculus.recognise import inner_square

    a = atom.argument
    if atom.operator == "tr":
        squared = inner_square(atom)
        if squared is not None:
            return [(2 * rate, squared, squared)], "squared length"
        summed = [f for f in getattr(a, "operands", ()) if not isinstance(f, e.Ones)]
        if isinstance(a, e.Product) and a.shape == (1, 1) and len(summed) == 1:
            return [(rate, e.Ones(*summed[0].shape), summed[0])], "sum of entries"
        return [(rate, e.Eye(a.shape[0]), a)], "trace"
    if atom.operator == "det":
        return [(rate * det(a), inverse(transpose(a)), a)], "determinant"
    return [(rate, inverse(transpose(a)), a)], "log-determinant"
