"""The derivations of lectures 07 and 08 whose steps are an argument and not only rules.

Each line of a proof is made by the engine from the equation that defines the factors, WᵀW-style
hypotheses included: differentials by its rules, cancellations UᵀU = I by its products.
Giles 2008, section 3; Townsend 2016.
"""

import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.derivation import Derivation
from adcourse.symbolic.matrix_calculus.derive import Pairing, differentiate, total_differential
from adcourse.symbolic.matrix_calculus.forms import add, expanded, hadamard, mul, transpose
from adcourse.symbolic.matrix_calculus.steps import Step


def proved(title, before, after):
    """A step of a proof with a title of its own."""
    return Step("differentiate", (), before, after, own_title=title)


def svd_derivation(vectors=False):
    """∂L/∂W of a loss of the singular values, or with `vectors` of U, Σ and V, where W = UΣVᵀ.

    W is m×n of rank k = min(m, n), Σ = diag(σ), and the factors are thin: UᵀU = I and VᵀV = I, but
    UUᵀ is a projection. Without `vectors` the loss may depend on W through Σ alone.

    Giles 2008, section 3.2; Townsend 2016.

    >>> svd_derivation().result
    UΣ̄Vᵀ
    """
    m, n, k = sympy.symbols("m n k", integer=True, positive=True)
    W = e.Sym("W", (m, n))
    U, V = (e.Sym(name, (rows, k), {"orthonormal columns"}) for name, rows in (("U", m), ("V", n)))
    S, S_bar = (e.Sym(name, (k, k), {"diagonal"}) for name in ("Sigma", "Sigma_bar"))
    Ut, Vt = transpose(U), transpose(V)
    steps = []
    whole = total_differential(mul(U, S, Vt), [U, S, V], [])
    steps.append(proved("Differentiate W = UΣVᵀ, three factors", e.D(W), whole))
    seen = expanded(mul(Ut, whole, V))
    inside = mul(Ut, e.D(W), V)
    steps.append(proved("Multiply by Uᵀ and V; UᵀU = I and VᵀV = I", inside, seen))
    skew = add(mul(e.T(e.D(U)), U), mul(Ut, e.D(U)))
    steps.append(proved("Differentiate UᵀU = I: UᵀdU is antisymmetric", skew, e.Zero(k, k)))
    turn = e.DiagPart(mul(Ut, e.D(U)))
    steps.append(proved("so its diagonal is 0, and that of dVᵀV too", turn, e.Zero(k, 1)))
    diagonal = hadamard(e.Eye(k), inside)
    steps.append(proved("dΣ is diagonal: keep the diagonal of both sides", e.D(S), diagonal))
    bars, named = [(S_bar, S)], "through the singular values alone"
    if vectors:
        U_bar, V_bar = e.Sym("U_bar", (m, k)), e.Sym("V_bar", (n, k))
        steps += turns(W, U, S, V)
        bars, named = [(U_bar, U), (S_bar, S), (V_bar, V)], "through U, Σ and V"
        changes = {U: vector_change(W, U, V, S), S: diagonal,
                   V: vector_change(W, V, U, S, mirrored=True)}  # fmt: skip
    else:
        changes = {S: diagonal}
    start = tuple(Pairing(sympy.S.One, bar, e.D(x)) for bar, x in bars)
    given = [Pairing(sympy.S.One, bar, changes[x]) for bar, x in bars]
    steps.append(proved(f"L depends on W {named}", start, tuple(given)))
    result = differentiate(given, [W], steps)[W]
    arguments = [U, S, V, *[bar for bar, _ in bars]]
    conditions = ["σᵢ simple, or L symmetric in equal σᵢ"]
    if vectors:
        conditions = ["σᵢ ≠ σⱼ for i ≠ j", "σᵢ ≠ 0"]
    return Derivation("pullback", W, [W], [result], steps, arguments, conditions)


