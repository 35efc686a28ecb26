"""Docstrings as Sphinx reads them: plain text and examples in, reStructuredText out.

A docstring of this project is prose with code between single backticks, indented formulas and
examples that run. Everything else that reStructuredText would read into it is text.
"""

import re

CODE = re.compile(r"(`[^`]+`)")
MARKS = re.compile(r"([*|\\])|(?<=\w)(_)(?!\w)")  # emphasis, substitutions, names of targets


def as_markup(docstring):
    """The lines of a docstring as lines of reStructuredText.

    >>> as_markup(["f(*x) of `x*`", "", "    a * b", "", ">>> 2 * 3", "6"])
    ['f(\\\\*x) of ``x*``', '', '::', '', '    a * b', '', '>>> 2 * 3', '6']
    """
    lines = []
    for paragraph in paragraphs(docstring):
        if lines:
            lines.append("")
        if paragraph[0].startswith(">>> "):
            lines += paragraph
        elif all(line.startswith("    ") for line in paragraph):
            lines += ["::", "", *paragraph]
        else:
            lines += [escaped(line) for line in paragraph]
    return lines


def paragraphs(lines):
    """The runs of lines between empty ones."""
    found = [[]]
    for line in lines:
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def escaped(line):
    """A line of prose: code marked as such, and no other markup."""
    parts = CODE.split(line)
    parts[::2] = [MARKS.sub(r"\\\1\2", part) for part in parts[::2]]
    parts[1::2] = [f"`{part}`" for part in parts[1::2]]
    return "".join(parts)


def process(app, what, name, thing, options, lines):
    lines[:] = [*as_markup(lines), ""]


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.autosummary")
    app.connect("autodoc-process-docstring", process)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
