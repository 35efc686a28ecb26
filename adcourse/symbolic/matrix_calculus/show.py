"""A derivation as text, LaTeX and HTML: the chain of equal lines, with the rule beside each."""

from dataclasses import dataclass
from html import escape

from adcourse.core.errors import WrongStructure
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus.conditions import conditions_in
from adcourse.symbolic.matrix_calculus.index import Indexed
from adcourse.symbolic.matrix_calculus.latex import script as latex
from adcourse.symbolic.matrix_calculus.printing import ATOM, POWER
from adcourse.symbolic.matrix_calculus.text import script as plain

STYLES = ("inner", "trace", "index")
LONG = 320  # letters of a line that is broken at its terms, where the script can
COLLECT = "Collect and simplify"


@dataclass(frozen=True)
class Line:
    """One line: what it equals (empty: the line above), the right side, why, and the rules."""

    left: str
    right: str
    title: str
    formulas: tuple = ()
    reasons: tuple = ()  # equations that lead to the rule


def side(s, style, script):
    """One side of a step: pairings that are added up, an expression, or a number."""
    if isinstance(s, tuple):
        if not s:
            return "0"
        terms = [term(p, style, script) for p in s]
        whole = script.added(terms)
        return script.broken(terms) if len(whole) > LONG and len(terms) > 1 else whole
    if isinstance(s, e.Scale) and s.matrix is e.Eye(1):  # a number in disguise
        s = s.number
    if isinstance(s, e.Expression):
        if style != "index":
            return script.matrix(s)[0]
        rows, columns = s.shape
        entries = Indexed(script)
        i = entries.fresh() if rows != 1 else ""
        return entries.entry(s, i, entries.fresh() if columns != 1 else "")[0]
    return script.number(s)[0]


def term(p, style, script):
    """rate · <G, F>."""
    if p.left is None:
        return script.scaled(p.rate, script.number(p.right))
    if style == "index":
        return script.scaled(p.rate, Indexed(script).pairing(p.left, p.right))
    right = script.matrix(p.right)
    if p.left.shape == (1, 1) and isinstance(p.left, e.Eye):
        return script.scaled(p.rate, right)
    left = script.matrix(p.left)
    if style == "trace" and isinstance(p.right, e.Ew | e.Kron):
        right = script.at(POWER, right), ATOM  # as a factor: products without a sign bind closer
    return script.scaled(p.rate, (script.pairing(left, right, style), ATOM))


def lines(derivation, style, script):
    """The derivation line by line; a new chain starts where a step does not go on from the last."""
    if style not in STYLES:
        raise WrongStructure(f"The style of a derivation is one of {', '.join(STYLES)}: {style!r}.")
    last, held = None, ""
    for step in derivation.steps:
        before, after = (side(s, style, script) for s in (step.before, step.after))
        reasons = tuple(
            " = ".join(side(s, style, script) for s in equation) for equation in step.reasons
        )
        why = step.title, tuple(step.formulas), reasons
        if step.own_title:
            yield Line(opening(step, before, script), after, *why)
            last = after, step.after
            continue
        if last is None or type(step.before) is not type(last[1]):
            held = opening(step, before, script)
        elif before != last[0]:
            yield Line(held, before, COLLECT)
            held = ""
        last = after, step.after
        if held != after:  # a rule that changes nothing to be seen: its left side waits
            yield Line(held, after, *why)
            held = ""


def opening(step, before, script):
    """The left side of a chain: dL where it starts from a given cotangent."""
    starts_given = isinstance(step.before, tuple)
    return (
        f"{script.differential((script.name('L'), ATOM))[0]} = {before}"
        if (starts_given)
        else before
    )


def results(derivation, style, script):
    """Lines "name = derivative", one for each target."""
    targets = derivation.targets[: len(derivation.results)]  # df is one for all targets
    for target, result in zip(targets, derivation.results, strict=True):
        wanted = script.name(target.name)
        shown = script.matrix(result)[0] if isinstance(result, e.Expression) else (
            script.number(result)[0]
        )  # fmt: skip
        yield script.result_name(derivation.kind, wanted, derivation.arguments), shown


def text_of(derivation, style, span=None):
    """Numbered steps, the result, what must hold; or the steps of `span` = (first, last) alone."""
    out = []
    every = list(enumerate(lines(derivation, style, plain), start=1))
    for k, line in chosen(every, span):
        out.append(f"{k}. {line.title}")
        if line.reasons:
            out.append(f"   {' ⇒ '.join(line.reasons)}")
        out.append(f"   {line.left} = {line.right}" if line.left else f"   = {line.right}")
    if span and span[1] < len(every):
        return "\n".join(out)
    out += [f"{name} = {value}" for name, value in results(derivation, style, plain)]
    conditions = conditions_in(derivation, plain)
    return "\n".join(out + ([f"where {'; '.join(conditions)}"] if conditions else []))


def latex_of(derivation, style):
    """One aligned block; the rule stands beside its line."""
    rows = []
    for line in lines(derivation, style, latex):
        rows += [f"& {reason}" for reason in line.reasons]
        rows.append(rf"{line.left} &= {line.right} && \text{{{line.title}}}")
    rows += [rf"{name} &= {value}" for name, value in results(derivation, style, latex)]
    return r"\begin{aligned}" + "\n" + " \\\\\n".join(rows) + "\n" + r"\end{aligned}"


def chosen(every, span):
    """The numbered lines from the first to the last of `span`."""
    if span is None:
        return every
    first, last = span
    if not 1 <= first <= last <= len(every):
        raise WrongStructure(
            f"The derivation has the lines 1 to {len(every)}, and no part from {first} to {last}."
        )
    return every[first - 1 : last]


def display(formula):
    """A formula on a line of its own, at the left; a long one scrolls."""
    return (
        '<div style="overflow-x: auto; overflow-y: hidden; padding: 0.3em 0">'
        f"$\\displaystyle {escape(formula)}$</div>"
    )


def html_of(derivation, style="inner", span=None):
    """A list of steps with formulas that the notebook typesets, the result, and the code."""
    items = []
    every = list(enumerate(lines(derivation, style, latex), start=1))
    for _, line in chosen(every, span):
        rules = "".join(f"<br>${escape(rule)}$" for rule in line.formulas)
        rules += "".join(map(display, line.reasons))
        left = f"{line.left} " if line.left else ""
        items.append(
            f"<li><b>{escape(line.title)}</b>"
            f'<span style="opacity: 0.75; font-size: 90%">{rules}</span>'
            f"{display(f'{left}= {line.right}')}</li>"
        )
    start = f' start="{span[0]}"' if span else ""
    listed = f"<ol{start}>{''.join(items)}</ol>"
    if span and span[1] < len(every):
        return f'<div class="adcourse-derivation">{listed}</div>'
    final = "".join(
        display(rf"\boxed{{{name} = {value}}}") for name, value in results(derivation, style, latex)
    )
    conditions = conditions_in(derivation, latex, dollars=True)
    where = f"<p>where {'; '.join(conditions)}</p>" if conditions else ""
    code = f"<details><summary>as NumPy</summary><pre>{escape(derivation.code)}</pre></details>"
    return f'<div class="adcourse-derivation">{listed}{final}{where}{code}</div>'
