"""Each lecture as a deck of slides that needs no network: reveal.js and MathJax lie beside it.

Where slides begin is said by the cells' metadata `slideshow`, as nbconvert reads it: slide,
subslide, fragment, skip, notes. What is too long for one screen is divided in the browser, by
deck/deck.js, for only there it is known how tall a formula is.
"""

import re
from html import escape
from pathlib import Path
from shutil import copyfile
from string import Template

from adcourse.course.notebooks import read_notebook

from .carried import MATHJAX, carried_file

DECK = Path(__file__).parent / "deck"
# Third-party files by the package that carries them: (import name, what to install, path in it).
CARRIED = [
    ("sphinx_revealjs", "sphinx-revealjs", "_static/revealjs/dist/reveal.js"),
    ("sphinx_revealjs", "sphinx-revealjs", "_static/revealjs/dist/reveal.css"),
    ("sphinx_revealjs", "sphinx-revealjs", "_static/revealjs/plugin/notes/notes.js"),
    MATHJAX,
]
STYLES = {"light": "a11y-high-contrast-light", "dark": "a11y-high-contrast-dark"}
BEGINS = {"slide", "subslide"}
ANSI = re.compile(r"\x1b\[[0-9;]*m")
CAPTION = re.compile("<p>(?=<(?:em|strong)>Figure)")
LOCAL_LINK = re.compile(r'<a href="(?![a-z]+:|#)([^"]*)">(.*?)</a>', re.DOTALL)


def build_slides(notebooks, out):
    """Write out/slides/NAME.html for each executed lecture, and what all share to _static.

    `notebooks` are the paths of lectures/NAME.ipynb; the deck links back to out/lectures/NAME.html.
    Returns the paths of the decks. Raises CourseError, before anything is written, when a notebook
    cannot be read or a package that carries a third-party file is not installed.
    """
    decks = {Path(path).stem: deck(read_notebook(path), Path(path).stem) for path in notebooks}
    carried = [carried_file(*place) for place in CARRIED]
    folder = Path(out) / "slides"
    static = folder / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for file in [*carried, DECK / "deck.css", DECK / "deck.js"]:
        copyfile(file, static / file.name)
    (static / "code.css").write_text(colours_of_code(), encoding="utf-8")
    paths = []
    for name, text in decks.items():
        paths.append(folder / f"{name}.html")
        paths[-1].write_text(text, encoding="utf-8", newline="\n")
    return paths


def colours_of_code():
    """The colours of Python code on light and on dark paper."""
    from pygments.formatters import HtmlFormatter

    light, dark = (HtmlFormatter(style=STYLES[k]).get_style_defs(".highlight") for k in STYLES)
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def deck(notebook, name):
    """The page of one lecture."""
    write = markdown_writer()
    stacks = "\n".join(
        "<section>\n" + "\n".join(slide_html(slide, write) for slide in stack) + "\n</section>"
        for stack in stacks_of(notebook.cells)
    )
    title = next(
        (line[2:] for c in notebook.cells for line in c.source.splitlines() if line[:2] == "# "),
        name,
    )
    page = Template((DECK / "deck.html").read_text(encoding="utf-8"))
    return page.substitute(title=escape(title), lecture=f"../lectures/{name}.html", slides=stacks)


def kind_of(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type")


def stacks_of(cells):
    """Cells as stacks of slides: a slide begins a stack, a subslide goes below the one before."""
    stacks = []
    for cell in cells:
        if kind_of(cell) == "skip":
            continue
        if not stacks or kind_of(cell) == "slide":
            stacks.append([])
        if not stacks[-1] or kind_of(cell) in BEGINS:
            stacks[-1].append([])
        stacks[-1][-1].append(cell)
    return stacks


def slide_html(cells, write):
    notes = "".join(write(cell.source) for cell in cells if kind_of(cell) == "notes")
    page = "\n".join(cell_html(cell, write) for cell in cells if kind_of(cell) != "notes")
    notes = f'<aside class="notes">{notes}</aside>' if notes else ""
    return f'<section><div class="page">\n{page}\n</div>{notes}</section>'


def cell_html(cell, write):
    html = write(cell.source) if cell.cell_type == "markdown" else code_html(cell, write)
    return f'<div class="fragment">{html}</div>' if kind_of(cell) == "fragment" else html


def code_html(cell, write):
    """Code and its outputs. Whoever looks at a figure wants to see it large: its code is folded."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    source = re.sub(r"\n{3,}", "\n\n", cell.source.strip("\n"))  # a screen is low
    code = highlight(source, PythonLexer(), HtmlFormatter()) if source else ""
    outputs = "".join(output_html(output, write) for output in cell.outputs)
    if "<img" in outputs:
        lines = len(cell.source.splitlines())
        summary = f"<summary>Code, {lines} line{'s'[: lines > 1]}</summary>"
        code = f'<details class="code">{summary}{code}</details>'
    return code + outputs


def output_html(output, write):
    """An output in the richest form that the page can show."""
    if output.output_type == "error":
        return text_html("\n".join(output.traceback))
    if output.output_type == "stream":
        return text_html(output.text)
    if "text/html" in output.data:
        return f'<div class="output tex2jax_process">{output.data["text/html"]}</div>'
    for rich in ("text/latex", "text/markdown"):
        if rich in output.data:
            return f'<div class="output">{write(output.data[rich])}</div>'
    return text_html(output.data.get("text/plain", ""))


def text_html(text):
    text = escape(ANSI.sub("", text).rstrip("\n"))
    return f'<pre class="output" tabindex="0">{text}</pre>' if text else ""


def markdown_writer():
    """A function from Markdown with $formulas$ to HTML, with links as seen from the decks."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def formula(text, options):
        left, right = (r"\[", r"\]") if options["display_mode"] else (r"\(", r"\)")
        return f'<span class="tex2jax_process">{left}{escape(text)}{right}</span>'

    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.use(dollarmath_plugin, renderer=formula, allow_labels=False, double_inline=True)

    def write(text):
        html = CAPTION.sub('<p class="caption">', reader.render(text))
        return LOCAL_LINK.sub(link_html, html)

    return write


def link_html(match):
    """Notebooks are pages of the site, one folder beside; other files of the course are not."""
    target, text = match.groups()
    path, mark, anchor = target.partition("#")
    if not path.endswith(".ipynb"):
        return text
    path = path if path.startswith("../") else f"../lectures/{path}"
    return f'<a href="{path.removesuffix(".ipynb")}.html{mark}{anchor}">{text}</a>'