def turns(W, U, S, V):
    """How the vectors turn: Ω = UᵀdU and Ψ = VᵀdV from M = UᵀdW V, and the parts outside."""
    k = S.shape[0]
    M, Om, P = (e.Sym(name, (k, k)) for name in ("M", "Omega", "Psi"))
    change = add(mul(Om, S), e.D(S), mul(-1 * S, P))
    change_t = add(mul(-1 * S, Om), e.D(S), mul(P, S))  # Ωᵀ = -Ω, Ψᵀ = -Ψ
    yield proved("Name M = UᵀdWV, Ω = UᵀdU, Ψ = VᵀdV, both antisymmetric", M, change)
    F = e.Gaps(e.DiagPart(S), 2)
    for left in (True, False):
        name, skew = ("Ψ", Om) if left else ("Ω", P)
        terms = [(M, S), (S, e.T(M))] if left else [(S, M), (e.T(M), S)]
        half = add(*[mul(*pair) for pair in terms])
        filled = [mul(change, S), mul(S, change_t)] if left else [mul(S, change), mul(change_t, S)]
        both = add(*map(expanded, filled))
        yield proved(f"{name} drops out of this sum", half, both)
        what = "off the diagonal (σⱼ² − σᵢ²)·(entry i, j): divide, where σᵢ ≠ σⱼ"
        yield proved(what, skew, hadamard(F, half))
    outside = add(e.Eye(U.shape[0]), -1 * mul(U, transpose(U)))
    yield proved(
        "The part of dU outside of the columns of U, where σᵢ ≠ 0",
        mul(outside, e.D(U)),
        mul(outside, e.D(W), V, e.Inv(S)),
    )


def vector_change(W, U, V, S, mirrored=False):
    """dU = U (F ⊙ (MΣ + ΣMᵀ)) + (I − UUᵀ) dW V Σ⁻¹; `mirrored` for dV, with W transposed."""
    dW = e.T(e.D(W)) if mirrored else e.D(W)
    M = mul(transpose(U), dW, V)
    Mt = mul(transpose(V), e.D(W) if mirrored else e.T(e.D(W)), U)
    turn = mul(U, hadamard(e.Gaps(e.DiagPart(S), 2), add(mul(M, S), mul(S, Mt))))
    outside = add(e.Eye(U.shape[0]), -1 * mul(U, transpose(U)))
    return add(turn, mul(outside, dW, V, e.Inv(S)))


def eigh_derivation(vectors=False):
    """∂L/∂S of a loss of the eigenvalues, or with `vectors` of λ and Q, for symmetric S = QΛQᵀ.

    Giles 2008, section 3.1.

    >>> eigh_derivation().result
    QΛ̄Qᵀ
    """
    n = sympy.Symbol("n", integer=True, positive=True)
    A = e.Sym("S", (n, n), {"symmetric"})
    Q = e.Sym("Q", (n, n), {"orthonormal columns"})
    L, L_bar = (e.Sym(name, (n, n), {"diagonal"}) for name in ("Lambda", "Lambda_bar"))
    Qt = transpose(Q)
    whole = total_differential(mul(Q, L, Qt), [Q, L], [])
    inside = mul(Qt, e.D(A), Q)
    diagonal = hadamard(e.Eye(n), inside)
    M, Om = (e.Sym(name, (n, n)) for name in ("M", "Omega"))
    steps = [
        proved("Differentiate S = QΛQᵀ, three factors", e.D(A), whole),
        proved("Multiply by Qᵀ and Q; QᵀQ = I", inside, expanded(mul(Qt, whole, Q))),
        proved("Differentiate QᵀQ = I: QᵀdQ is antisymmetric",
               add(mul(e.T(e.D(Q)), Q), mul(Qt, e.D(Q))), e.Zero(n, n)),
        proved("dΛ is diagonal: keep the diagonal of both sides", e.D(L), diagonal),
    ]  # fmt: skip
    bars, changes = [(L_bar, L)], {L: diagonal}
    if vectors:
        change = add(mul(Om, L), e.D(L), -1 * mul(L, Om))
        steps.append(proved("Name M = QᵀdSQ and Ω = QᵀdQ, antisymmetric", M, change))
        gaps = e.Gaps(e.DiagPart(L), 1)
        what = "off the diagonal (λⱼ − λᵢ) Ωᵢⱼ: divide, where λᵢ ≠ λⱼ"
        steps.append(proved(what, Om, hadamard(gaps, M)))
        bars.append((e.Sym("Q_bar", (n, n)), Q))
        changes[Q] = mul(Q, hadamard(gaps, inside))
    start = tuple(Pairing(sympy.S.One, bar, e.D(x)) for bar, x in bars)
    given = [Pairing(sympy.S.One, bar, changes[x]) for bar, x in bars]
    named = "Λ and Q" if vectors else "the eigenvalues alone"
    steps.append(proved(f"L depends on S through {named}", start, tuple(given)))
    result = differentiate(given, [A], steps)[A]
    conditions = ["λᵢ ≠ λⱼ for i ≠ j"] if vectors else ["λᵢ simple, or L symmetric in equal λᵢ"]
    arguments = [L, Q, *[bar for bar, _ in bars]]
    return Derivation("pullback", A, [A], [result], steps, arguments, conditions)
