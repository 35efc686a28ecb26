"""The rules of the house: who may import whom, how long a file may be, and what prose must hold."""

import ast
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "adcourse"
MODULES = sorted(PACKAGE.rglob("*.py"))
SOURCES = sorted(ROOT.glob("lectures/source/*.md")) + sorted(ROOT.glob("exercises/source/*.md"))
PAGES = sorted(ROOT.glob("docs/*.md"))
PROSE = [ROOT / "README.md", *PAGES, *SOURCES]

FLOORS = {
    "core": 2, "numeric": 2, "data": 2,
    "transforms": 3, "rules": 3,
    "compiling": 4,
    "symbolic": 5, "drawing": 5, "checks": 5,
    "course": 6,
    "__init__": 7, "__main__": 7,
}  # fmt: skip
MOST_LINES = 260


def relative(path):
    return path.relative_to(ROOT).as_posix()


def part_of(module):
    """The part of the package that a dotted name belongs to: "adcourse.core.graph" -> "core"."""
    return (module.split(".") + ["__init__"])[1]


def imported_modules(tree, module, is_package):
    """Pairs (statement, dotted name) for every import of `adcourse` in the file of `module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                levels_up = node.level - is_package
                parents = module.split(".")[: len(module.split(".")) - levels_up]
                base = ".".join([*parents, base] if base else parents)
            names = [base]
            if base == "adcourse":
                # A part when there is one of that name, else a public name, which is floor 7;
                # __path__ and its like are Python's own and on no floor.
                taken = [alias.name for alias in node.names if not alias.name.startswith("__")]
                names = [f"{base}.{name}" if name in FLOORS else base for name in taken]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "adcourse":
                yield node, name


def floor_breaks(path, source):
    """One sentence for each import in a file of the package that does not go downstairs."""
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    is_package = path.name == "__init__.py"
    module = dotted.removesuffix(".__init__")
    here = part_of(module)
    tree = ast.parse(source)
    top_level = set(tree.body)
    for node, name in imported_modules(tree, module, is_package):
        there = part_of(name)
        if there == here or FLOORS[there] < FLOORS[here]:
            continue
        # A graph shows itself: its display methods, and nothing else in core, reach upstairs when
        # they are called.
        if relative(path) == "adcourse/core/graph.py" and node not in top_level:
            continue
        yield f"{relative(path)}:{node.lineno} imports {name}, which is not on a floor below"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_go_downstairs(path):
    assert part_of(".".join(path.relative_to(ROOT).with_suffix("").parts)) in FLOORS
    assert list(floor_breaks(path, path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("where", "source", "broken"),
    [
        ("core/tree.py", "import adcourse.rules", True),
        ("core/tree.py", "from ..rules import kinds", True),
        ("core/tree.py", "from .. import rules", True),
        ("core/tree.py", "from adcourse import grad", True),
        ("core/tree.py", "from .. import __path__", False),
        ("rules/linear.py", "from .. import core, transforms", True),
        ("core/tree.py", "def f():\n    import adcourse.symbolic", True),
        ("core/tree.py", "from . import errors", False),
        ("core/graph.py", "def f():\n    from ..drawing import svg", False),
        ("core/graph.py", "from ..drawing import svg", True),
        ("core/__init__.py", "from .graph import Graph", False),
        ("rules/linear.py", "from ..transforms import forward", True),
        ("rules/linear.py", "from ..core.errors import MissingRule", False),
        ("symbolic/derivation/steps.py", "from ...core import graph", False),
        ("symbolic/derivation/steps.py", "from ...drawing import svg", True),
        ("__init__.py", "from .course import check", False),
        ("course/build.py", "from .. import grad", True),
    ],
)
def test_the_floor_test_sees(where, source, broken):
    assert bool(list(floor_breaks(PACKAGE / where, source))) == broken


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_file_holds_one_idea(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{relative(path)} has {lines} lines: split its ideas"


def test_import_takes_numpy_alone():
    code = "import sys, adcourse; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT).split()
    assert {"adcourse", "numpy"} <= set(loaded)
    heavy = {"sympy", "scipy", "matplotlib", "IPython", "nbformat", "nbval", "pytest", "tqdm"}
    assert heavy.isdisjoint(loaded)


def test_ruff():
    # Not the exercise notebooks: in a student's folder they hold the student's own answers.
    command = [sys.executable, "-m", "ruff", "check", ".", "--extend-exclude", "exercises/*.ipynb"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_spelling():
    texts = [*PROSE, *MODULES, ROOT / "start.py", *sorted(ROOT.glob("tests/**/*.py"))]
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", "-L", "fro", *map(str, texts)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_holds_the_package_alone(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        files = set(archive.namelist())
    folders = {name.split("/")[0] for name in files}
    assert folders == {"adcourse", wheel.name.rpartition("-py3")[0] + ".dist-info"}
    data = {"cities.csv", "digits.npz", "portrait.npz"}
    assert {f"adcourse/data/{name}" for name in data} <= files


def links(markdown):
    """The targets of links and pictures, outside of code and formulas."""
    for code in (r"^(`{3,}|~{3,}).*?^\1", r"`[^`\n]*`", r"\$\$.*?\$\$", r"\$[^$\n]*\$"):
        markdown = re.sub(code, "", markdown, flags=re.DOTALL | re.MULTILINE)
    inline = re.findall(r"\]\(\s*<?([^)\s>]+)", markdown)
    return inline + re.findall(r"""(?:src|href)=["']([^"']+)""", markdown)


def test_links_are_read():
    text = "[a](b.md#part) ![c\nd](<e.png>) <img src='f.svg'> `g[i](x)` $h[i](x)$\n"
    text += "```\n[j](k)\n```\n"
    assert links(text) == ["b.md#part", "e.png", "f.svg"]


@pytest.mark.parametrize("path", PROSE, ids=relative)
def test_links_lead_somewhere(path):
    # A source is read as the notebook that is made of it, one folder up.
    folder = path.parent.parent if path.parent.name == "source" else path.parent
    for link in links(path.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:|#", link):
            target = folder / unquote(link.partition("#")[0])
            assert target.exists(), f"{relative(path)} links to {link}, which is not there"


def text_of(path):
    """What a reader of the file sees; the bytes of a picture in a notebook are no text."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        for cell in json.loads(text)["cells"]:
            for output in cell.get("outputs", []):
                picture = output.get("data", {}).get("image/png")
                text = text.replace(json.dumps(picture), "") if picture else text
        text = re.sub(r"data:image/png;base64,[\w+/=]+", "", text)
    return text


def project_files():
    """Everything that is written here by hand or by a build, without students' work."""
    folders = ("adcourse", "tests", "benchmarks", "docs", "lectures", "exercises/source", ".ci")
    for folder in folders:
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.is_file())
    # In a second working tree .git is a file, and it says where the first one is.
    yield from (p for p in sorted(ROOT.iterdir()) if p.is_file() and p.name != ".git")


def test_nothing_points_at_one_machine():
    suffixes = "|.py|.md|.toml|.ipynb|.yml|.cff|.json|.js|.css|.html|.svg".split("|")
    place = re.compile(
        r"pypi\.org|pythonhosted\.org|npmjs\.org|deb\.debian\.org"
        r"|(?<![\w.])/(?:work|opt|root|home|Users)/|[A-Z]:\\+Users\\"
    )
    found = [
        f"{relative(path)}: {match.group()}"
        for path in project_files()
        if path.suffix in suffixes and "__pycache__" not in path.parts
        for match in place.finditer(text_of(path))
    ]
    assert found == []
