"""Common subexpressions: expressions as a graph in which equal parts are one part.

SymPy's own search walks the tree in places and builds expressions anew, which takes for ever where
the tree is long and the graph is short. Here each distinct part first gets a symbol; SymPy then
looks for common terms and factors among parts that are one operation deep.
"""

import sympy
from sympy.functions.elementary.piecewise import ExprCondPair

from adcourse.symbolic.let import extremum, replaced


def flat(expressions, names, definitions):
    """What expressions are when every distinct operation bears a symbol: symbols and numbers.

    `names` maps expressions to their symbols and `definitions` symbols to one operation on symbols
    and numbers, in the order of computation; both are added to.
    """
    stack = list(reversed(expressions))
    while stack:
        e = stack[-1]
        if e in names:
            stack.pop()
        elif not isinstance(e, OPERATIONS):
            names[stack.pop()] = e
        elif missing := [a for a in e.args if a not in names]:
            stack.extend(reversed(missing))
        else:
            stack.pop()
            shallow = rebuilt(e, [names[a] for a in e.args])
            if isinstance(e, ExprCondPair):  # a part of a Piecewise, no operation of its own
                names[e] = shallow
            else:
                names[e] = sympy.Dummy(real=True)
                definitions[names[e]] = shallow
    return [names[e] for e in expressions]


OPERATIONS = (
    sympy.Add,
    sympy.Mul,
    sympy.Pow,
    sympy.Function,
    sympy.Max,
    sympy.Min,
    sympy.core.relational.Relational,
    sympy.logic.boolalg.BooleanFunction,
    ExprCondPair,
)


def rebuilt(e, args):
    """An expression with other arguments, as it is written."""
    if isinstance(e, ExprCondPair):
        return sympy.Tuple.__new__(ExprCondPair, *args)
    if isinstance(e, sympy.Piecewise):
        return sympy.Basic.__new__(sympy.Piecewise, *args)
    return extremum(e.func, *args) if isinstance(e, sympy.Max | sympy.Min) else e.func(*args)


LONGEST = 20  # operations of an expression that is not worth a line of its own otherwise


def shared(expressions):
    """Definitions of what occurs more than once, and the expressions in terms of them.

    Common terms of sums and factors of products are found, too.
    """
    definitions = {}
    results = flat(expressions, {}, definitions)
    definitions = with_common_terms(definitions)
    uses = dict.fromkeys(definitions, 0)
    for e in [*definitions.values(), *results]:
        for symbol in occurrences(e):
            if symbol in uses:
                uses[symbol] += 1
    meanings, sizes, kept = {}, {}, []
    for symbol, e in definitions.items():
        size = 1 + sum(sizes.get(s, 0) for s in occurrences(e))
        e = replaced(e, meanings)
        if (uses[symbol] > 1 and not trivial(e)) or size > LONGEST:
            kept.append((symbol, e))
        else:
            meanings[symbol], sizes[symbol] = e, size
    return kept, [replaced(e, meanings) for e in results]


def occurrences(e):
    """The symbols of an expression, with repetitions."""
    if e.is_Symbol:
        return [e]
    return [symbol for a in e.args for symbol in occurrences(a)]


def trivial(e):
    """Whether an expression is a symbol, a number, or minus one of them."""
    return e.is_Atom or (e.is_Mul and len(e.args) == 2 and e.args[0] == -1 and e.args[1].is_Atom)


def with_common_terms(definitions):
    """The definitions, with symbols of their own for terms and factors that several have."""
    sums = {s: e for s, e in definitions.items() if e.is_Add or e.is_Mul}
    fresh = iter(lambda: sympy.Dummy(real=True), None)
    found, reduced = sympy.cse(list(sums.values()), symbols=fresh, order="none", list=False)
    everything = definitions | dict(zip(sums, reduced, strict=True)) | dict(found)
    ordered = {}
    for root in definitions:
        stack = [root]
        while stack:
            symbol = stack[-1]
            missing = [
                s for s in everything[symbol].free_symbols if s in everything and s not in ordered
            ]
            if missing and symbol not in ordered:
                stack.extend(missing)
            else:
                ordered[stack.pop()] = everything[symbol]
    return ordered
