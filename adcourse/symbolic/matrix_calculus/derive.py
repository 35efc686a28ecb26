"""Derivatives with every step: the differential of a number, moved until only dX is left.

Write dL as a sum of inner products <G, d(·)>. Differentiate what stands last in the program first
(a node waits until all its users have contributed, as in reverse mode), and move linear maps from
the right side to the left. What is left is <∂L/∂X, dX>.
"""

from dataclasses import dataclass

import sympy

from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus import pull
from adcourse.symbolic.matrix_calculus.differential import (
    differential_of,
    number_terms,
    reasons_for,
)
from adcourse.symbolic.matrix_calculus.forms import add, expanded, is_symmetric, scale, transpose
from adcourse.symbolic.matrix_calculus.numbers import tidy_number
from adcourse.symbolic.matrix_calculus.scalars import Atom
from adcourse.symbolic.matrix_calculus.steps import Step
from adcourse.symbolic.matrix_calculus.tidy import tidy


@dataclass(frozen=True)
class Pairing:
    """rate · <G, F>, or rate · ds of a number where `left` is None."""

    rate: sympy.Expr
    left: e.Expression | None
    right: object


def differentiate(start, targets, steps):
    """The gradients of a number, one for each target, and the steps on the way.

    `start` is a number, or Pairings of which one is about to be differentiated.
    """
    wanted, moves = set(targets), depends_on(targets)
    if isinstance(start, list):
        terms, rules = moved([(p.rate, p.left, p.right) for p in start])
        if rules:
            steps.append(Step("move", rules, tuple(start), pairings(terms)))
    else:
        terms, rules = number_terms(start, moves)
        terms = [(rate, g, f if g is None else e.D(f)) for rate, g, f in terms]
        terms = [(r, g, Atom("d", f) if g is None else f) for r, g, f in terms]
        steps.append(Step("differential", rules, Atom("d", start), pairings(terms)))
    while True:
        terms = [
            (tidy_number(r), None if g is None else tidy(g), f) for r, g, f in pull.collected(terms)
        ]
        open_ones = pending(terms, wanted)
        if not open_ones:
            break
        before = pairings(terms)
        terms, rules = resolved(terms, open_ones, moves)
        reasons = tuple(r for f in open_ones for r in reasons_for(inside(f), moves))
        steps.append(Step("differentiate", rules, before, pairings(terms), reasons))
        before = pairings(terms)
        terms, rules = moved(terms)
        if rules:
            steps.append(Step("move", rules, before, pairings(terms)))
    return read_off(terms, targets, steps)


def depends_on(targets):
    """Whether any of some symbols is a target."""
    return lambda symbols: not set(targets).isdisjoint(symbols)


def pairings(terms):
    return tuple(Pairing(*term) for term in terms)


def inside(f):
    """What a differential is the differential of."""
    return f.argument if isinstance(f, Atom) else f.operands[0]


def pending(terms, wanted):
    """The differentials to resolve now: of no target, and inside of no other pending one."""
    todo = {f for _, _, f in terms if inside(f) not in wanted}
    return [f for f in todo if not any(g is not f and contains(g, f) for g in todo)]


def contains(outer, part):
    """Whether the matrix or number of one differential is made with that of another."""
    a, b = inside(outer), inside(part)
    if isinstance(b, e.Expression):
        return b is not a and b in parts_of(a)
    return isinstance(a, e.Expression) and any(
        isinstance(n, e.Scale | e.Ew) and b in (n.data[0], *n.data[0].free_symbols)
        for n in parts_of(a)
    )


def parts_of(a):
    """All expressions that a matrix or number is made of."""
    seen, stack = set(), [a]
    while stack:
        a = stack.pop()
        if a in seen:
            continue
        seen.add(a)
        if isinstance(a, Atom):
            stack.append(a.argument)
        elif isinstance(a, sympy.Basic):
            stack.extend(s for s in a.free_symbols if isinstance(s, Atom))
        else:
            stack.extend(a.operands)
            if isinstance(a, e.Scale | e.Ew):
                stack.extend(s for s in a.data[0].free_symbols if isinstance(s, Atom))
    return seen


def resolved(terms, open_ones, moves):
    """The terms with the rules for these differentials applied once."""
    out, rules = [], []
    for rate, g, f in terms:
        if f not in open_ones:
            out.append((rate, g, f))
        elif isinstance(f, Atom):
            more, names = number_terms(f.argument, moves)
            rules += names
            for r, h, m in more:
                last = Atom("d", m) if h is None else e.D(m)
                out.append((rate * r, h, last))
        else:
            change, name = differential_of(f.operands[0], moves)
            rules.append(name)
            out.append((rate, g, change))
    return out, unique(rules)


