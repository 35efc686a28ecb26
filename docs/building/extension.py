"""What Sphinx does not know: a stepping picture, and the ways to open a notebook."""

import ast
import re
from html import escape
from pathlib import PurePosixPath

from docutils import nodes
from docutils.parsers.rst import Directive

NOTEBOOKS = ("lectures", "exercises")
# Pages of tables that need the width of the contents beside them: these go on top.
WIDE = re.compile(r"derivatives|benchmarks/.*")
SECTION = re.compile(r'<a class="reference internal" href="#[^"]+">.*?</a>')


class Stepping(Directive):
    """```{stepping}: a program, and the picture that its last line makes."""

    has_content = True

    def run(self):
        source = "\n".join(self.content)
        *lines, last = ast.parse(source).body
        names = {}
        exec(compile(ast.Module(lines, []), "a stepping picture", "exec"), names)
        made = eval(compile(ast.Expression(last.value), "a stepping picture", "eval"), names)
        box = nodes.container(classes=["stepping"])
        box += nodes.literal_block(source, source, language="python")
        box += nodes.raw("", made.html, format="html")
        return [box]


def ways_of(page, places):
    """Links to open a notebook elsewhere: pairs (what is said, address), as seen from its page."""
    folder, name = page.split("/")
    notebook = f"{folder}/{name}.ipynb"
    ways = []
    if folder == "lectures":
        ways.append(("Slides", f"../slides/{name}.html"))
    if places["lite"]:
        ways.append(("Run in the browser", f"../lite/lab/index.html?path={notebook}"))
    if places["binder"]:
        ways.append(("Open in Binder", f"{places['binder']}?labpath={notebook}"))
    if places["colab"]:
        ways.append(("Open in Colab", f"{places['colab']}/{notebook}"))
    return ways


def add_ways(app, page, template, context, doctree):
    """Write below the title of a notebook the ways to open it, and of a wide page its sections."""
    if "body" not in context:
        return
    if PurePosixPath(page).parent.name in NOTEBOOKS:
        what = "This notebook"
        links = [
            f'<a href="{escape(address)}">{said}</a>'
            for said, address in ways_of(page, app.config.places)
        ]
        links.append(f'<a href="../_sources/{page}.ipynb" download>Download the notebook</a>')
    elif WIDE.fullmatch(page):
        what = "Sections"
        links = SECTION.findall(context["toc"])
        context["secondary_sidebar_items"] = []
    else:
        return
    title, end, rest = context["body"].partition("</h1>")
    nav = f'<nav class="ways" aria-label="{what}">{"".join(links)}</nav>'
    context["body"] = f"{title}{end}\n{nav}{rest}"


def setup(app):
    app.add_config_value("places", {}, "html", types=(dict,))
    app.add_directive("stepping", Stepping)
    app.connect("html-page-context", add_ways, priority=900)  # after the theme has filled it
    return {"parallel_read_safe": True, "parallel_write_safe": True}
