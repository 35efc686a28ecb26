"""The page docs/derivatives.md: what is differentiable and how, read off the rows of the table."""

from inspect import Parameter, signature

import numpy as np

from adcourse.core.graph import Node
from adcourse.core.primitive import Composite, Primitive, later, numpy_name, table
from adcourse.course.rules_markdown import NO, code, section, target
from adcourse.drawing import ink
from adcourse.drawing.numbers import number
from adcourse.drawing.partials import recorded_formula
from adcourse.rules.partial import LETTERS
from adcourse.symbolic.lower import RUNS_ON_EXPRESSIONS

OPENING = """# The table of derivatives

What adcourse differentiates, and how. This page is written by `adcourse rules`; the rules
themselves stand in `adcourse/rules/`, one row for each NumPy function.

How to read it:

- **x, y, w** are the first, second and third argument, **z** is the result.
- **forward** and **reverse**: *given* is a rule in the row; *derived* follows from what is given,
  by the kind of the row. Every row with a derivative has both modes, and its rule is a NumPy
  program, which is differentiated again for second and higher derivatives.
- **batched**, under `vmap`: *by kind*, broadcasting once over all examples; *own rule*, one call
  for all examples; *one by one*, a loop over the examples, slower and with the same result.
- **SymPy** is the meaning of a row for `to_sympy`: a formula; *on entries*, the function itself
  moves, adds or multiplies arrays of expressions; or none.
- **options** are those that a row understands; others are refused, unless at NumPy's default.
- Each name is a link to its own row: copy its address to point somebody at it.
- Names without a prefix are adcourse's own functions, most of them what rules are written with:
  they are rows so that rules can be differentiated, too.
"""

SECTIONS = {
    "elementwise": (
        "Elementwise",
        "Entry by entry, with broadcasting. Both modes multiply by the same partial derivatives.",
    ),
    "linear": (
        "Linear",
        "Forward mode is the function itself, applied to the tangent; the row gives its transpose.",
    ),
    "bilinear": (
        "Bilinear",
        "Linear in each argument: forward mode is the product rule, and the row gives one "
        "transpose for each argument.",
    ),
    "general": (
        "General",
        "Anything else: the row gives a rule for one mode or for both.",
    ),
    "several": (
        "Several outputs",
        "As general rows, for functions that return several arrays.",
    ),
    "spelled": (
        "Spelled",
        "Where a derivative is wanted other rows compute the function, and have its derivative; "
        "a graph still shows it under its own name.",
    ),
    "constant": (
        "Constant",
        "The derivative is zero wherever it exists.",
    ),
}

MODES = {  # of the kinds whose rows are all alike: forward, reverse
    "elementwise": ("derived", "derived"),
    "linear": ("derived", "given"),
    "bilinear": ("derived", "given"),
    "spelled": ("by its rows", "by its rows"),
    "constant": ("zero", "zero"),
}

PREFIXES = ("np.", "scipy.", "ad.", "x[")

CONSTANTS = {  # numbers in rules, as they are written at school
    number(sign * value): name if sign > 0 else f"−{name}"
    for value, name in {
        np.log(2): "log 2",
        np.log(10): "log 10",
        np.pi / 180: "π/180",
        180 / np.pi: "180/π",
        2 / np.pi**0.5: "2/√π",
        1 / (2 * np.pi) ** 0.5: "1/√(2π)",
    }.items()
    for sign in (1, -1)
}


def rules_page():
    """The Markdown text of the page: one section per kind of row, in the order of the table.

    It needs SymPy and SciPy: rows that are entered when a library is first met are on the page.
    """
    for enter in list(later.values()):
        enter()
    rows = {}  # row -> the names that NumPy has for it
    for function, row in table.items():
        rows.setdefault(row, []).append(f".{function}" if function == "astype" else function)
    parts = [OPENING]
    for kind, (title, words) in SECTIONS.items():
        chosen = [row for row in rows if isinstance(row, Primitive) and row.kind == kind]
        chosen.sort(key=lambda row: not row.name.startswith(PREFIXES))  # helpers last
        parts.append(section(title, words, [entry(row, rows[row]) for row in chosen]))
    above = {row.name for row in rows if isinstance(row, Primitive)}
    spelled = {row: rows[row] for row in rows if isinstance(row, Composite)}
    parts.append(composites(spelled, above))
    parts.append(without_rows(rows))
    return "\n".join(parts)