def moved(terms):
    """All linear maps taken over to the left sides; nothing to say when there were none."""
    out, rules = [], []
    for rate, g, f in terms:
        if g is None:
            out.append((rate, g, f))
            continue
        done, names = pull.pulled(rate, g, f)
        out += done
        rules += sorted(names)
    return out, unique(rules)


def unique(names):
    return tuple(dict.fromkeys(names))


def read_off(terms, targets, steps):
    """∂L/∂X, the left side of <·, dX>; symmetric or diagonal where dX is."""
    raw = {}
    for target in targets:
        if isinstance(target, sympy.Symbol):
            whole = sum((r for r, g, f in terms if g is None and f.argument == target), sympy.S(0))
            raw[target] = tidy_number(whole)
            continue
        mine = [scale(r, g) for r, g, f in terms if g is not None and f.operands[0] is target]
        raw[target] = tidy(add(*mine) if mine else e.Zero(*target.shape))
    found = {target: within(target, g) for target, g in raw.items()}
    results = {target: g for target, (g, _) in found.items()}
    if rules := unique(rule for _, rule in found.values() if rule):
        steps.append(Step("structure", rules, in_full(raw), in_full(results)))
    return results


def in_full(gradients):
    """The sum of <G, dX> over all targets."""
    return tuple(
        Pairing(g, None, Atom("d", target))
        if isinstance(target, sympy.Symbol)
        else Pairing(sympy.S.One, g, e.D(target))
        for target, g in gradients.items()
    )


def within(target, g):
    """The part of a gradient that a structured dX sees, and the rule: <G, dX> has no more."""
    if isinstance(target, sympy.Symbol):
        return g, None
    if target.is_a("diagonal"):
        part, rule = tidy(e.Diag(tidy(e.DiagPart(g)))), "diagonal matrix"
        return part, None if part is g else rule
    if target.is_a("symmetric") or target.is_a("positive definite"):
        mine, turned = expanded(g), expanded(transpose(g))
        if is_symmetric(g) or isinstance(add(mine, scale(-1, turned)), e.Zero):
            return g, None
        return tidy(scale(sympy.Rational(1, 2), add(mine, turned))), "symmetric matrix"
    return g, None


def total_differential(a, targets, steps):
    """dA of a matrix, in terms of the differentials of the targets alone."""
    wanted, moves = set(targets), depends_on(targets)
    if not moves(a.symbols):
        return e.Zero(*a.shape)
    now = a if pull.has_differential(a) else e.D(a)
    while True:
        rules = []
        after = resolve_inside(now, wanted, moves, rules)
        if after is now:
            return now
        steps.append(Step("differentiate", unique(rules), now, after))
        now = after


def resolve_inside(a, wanted, moves, rules):
    """Every open differential in an expression resolved by one rule."""
    if isinstance(a, e.D):
        if a.operands[0] in wanted:
            return a
        change, name = differential_of(a.operands[0], moves)
        rules.append(name)
        return change
    if not pull.has_differential(a):
        return a
    operands = [resolve_inside(operand, wanted, moves, rules) for operand in a.operands]
    if isinstance(a, e.Scale):
        number = resolve_number(a.number, wanted, moves, rules)
        return scale(number, operands[0])
    if isinstance(a, e.Sum):
        return add(*operands)
    return rebuilt(a, operands)


def rebuilt(a, operands):
    from adcourse.symbolic.matrix_calculus.forms import mul

    return mul(*operands) if isinstance(a, e.Product) else a.with_operands(operands)


def resolve_number(s, wanted, moves, rules):
    """Differentials of numbers inside a number: ds = Σ rate · tr(GᵀdM)."""
    from adcourse.symbolic.matrix_calculus.scalars import tr

    found = {}
    for atom in s.free_symbols:
        if not isinstance(atom, Atom):
            continue
        if atom.operator == "d" and atom.argument not in wanted:
            terms, names = number_terms(atom.argument, moves)
            rules.extend(names)
            found[atom] = sum(
                r * (Atom("d", m) if g is None else pull.inner_or_number(g, e.D(m)))
                for r, g, m in terms
            )
        elif atom.operator == "tr" and pull.has_differential(atom.argument):
            inside = resolve_inside(atom.argument, wanted, moves, rules)
            found[atom] = tr(inside)
    return s.xreplace(found)
