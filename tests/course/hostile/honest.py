"""Odd but honest submissions, which must keep every point."""

from copy import deepcopy

from .entry import ALL, HONEST, Entry, cell_of, checks_of, code


def odd(name, tries, answers=None, **more):
    return Entry(name, tries, HONEST | (answers or {}), points=ALL, reasons=("right",) * 3, **more)


def clear(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def forget_metadata(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def old_minor(notebook):
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        cell.pop("id", None)


def reorder(notebook):
    cells = notebook["cells"]
    names = ("08-formula-answer", "08-formula")
    moved = [cell_of(notebook, name) for name in names]
    rest = [cell for cell in cells if cell not in moved]
    at = next(i for i, cell in enumerate(rest) if cell["cell_type"] == "code") + 1
    notebook["cells"] = rest[:at] + moved + rest[at:]


def duplicate_cells(notebook):
    copies = []
    for cell in notebook["cells"]:
        copies += [cell, deepcopy(cell)]
    notebook["cells"] = copies


def split_answer(notebook):
    cells = notebook["cells"]
    at = cells.index(cell_of(notebook, "08-slope-answer"))
    cells.insert(at + 1, code("slope = lambda x, half=slope: 2 * half(x)"))
    cells[at]["source"] = "def slope(x):\n    return x + 1.5"


def source_as_lines(notebook):
    for cell in notebook["cells"]:
        if isinstance(cell["source"], str):
            cell["source"] = cell["source"].splitlines(keepends=True)


def with_outputs(notebook):
    for cell in checks_of(notebook):
        cell["execution_count"] = 7
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": ["✔ 08.slope\n"]}]


HONESTLY = [
    odd(
        "warning in a check",
        "The answer warns, on stderr, while a check calls it.",
        {
            "slope": """
            import sys, warnings
            def slope(x):
                warnings.warn(f"slope at {x}")
                print("careful", file=sys.stderr)
                return np.float64(2) * x + np.log(np.float64(0)) * 0 if x == 99 else 2 * x + 3
            """
        },
    ),
    odd(
        "magics",
        "%timeit, %%time, %matplotlib, %who and a shell command.",
        {
            "slope": """
            %matplotlib inline
            def slope(x):
                return 2 * x + 3
            %timeit -n 2 -r 1 slope(1.0)
            %time slope(2.0)
            %who
            !echo hello
            """,
            "gradient": "%%time\ngradient = lambda w: 2 * w",
            "formula": """
            %config InlineBackend.figure_format = "retina"
            %load_ext autoreload
            %autoreload 2
            %precision 3
            np.sin?
            import sympy
            x = sympy.Symbol("x")
            formula = (x * sympy.exp(x)).diff(x)
            formula
            """,
        },
    ),
    odd("cells duplicated", "Every cell is there twice.", change=duplicate_cells),
    odd(
        "extra cells",
        "Notes and experiments before and after, one of which fails.",
        first="note = 'tried'",
        last="slope(3), gradient(np.arange(3.0)), undefined_name",
    ),
    odd(
        "np.random.seed",
        "The legacy seed is set in each answer.",
        {
            "slope": "np.random.seed(0)\nslope = lambda x: 2 * x + 3",
            "gradient": """
            np.random.seed(1)
            def gradient(w):
                np.random.seed(2)
                return 2 * w
            """,
        },
    ),
    odd(
        "renamed imports",
        "The package and NumPy are imported under other names too.",
        {"gradient": "import numpy as xp, numpy.linalg as la\ngradient = lambda w: xp.add(w, w)"},
    ),
    odd(
        "star imports",
        "`from numpy import *` and `from sympy import *` shadow builtins.",
        {
            "slope": "from numpy import *\nslope = lambda x: 2 * x + 3",
            "formula": "from sympy import *\nx = symbols('x')\nformula = diff(x * exp(x), x)",
        },
    ),
    odd(
        "figures",
        "A figure is drawn and shown.",
        {
            "gradient": """
            import matplotlib.pyplot as plt
            plt.plot([1, 2, 3], label="loss")
            plt.legend()
            plt.show()
            gradient = lambda w: 2 * w
            """
        },
    ),
    odd(
        "displays",
        "HTML, Markdown, LaTeX and a table of the student's are displayed.",
        {
            "gradient": """
            from IPython.display import HTML, Latex, Markdown, display, clear_output
            display(HTML("<b>bold</b>"), Markdown("*text*"), Latex("$x$"))
            clear_output()
            def gradient(w):
                display(HTML("<i>called</i>"))
                return 2 * w
            """
        },
    ),
    odd(
        "names of the checks",
        "The student uses the names c, check, show, submission_rng, SEED and at_zero.",
        {
            "slope": """
            c = check = show = 3
            SEED = submission_rng = 5
            slope = lambda x, c=c: 2 * x + c
            """,
            "gradient": "c = at_zero = 2\ngradient = lambda w, c=c: c * w",
        },
    ),
    odd(
        "unicode names",
        "Dots, bars and Greek letters in names.",
        {"slope": "def slope(χ):\n    ẋ, x̄ = 1.0, 3\n    return 2 * χ * ẋ + x̄  # ∂/∂χ"},
    ),
    odd("crash at the end", "A scratch cell ends the process.", last="import os\nos._exit(1)"),
    odd("exit at the end", "The last cell says exit.", last="exit"),
    odd("outputs cleared", "No outputs and no counts.", change=clear),
    odd("outputs kept", "Outputs of an earlier run are stored.", change=with_outputs),
    odd("cells reordered", "The last question is answered first.", change=reorder),
    odd("metadata lost", "An editor has dropped all metadata of cells.", change=forget_metadata),
    odd(
        "top-level await",
        "A cell awaits.",
        {
            "slope": """
            import asyncio
            await asyncio.sleep(0)
            async def three():
                return 3
            three_now = await three()
            slope = lambda x: 2 * x + three_now
            """
        },
    ),
    odd("nbformat 4.0", "An old minor version, without cell ids.", change=old_minor),
    odd("answer in two cells", "A helper, then the answer.", change=split_answer),
    odd(
        "source as lines",
        "Cell text as a list of lines, as Jupyter writes it.",
        change=source_as_lines,
    ),
    odd(
        "byte order mark",
        "A file with a byte order mark and Windows line ends.",
        make=lambda path, text, places: path.write_bytes(
            b"\xef\xbb\xbf" + text.replace("\\n", "\\r\\n").encode()
        ),
    ),
    odd(
        "other types",
        "float32, lists, a matrix and unevaluated forms.",
        {
            "slope": "slope = lambda x: [2 * x + 3][0] + 0j",
            "gradient": "gradient = lambda w: (2 * np.asarray(w)).tolist()",
            "formula": "import sympy as s\nx = s.Symbol('x', positive=True)\n"
            "formula = s.Derivative(x * s.exp(x), x).doit().factor()",
        },
    ),
    odd(
        "strict settings",
        "Warnings are errors, NumPy raises, the working folder is another.",
        {
            "slope": """
            import os, tempfile, warnings
            warnings.simplefilter("error")
            np.seterr(all="raise")
            np.set_printoptions(precision=2)
            os.chdir(tempfile.mkdtemp())
            os.environ["MINE"] = "1"
            slope = lambda x: 2 * x + 3
            """
        },
    ),
    odd(
        "threads that end",
        "The answer computes in threads.",
        {
            "gradient": """
            from concurrent.futures import ThreadPoolExecutor
            def gradient(w):
                with ThreadPoolExecutor(2) as pool:
                    return np.array(list(pool.map(lambda row: 2 * row, w)))
            """
        },
    ),
    odd(
        "files of its own",
        "Writes and reads a file in its folder.",
        {
            "slope": """
            from pathlib import Path
            Path("three.txt").write_text("3")
            np.save("two.npy", np.array(2.0))
            slope = lambda x: np.load("two.npy") * x + int(Path("three.txt").read_text())
            """
        },
    ),
]