def entry(row, functions):
    """The cells of a row of the table, by the heads of their columns."""
    forward, reverse = MODES.get(row.kind) or (
        "derived" if rule is None else "given" for rule in (row.jvp, row.vjp)
    )
    partials = partial_formulas(row) if row.kind == "elementwise" else []
    partials += [NO] * (2 - len(partials))
    return {
        "function": ", ".join(map(target, [row.name, *aliases(row.name, functions)])),
        "∂z/∂x": partials[0],
        "∂z/∂y": partials[1],
        "forward": forward,
        "reverse": reverse,
        "batched": batched(row),
        "SymPy": sympy_form(row),
        "options": ", ".join(map(code, row.params)) or NO,
        "source": row.source or NO,
    }


def aliases(name, functions):
    """Other names that NumPy has for a function: np.abs is np.absolute."""
    known = {f"np.{word}" for word, value in vars(np).items() if is_among(value, functions)}
    known |= {word for word in map(numpy_name, functions) if word.startswith("np.")}
    return sorted(known - {name})


def is_among(value, functions):
    """Whether this very object is one of the functions."""
    return any(value is function for function in functions)


def partial_formulas(row):
    """The partial derivatives of an elementwise row, printed by running its rules on a record."""
    count = len(row.partials)
    args = [Node(name, None, (), {}, 0.5) for name in LETTERS[:count]]
    with np.errstate(all="ignore"):  # 0.5 is a point for printing; some functions have no value
        z = Node("z", row, tuple(args), {}, row.numpy(*[0.5] * count))
        return [NO if p is None else code(formula(z, p)) for p in row.partials]


def formula(z, partial):
    """A partial as one line of text, its constants by their names."""
    tokens = recorded_formula(z, partial, {}).tokens
    return ink.plain(tuple(map(named, tokens)))


def named(token):
    """A token with a number by its name; roots and powers hold tokens of their own."""
    kind, body = token
    if isinstance(body, tuple):
        return kind, tuple(map(named, body))
    return kind, CONSTANTS.get(body, body)


def batched(row):
    """How a row acts on a stack of examples."""
    if row.batch is None:
        return "one by one"
    by_kind = row.kind == "elementwise" or (row.kind == "constant" and row.sympy is not None)
    return "by kind" if by_kind else "own rule"


def sympy_form(row):
    """What a row is to `to_sympy`."""
    if row.sympy is not None:
        return code(row.sympy)
    on_entries = row.entries or (row.entries is None and row.kind in RUNS_ON_EXPRESSIONS)
    return "on entries" if on_entries else "none"


def composites(rows, above):
    """The section of functions that are spelled with rows and have no rule of their own.

    `above` holds the names of all rows, some of which have both.
    """
    words = (
        "Spelled with the rows above: modes, batching and SymPy form are those of the rows. The "
        "call shows the arguments and options that are understood. A function that also stands "
        "above has a row for its plain form, and here the spelling of its other options."
    )
    entries = []
    for row, functions in rows.items():
        place = f"{row.name}-options" if row.name in above else row.name
        entries.append(
            {
                "call": target(place, f"{row.name}({parameters(row.spelling)})"),
                "also": ", ".join(map(target, aliases(row.name, functions))) or NO,
                "spelled in": code(f"{row.spelling.__module__.replace('.', '/')}.py"),
            }
        )
    return section("Composites", words, entries)


def parameters(spelling):
    """The parameters of a spelling, with those defaults that are plain values."""
    words = []
    for p in signature(spelling).parameters.values():
        star = "*" if p.kind is Parameter.VAR_POSITIONAL else ""
        plain = isinstance(p.default, int | float | str | tuple | None)
        words.append(f"{star}{p.name}={p.default!r}" if plain else f"{star}{p.name}")
    return ", ".join(words)


def without_rows(rows):
    """Functions in the table that need no derivative, or that cannot have one."""
    answers, refusals = [], []
    for row, functions in rows.items():
        if not isinstance(row, Primitive | Composite):
            chosen = refusals if row.__name__ == "refusal" else answers
            called = [f if isinstance(f, str) else numpy_name(f) for f in functions]
            chosen += [name for name in called if name.startswith((".", "np."))]
    return (
        "## Neither\n\n"
        f"Answered at once, or passed on to rows: {', '.join(map(code, answers))}.\n\n"
        "Refused with a sentence that says what to write instead, because they fill an array in "
        f"place: {', '.join(map(code, refusals))}.\n"
    )
