"""What every lecture must hold, as functions from a notebook to a list of complaints."""

import re
from pathlib import Path

EXERCISES = Path(__file__).parents[2] / "exercises"
MOST_LINES = 25  # of a code cell
SHORTEST_ALT = 30  # letters
IGNORED = {"nbval-ignore-output", "nbval-skip"}
ADDRESS = r"\b0x[0-9a-f]{6,}"
TIMING = r"\b\d[\d.e-]*\s?(?:s|ms|µs|us|ns|sec|seconds|minutes)\b(?!\s*[-=^*/(])"
PLACE = r"(?<![\w.])/(?:tmp|usr|home|root|opt|work|Users)/"
VERSION = r"(?:python|numpy|scipy|sympy|matplotlib|adcourse)\s*(?:==|version|v)?\s*\d+\.\d+"
UNSTABLE = {"an address": ADDRESS, "a time": TIMING, "a path": PLACE, "a version": VERSION}


def source(cell):
    return "".join(cell["source"])


def code_cells(notebook):
    """Pairs (number from 1 among all cells, cell)."""
    return [(i, c) for i, c in enumerate(notebook["cells"], 1) if c["cell_type"] == "code"]


def prose(notebook):
    """All Markdown, without code and formulas."""
    text = "\n\n".join(source(c) for c in notebook["cells"] if c["cell_type"] == "markdown")
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def section(text, title):
    """What stands under a heading, up to the next one; None if there is no such heading."""
    found = re.search(rf"^#+ (?:\d+\. )?{title}\b.*?$(.*?)(?=^#|\Z)", text, re.M | re.S | re.I)
    return found[1] if found else None


def missing_parts(notebook, name):
    """The frame of a lecture: question, aims, what to remember, where it breaks, and what next."""
    text, number = prose(notebook), name.split("_")[0]
    opening = text.split("\n## ")[0]
    if not re.match(rf"# {number} · \S", opening):
        yield f"the title is not '# {number} · …'"
    before, found, after = opening.partition("After this lecture you can")
    if "question" not in before.lower() or "?" not in before:
        yield "it does not open with a question"
    verbs = re.findall(r"^[-*] .*?\*\*\w+", after, re.MULTILINE)
    if not found or not 3 <= len(verbs) <= 5:
        yield "'After this lecture you can' does not list 3 to 5 bold verbs"
    points = re.findall(r"^\d\. ", section(text, "What to remember") or "", re.MULTILINE)
    if len(points) != 5:
        yield f"'What to remember' has {len(points)} numbered points, not 5"
    if section(text, "Where it breaks") is None:
        yield "there is no section 'Where it breaks'"
    link = f"(../exercises/{name}.ipynb)"
    if (EXERCISES / f"{name}.ipynb").exists() and link not in text:
        yield f"it does not link to ../exercises/{name}.ipynb"
    elif link not in text and f"Exercise {number}" not in text:
        yield f"it does not say that exercise {number} belongs to it"
    references = section(text, "References") or ""
    if len(re.findall(r"^[-*] ", references, re.MULTILINE)) < 3:
        yield "'References' has fewer than 3 entries"
    if not re.search(r"\b[Ss]ections? \d|\b[Cc]hapters? \d", references):
        yield "no reference names a section"


def slides(notebook, name):
    """Each section begins a slide."""
    for i, cell in enumerate(notebook["cells"], 1):
        kind = cell["metadata"].get("slideshow", {}).get("slide_type")
        if re.match(r"##? ", source(cell)) and cell["cell_type"] == "markdown" and not kind:
            yield f"cell {i} is a section and begins no slide"


def long_code(notebook, name):
    row = 0
    for i, cell in enumerate(notebook["cells"], 1):
        row = row + 1 if cell["cell_type"] == "code" else 0
        if row == 3:
            yield f"cells {i - 2} to {i} are code in a row"
        if row and len(source(cell).splitlines()) > MOST_LINES:
            yield f"cell {i} has more than {MOST_LINES} lines of code"


def figures(notebook, name):
    """Each figure has a text for who cannot see it and a caption for all."""
    cells = notebook["cells"]
    for i, cell in code_cells(notebook):
        drawn = False
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            html = "".join(data.get("text/html", ""))
            if any(kind in data for kind in ("image/png", "image/jpeg")):
                yield f"cell {i} shows a figure without text: use style.show(figure, alt)"
            drawn |= "<img" in html or "<svg" in html or "image/png" in data
            for tag in re.findall(r"<img\b[^>]*>", html):
                alt = re.search(r'alt="([^"]*)"', tag)
                if not alt or len(alt[1]) < SHORTEST_ALT:
                    yield f"cell {i} has a figure whose text says too little"
            for tag in re.findall(r"<svg\b[^>]*>", html):
                if "aria-label" not in tag:
                    yield f"cell {i} has a picture without aria-label"
        following = cells[i] if i < len(cells) else {"cell_type": "", "source": ""}
        if drawn and not re.match(r"\*+Figure", source(following)):
            yield f"cell {i} shows a figure, but no caption '*Figure: …*' follows it"


def folds(notebook, name):
    """Folded answers: each has a title and an answer that Markdown can read, and is closed."""
    for i, cell in enumerate(notebook["cells"], 1):
        text = source(cell) if cell["cell_type"] == "markdown" else ""
        opened, closed = text.count("<details"), text.count("</details>")
        found = re.findall(
            r"<details>\s*<summary>(.*?)</summary>(.*?)\n</details>", text, re.DOTALL
        )
        if not opened == closed == len(found):
            yield f"cell {i} has a fold that is not closed or has no summary"
        for title, answer in found:
            if not title.strip() or len(answer.split()) < 3:
                yield f"cell {i} has an empty fold"
            if not answer.startswith("\n\n") or not answer.endswith("\n"):
                yield f"cell {i} needs an empty line after <summary> and before </details>"


def complaints(notebook, name):
    """Errors that nobody announced, and words on stderr."""
    for i, cell in code_cells(notebook):
        announced = "raises-exception" in cell["metadata"].get("tags", [])
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                yield f"cell {i} writes to stderr"
            if output["output_type"] == "error" and not announced:
                yield f"cell {i} raises {output['ename']}"
        if source(cell).strip() and cell.get("execution_count") is None:
            yield f"cell {i} has not been run"


def unstable_outputs(notebook, name):
    """What nbval compares must be the same on every machine."""
    for i, cell in code_cells(notebook):
        if IGNORED & set(cell["metadata"].get("tags", [])):
            continue
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if any("png" in kind for kind in data) or "<img" in "".join(data.get("text/html", "")):
                yield f"cell {i} shows a figure and is not tagged nbval-ignore-output"
            text = "".join(output.get("text", "")) + "".join(data.get("text/plain", ""))
            for what, pattern in UNSTABLE.items():
                found = re.search(pattern, text, re.IGNORECASE if what == "a version" else 0)
                if found:
                    yield f"cell {i} prints {what}, {found[0]!r}: tag it nbval-ignore-output"


FRAME = [missing_parts]  # not of 00_start_here, which is no lecture
EVERYWHERE = [slides, long_code, figures, folds, complaints, unstable_outputs]
