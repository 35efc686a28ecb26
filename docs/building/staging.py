"""The pages of the site, gathered from where they lie in the repository, with links that fit.

A link that leaves the pages leads to the repository's files on the web where their address is
given, and is plain text where it is not.
"""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import quote, unquote

from adcourse.course.errors import CourseError
from adcourse.course.notebooks import read_notebook

# Code and formulas, in which nothing is a link; then a link: its text, its target, the rest.
MARKDOWN = re.compile(
    r"\\.|^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^ {0,3}(?P=fence)[`~]*[ \t]*$"
    r"|!?\[(?P<text>(?:`[^`]*`|\[[^\[\]]*\]|[^\[\]`])*)\]\((?P<target>[^()\s]+)(?P<rest>[^()]*)\)"
    r"|(?P<tick>`+)(?!`)(?:(?!\n\n).)+?(?<!`)(?P=tick)(?!`)"
    r"|\$\$.+?\$\$|\$[^$\n]+\$",
    re.DOTALL | re.MULTILINE,
)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)
COPIED = {".csv", ".json", ".png", ".svg"}
README = {"docs/index.md": "README.md"}  # the start page is the README of the site


def pages_of(root):
    """Which file of the repository becomes which page, as a dictionary of paths.

    Raises CourseError when the notebook of a source has not been built.
    """
    pages = {f"docs/{path.name}": path.name for path in sorted(root.glob("docs/*.md"))}
    for path in sorted(root.glob("benchmarks/results/*.md")):
        if not path.read_text(encoding="utf-8").startswith("# "):
            continue  # a part that a page has taken in
        name = "index.md" if path.name == "README.md" else path.name
        pages[f"benchmarks/results/{path.name}"] = f"benchmarks/{name}"
    for folder in ("lectures", "exercises"):
        for path in sorted(root.glob(f"{folder}/source/*.md")):
            name = f"{folder}/{path.stem}.ipynb"
            pages[name] = name
    return pages


def stage(root, folder, repository=None):
    """Copy all pages of the repository at `root` to `folder`; returns the paths of the notebooks.

    `repository` is the address under which the repository's files can be read, up to the path of
    a file. Raises CourseError for a notebook that is missing or holds an unannounced error, and for
    a link that leads nowhere.
    """
    pages = pages_of(root)
    notebooks = []
    for source, page in pages.items():
        target = folder / page
        target.parent.mkdir(parents=True, exist_ok=True)
        links = Links(root, source, folder, pages, repository)
        if source.endswith(".ipynb"):
            stage_notebook(root / source, target, links)
            notebooks.append(target)
        else:
            text = (root / source).read_text(encoding="utf-8")
            target.write_text(links.fitted(text), encoding="utf-8", newline="\n")
    return notebooks


def stage_notebook(path, target, links):
    import nbformat

    notebook = read_notebook(path)
    refuse_errors(notebook, path.name, lecture=path.parent.name == "lectures")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = links.fitted(cell.source)
    nbformat.write(notebook, target)


def refuse_errors(notebook, name, lecture):
    """Stop at a cell that failed unannounced, and at a cell of a lecture that was not run."""
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        announced = "raises-exception" in cell.metadata.get("tags", [])
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if errors and not announced:
            raise CourseError(
                f"{name} shows an error in cell {number} ({errors[0].ename}: {errors[0].evalue}): "
                "mend it and run `adcourse build`, or tag the cell raises-exception."
            )
        if lecture and cell.source.strip() and cell.execution_count is None:
            raise CourseError(
                f"{name} was not run to its end, cell {number} shows nothing: run `adcourse build`."
            )


class Links:
    """The links of one page."""

    def __init__(self, root, source, folder, pages, repository):
        self.root, self.source, self.folder = root, source, folder
        self.pages, self.repository = pages, repository

    def fitted(self, markdown):
        """Markdown with every link of the repository turned into one of the site."""
        return MARKDOWN.sub(self.fit, markdown)

    def fit(self, match):
        target = match["target"]
        if target is None or ELSEWHERE.match(target):
            return match[0]
        path, mark, anchor = target.partition("#")
        there = os.path.normpath(os.path.join(os.path.dirname(self.source), unquote(path)))
        there = Path(there).as_posix()
        if not (self.root / there).exists():
            raise CourseError(f"{self.source} links to {target}, which is not there.")
        page = self.page_of(there)
        if page is not None:
            here = os.path.dirname(self.pages[self.source])
            link = quote(Path(os.path.relpath(page, here or ".")).as_posix()) + mark + anchor
        elif self.repository is not None:
            link = f"{self.repository}/{quote(there)}{mark}{anchor}"
        else:
            return match["text"]
        start = match[0][: match.start("target") - match.start()]
        return f"{start}{link}{match['rest']})"

    def page_of(self, there):
        """Where on the site a file of the repository is found, None if it is not there."""
        for page, twin in README.items():
            if there == twin:
                there = page
        if there in self.pages:
            return self.pages[there]
        if Path(there).suffix not in COPIED:
            return None
        page = there.replace("benchmarks/results/", "benchmarks/")
        (self.folder / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.root / there, self.folder / page)
        return page
