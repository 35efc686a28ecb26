"""The table as Markdown and as JSON."""

import json
import re
from collections import Counter

from benchmarks.problem_lists import engine, sympy_side
from benchmarks.report import table

HOW = """\
Written by `python -m benchmarks.problem_lists`. Every question is a plain NumPy function, one
argument, and a gradient, a Hessian or a Jacobian; the right answer is JAX's derivative of the same
function in double precision. For a matrix argument a Hessian is the map V ↦ H[V], and the Jacobian
of a matrix function the map V ↦ df[V].

**adcourse** counts as *solved* when the NumPy code that it generates agrees to 1e-8 with the right
answer at three random points of two sizes; *refused* when it says what is out of reach; *wrong*
when it gives another number.

**SymPy** gets up to three formulations per question, as a student would type them; the matrix
expression is differentiated with `.diff` and the answer evaluated at a random point. The best
formulation counts. *Array form*: right, but left as tensor products and contractions.
*Unevaluated*: the answer holds a `Derivative` or a node without a value. *No gradient*: of a
Hessian, already the first derivative was not found. *Wrong*: another number or shape, without a
warning, in every formulation; the last column counts the questions where at least one formulation
is, as the gradient or on the way to the Hessian. *Not expressible*: there is no `MatrixExpr` for f
(eigenvalues, singular values, Cholesky factors, sums along rows, indexing).

An argument that is declared symmetric moves among symmetric matrices: its gradient is the symmetric
G with df = ⟨G, dS⟩."""


def group(row):
    """The line of the summary that a question is counted in."""
    if row["collection"] != "site":
        return row["collection"]
    return "site, Hessians" if row["asked"] == "hessian" else "site, gradients"


def sympy_class(row):
    return sympy_side.verdict(row["sympy"]) if row.get("sympy") is not None else None


def wrong_somewhere(row):
    """Whether a formulation gave a wrong answer, as such or on the way to a Hessian."""
    return any(
        a["class"] == "wrong" or a["answer"].startswith("gradient wrong")
        for a in row.get("sympy") or ()
    )


def figures(rows):
    """How many of each list, and their sum, came out how."""
    head = ["list", "questions", *(f"adcourse: {v}" for v in shown_verdicts(rows))]
    head += [f"SymPy: {c}" for c in sympy_side.CLASSES] + ["SymPy: wrong in some formulation"]
    groups = list(dict.fromkeys(map(group, rows)))
    lines = []
    for name in [*groups, "together"]:
        mine = [row for row in rows if name in (group(row), "together")]
        ours = Counter(row["engine"]["verdict"] for row in mine if row.get("engine"))
        theirs = Counter(sympy_class(row) for row in mine)
        counts = [len(mine), *(ours[v] for v in shown_verdicts(rows))]
        counts += [theirs[c] for c in sympy_side.CLASSES]
        lines.append([name, *map(str, counts), str(sum(map(wrong_somewhere, mine)))])
    return table(head, lines)


def shown_verdicts(rows):
    """The first three whenever adcourse was asked, the unlucky ones only if they occur."""
    seen = {row["engine"]["verdict"] for row in rows if row.get("engine")}
    return [v for i, v in enumerate(engine.VERDICTS) if v in seen or (seen and i < 3)]


def markdown(rows, versions):
    parts = ["# Problem lists of matrix calculus", HOW, figures(rows)]
    for name in dict.fromkeys(map(group, rows)):
        mine = [row for row in rows if group(row) == name]
        lines = [[question(row), ours(row), sympys(row)] for row in mine]
        parts += [f"## {name[0].upper()}{name[1:]}", listing(lines)]
    parts += ["## Versions", ", ".join(f"{name} {v}" for name, v in versions.items())]
    return "\n\n".join(parts) + "\n"


def listing(lines):
    rows = [["question", "adcourse", "SymPy"], ["---"] * 3, *lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in rows)


def question(row):
    source = f" ({plain(row['source'])})" if row["source"] else ""
    return f"{plain(row['name'])}{source}"


def ours(row):
    said = row.get("engine")
    if not said:
        return "–"
    if said["verdict"] == "solved":
        return code(said["answer"])
    return f"**{said['verdict']}**: {plain(said['reason'])}"


def sympys(row):
    """The class, and the answer of the formulation that gave it."""
    best = sympy_class(row)
    if best is None:
        return "–"
    texts = [a["answer"] for a in row["sympy"] if a["class"] == best]
    return f"**{best}** {code(min(texts, key=len))}" if texts and texts[0] else f"**{best}**"


def plain(text):
    return re.sub(r"[|*_\[]", r"\\\g<0>", " ".join(text.split()))


def code(text):
    return "`" + " ".join(text.split()).replace("`", "'").replace("|", "\\|") + "`"


def as_json(rows, versions):
    whole = {"versions": versions, "questions": rows}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
