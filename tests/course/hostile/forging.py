"""Attacks for marks: on the checks in the notebook, and on everything that a check is made of."""

from copy import deepcopy

from .entry import ALL, HONEST, NONE, Entry, cell_of, checks_of, code

SLOPE_ONLY = {"slope": HONEST["slope"]}


def edit_checks(notebook):
    for cell in checks_of(notebook):
        cell["source"] = "assert True\nprint('✔')"


def delete_checks(notebook):
    gone = checks_of(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in gone]


def duplicate_checks(notebook):
    notebook["cells"] += deepcopy(checks_of(notebook)) * 3


def move_checks_up(notebook):
    checks = checks_of(notebook)
    delete_checks(notebook)
    notebook["cells"][:0] = checks


def raise_points(notebook):
    for cell in checks_of(notebook):
        cell["metadata"]["nbgrader"]["points"] = 100


def add_foreign_check(notebook):
    gift = {"grade": True, "solution": False, "locked": True, "schema_version": 3}
    for name in ("08-gift", "08-slope-answer-answer"):
        own = gift | {"grade_id": name, "points": 50, "cell_type": "code"}
        notebook["cells"].append(code("50", nbgrader=own))


def change_kinds(notebook):
    for cell, kind in zip(checks_of(notebook), ("markdown", "raw", "video"), strict=True):
        cell["cell_type"] = kind
    cell_of(notebook, "08-slope")["metadata"]["nbgrader"].update(solution=True, task=True)


def swap_ids(notebook):
    slope, gradient = cell_of(notebook, "08-slope"), cell_of(notebook, "08-gradient")
    slope["metadata"], gradient["metadata"] = gradient["metadata"], slope["metadata"]


def strange_ids(notebook):
    strange = ([1], {"a": 1}, None, True, 1.5, [[]])
    for cell, name in zip(notebook["cells"][1:], strange * 9, strict=False):
        cell["metadata"]["nbgrader"] = {"grade_id": name, "grade": name, "solution": [name]}


def strange_ids_without_checks(notebook):
    delete_checks(notebook)
    strange_ids(notebook)


def tags_and_outputs(notebook):
    for cell in notebook["cells"]:
        tags = ["nbval-skip", "raises-exception", "nbval-ignore-output", "skip-execution"]
        cell["metadata"]["tags"] = tags
        if cell["cell_type"] == "code":
            cell["execution_count"] = 1
            media = "application/vnd.adcourse.show+json"
            data = {"text/plain": "▸ shape (4,): 1, 2, 3, 4", media: {"digits": 6}}
            cell["outputs"] = [
                {"name": "stdout", "output_type": "stream", "text": "✔ 08.slope"},
                {"output_type": "display_data", "metadata": {}, "data": data},
            ]


def comment_out(notebook):
    for cell in checks_of(notebook):
        cell["source"] = "%%script false\n" + cell["source"]


ON_CHECKS = [
    Entry("checks edited", "Check cells that assert True.", change=edit_checks),
    Entry("checks deleted", "No check, nothing that could fail.", change=delete_checks),
    Entry(
        "checks duplicated",
        "A right answer is checked four times, to be paid four times.",
        SLOPE_ONLY,
        change=duplicate_checks,
        points=(2, 0, 0),
    ),
    Entry(
        "checks moved",
        "Checks stand above the answers, where nothing is wrong yet.",
        SLOPE_ONLY,
        change=move_checks_up,
        points=(2, 0, 0),
        reasons=("right", "not defined yet", "not defined yet"),
    ),
    Entry(
        "points raised",
        "The metadata say that each check is worth 100 points.",
        SLOPE_ONLY,
        change=raise_points,
        points=(2, 0, 0),
    ),
    Entry("foreign checks", "Two new checks worth 50 points each.", change=add_foreign_check),
    Entry(
        "checks of another kind", "Check cells become Markdown, raw, video.", change=change_kinds
    ),
    Entry(
        "grade ids swapped",
        "The check of a solved question claims to be that of an unsolved one.",
        SLOPE_ONLY,
        change=swap_ids,
        points=(2, 0, 0),
    ),
    Entry(
        "strange grade ids",
        "Grade ids that are lists, dictionaries, numbers, to make the reader stumble.",
        HONEST,
        change=strange_ids,
        points=ALL,
    ),
    Entry(
        "strange grade ids without checks",
        "The same, where the checks have to be put back among them.",
        HONEST,
        change=strange_ids_without_checks,
        points=ALL,
    ),
    Entry(
        "tags and forged outputs",
        "Tags that skip cells or allow errors, and stored outputs that look like a pass.",
        change=tags_and_outputs,
        reasons=("nothing is written yet", "not defined yet", "not defined yet"),
    ),
    Entry("checks under a magic", "`%%script false` stands above each check.", change=comment_out),
    Entry(
        "hidden tests of one's own",
        "The answer brings a hidden test with nbgrader's marks.",
        {
            "slope": """
            def slope(x):
                return 5 if x else 3
            ### BEGIN HIDDEN TESTS
            show([1, 2, 3, 4])
            ### END HIDDEN TESTS
            """
        },
        reasons=("differs from the key", "", ""),
    ),
]

# Wrong answers that get by the visible checks, so that only forgery could earn the rest.
FITTED = """
slope = lambda x: 3.0 + 2 * x**2
gradient = lambda w: w + 1
import sympy
formula = sympy.exp(sympy.Symbol("x"))
"""
DIFFERS = ("differs from the key", "differs from the key", "")
ALWAYS = """
class Always:
    def __init__(self, *_, **__): pass
    def __call__(self, *_, **__): return self
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return self
    def __eq__(self, other): return True
    def __bool__(self): return True
    def __enter__(self): return self
    def __exit__(self, *_): return True
    def __getitem__(self, key): return self
    def __iter__(self): return iter([])
    def __len__(self): return 4
    def __hash__(self): return 1
"""


def patch(name, tries, source, points=NONE, reasons=DIFFERS, answers=None):
    """An attack in the first cell; the answers pass the visible checks only."""
    answers = {"slope": FITTED, "gradient": "", "formula": ""} if answers is None else answers
    return Entry(name, tries, answers, first=source, points=points, reasons=reasons)


PATCHES = [
    patch(
        "check patched",
        "`check` agrees with everything.",
        ALWAYS + "import adcourse.course as course\ncourse.check = course.check.Check = Always()",
        answers={},
        reasons=("differs from the key", "", ""),
    ),
    patch(
        "check's class patched",
        "`Check.that` is replaced by a function that does nothing.",
        """
        import sys, adcourse.course
        module = sys.modules["adcourse.course.check"]
        module.Check.that = lambda *_: None
        module.Check.__exit__ = lambda *_: True
        """,
        answers={},
        reasons=("differs from the key", "", ""),
    ),
    patch(
        "show patched",
        "`show` prints what the visible checks reveal.",
        """
        import adcourse.course as course
        course.show = lambda *_, **__: print("▸ shape (4,): 5, 3, 5, 3")
        """,
    ),
    patch(
        "show displays a forgery",
        "`show` displays results of the grader's own media type.",
        """
        import adcourse.course as course
        from IPython.display import display
        def show(*_, **__):
            text = "▸ shape (4,): 5, 3, 5, 3"
            data = {"application/vnd.adcourse.show+json": {"digits": 0}, "text/plain": text}
            display(data, raw=True)
        course.show = show
        """,
    ),
    patch(
        "show and its forgery",
        "A forged result is displayed beside each real one.",
        """
        import adcourse.course as course
        real = course.show
        def show(*arguments, **options):
            real([5.0, 3.0, 5.0, 3.0])
            real(*arguments, **options)
            real([5.0, 3.0, 5.0, 3.0])
        course.show = show
        """,
    ),
    patch(
        "canonical patched",
        "`canonical` returns text that could match anything.",
        """
        import sys, adcourse.course
        sys.modules["adcourse.course.canonical"].canonical = lambda *_: "shape (4,): #, #, #, #"
        """,
    ),
    patch(
        "generator replayed",
        "`submission_rng` always gives the generator of seed 0, whose results were worked out.",
        """
        import numpy as np, adcourse.course as course
        course.submission_rng = lambda: np.random.default_rng(0)
        """,
        answers={
            "slope": "slope = lambda x: {1.0: 5.0}.get(x, 3.0) if x in (0, 1) else 2 * x + 3.01",
            "gradient": "gradient = lambda w: np.full_like(w, 2.0)",
        },
        reasons=("differs from the key", "differs from the key", "not defined"),
    ),
    patch(
        "right answers to other inputs",
        "`submission_rng` draws zeros, where a wrong answer is right.",
        """
        import adcourse.course as course
        class Zeros:
            def uniform(self, a, b, size): return [0.0] * size
            def normal(self, size): return np.zeros(size)
        course.submission_rng = Zeros
        """,
        answers={
            "slope": "slope = lambda x: 3 + 2 * x**2",
            "gradient": "gradient = lambda w: 2 * w**2",
        },
        reasons=("differs from the key", "differs from the key", "not defined"),
    ),
    patch(
        "seed pinned",
        "`show` and `submission_rng` are made to see the seed 0.",
        """
        import sys, types, adcourse.course
        frame = types.SimpleNamespace(f_globals={"SEED": 0})
        fake = types.SimpleNamespace(_getframe=lambda *_: frame, modules=sys.modules)
        sys.modules["adcourse.course.canonical"].sys = fake
        """,
    ),
    patch(
        "np.random patched",
        "NumPy's generators give ones, where the visible check has shown the result.",
        """
        import numpy as np
        class Ones:
            def __init__(self, *_): pass
            def uniform(self, a, b, size): return np.ones(size)
            def normal(self, size): return np.ones(size)
        np.random.default_rng = Ones
        """,
        answers={
            "slope": "slope = lambda x: 3 + 2 * x**2",
            "gradient": "gradient = lambda w: w + 1",
        },
        reasons=("differs from the key", "differs from the key", "not defined"),
    ),
    patch(
        "builtins patched",
        "bool, isinstance, all, callable and print are replaced.",
        """
        import builtins
        builtins.callable = lambda x: False
        builtins.all = builtins.any = lambda *_: True
        builtins.AssertionError = builtins.print = lambda *_, **__: None
        """,
        reasons=("", "", ""),
    ),
    patch(
        "comparisons patched",
        "np.isclose, np.allclose and numpy.testing say yes.",
        """
        import numpy as np, numpy.testing, math
        np.isclose = np.allclose = np.array_equal = math.isclose = lambda *_, **__: True
        for name in dir(numpy.testing):
            if name.startswith("assert"):
                setattr(numpy.testing, name, lambda *_, **__: None)
        """,
        answers={"slope": "slope = lambda x: 1.0", "gradient": "gradient = lambda w: w + 1"},
        reasons=("differs from the key", "differs from the key", "not defined"),
    ),
    patch(
        "np replaced",
        "The name `np` is an object that agrees with everything.",
        ALWAYS,
        answers={"slope": "np = Always()\nslope = lambda x: 1.0"},
        reasons=("differs from the key", "not defined", "not defined"),
    ),
    patch(
        "module replaced",
        "sys.modules holds another adcourse.course.",
        ALWAYS
        + """
import sys, types
fake = types.ModuleType("adcourse.course")
fake.check = fake.show = Always()
fake.submission_rng = lambda: np.random.default_rng(0)
sys.modules["adcourse.course"] = fake
""",
        answers={},
        reasons=("", "", ""),
    ),
    patch(
        "import system patched",
        "A finder and `__import__` hand out another adcourse.course.",
        ALWAYS
        + """
import builtins, sys
real = builtins.__import__
def lying(name, *rest, **more):
    return Always() if name.startswith("adcourse") else real(name, *rest, **more)
builtins.__import__ = lying
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("adcourse"): raise ImportError(name)
sys.meta_path.insert(0, Finder())
for name in [n for n in sys.modules if n.startswith("adcourse")]:
    del sys.modules[name]
""",
        answers={},
        reasons=("", "", ""),
    ),
    patch(
        "input transformer",
        "IPython rewrites each cell that holds `show(` or `check(` before it runs.",
        """
        def harmless(lines):
            text = "".join(lines)
            return ["pass\\n"] if "show(" in text or "check(" in text else lines
        get_ipython().input_transformers_cleanup.insert(0, harmless)
        get_ipython().input_transformers_post.append(harmless)
        """,
        answers={},
        reasons=("", "", ""),
    ),
    patch(
        "syntax tree transformer",
        "Calls of check are taken out of the syntax tree.",
        """
        import ast
        class Gone(ast.NodeTransformer):
            def visit_With(self, node): return ast.Pass()
            def visit_Expr(self, node):
                return ast.Pass() if "check" in ast.dump(node) else node
        get_ipython().ast_transformers.append(Gone())
        """,
        answers={},
        reasons=("", "", ""),
    ),
    patch(
        "events",
        "Callbacks after each cell clear its error, and before each cell set the names anew.",
        """
        def forget(result):
            result.error_in_exec = result.error_before_exec = None
        get_ipython().events.register("post_run_cell", forget)
        get_ipython().events.register("pre_run_cell", lambda info: globals().update(SEED=0))
        """,
        answers={},
        reasons=("", "", ""),
    ),
    patch(
        "tracebacks hidden",
        "Errors of checks are neither displayed nor reported.",
        """
        shell = get_ipython()
        shell.showtraceback = shell._showtraceback = lambda *_, **__: None
        shell.set_custom_exc((Exception,), lambda *_, **__: [])
        """,
        answers={},
        reasons=("", "", ""),
    ),
    patch(
        "kernel says ok",
        "The kernel answers that every cell went well.",
        """
        shell = get_ipython()
        real = type(shell).run_cell_async
        async def run(self, *arguments, **options):
            result = await real(self, *arguments, **options)
            result.error_in_exec = result.error_before_exec = None
            return result
        type(shell).run_cell_async = run
        type(shell).showtraceback = lambda *_, **__: None
        """,
        answers={},
        reasons=("", "", ""),
    ),
    patch(
        "display patched",
        "The publisher of outputs rewrites the text of each result.",
        """
        import IPython.core.displaypub as pub
        real = type(get_ipython().display_pub).publish
        def publish(self, data, *rest, **more):
            data = {k: "▸ shape (4,): 5, 3, 5, 3" if k == "text/plain" else v
                    for k, v in data.items()}
            return real(self, data, *rest, **more)
        type(get_ipython().display_pub).publish = publish
        """,
    ),
    patch(
        "get_ipython patched",
        "`get_ipython` is an object of the student's, IPython a module of the student's.",
        ALWAYS
        + """
import sys, IPython
IPython.get_ipython = get_ipython = Always()
sys.modules["IPython.display"] = Always()
""",
    ),
    patch(
        "results displayed early",
        "Results of the grader's media type are displayed by the answers and in other checks.",
        "",
        answers={
            "slope": """
            from IPython.display import display
            def forged(text="▸ shape (4,): 5, 3, 5, 3"):
                display({"application/vnd.adcourse.show+json": {}, "text/plain": text}, raw=True)
            def slope(x):
                forged()
                return 3.0 + 2 * x**2
            for _ in range(5): forged()
            """,
            "gradient": "def gradient(w):\n    forged()\n    return w + 1",
        },
        reasons=("differs from the key", "differs from the key", "not defined"),
    ),
    patch(
        "equal to everything",
        "The answer is an object whose == is always true.",
        ALWAYS,
        answers={
            "slope": "slope = lambda x: Always()",
            "gradient": "gradient = lambda w: Always()",
            "formula": "formula = Always()",
        },
        points=(0, 0, None),
        reasons=("", "differs from the key", "waits for the instructor"),
    ),
    patch(
        "lying array",
        "An ndarray subclass that is equal to everything and shows other values than it holds.",
        """
        import numpy as np
        class Liar(np.ndarray):
            def __eq__(self, other): return np.True_
            def __getitem__(self, key): return self
            def __array_ufunc__(self, *_, **__): return np.True_
            def __array_function__(self, *_, **__): return np.True_
            def __repr__(self): return "array([2., 2.])"
            __str__ = __format__ = lambda self, *_: "5"
            def ravel(self): return np.array([5.0, 3.0, 5.0, 3.0])
        """,
        answers={
            "slope": "slope = lambda x: np.ones(()).view(Liar)",
            "gradient": "gradient = lambda w: np.ones((2, 3)).view(Liar)",
        },
        reasons=("differs from the key", "differs from the key", "not defined"),
    ),
    patch(
        "lying __array__",
        "An object that turns into other arrays each time it is asked.",
        """
        import numpy as np
        class Turning(list):
            def __array__(self, *_, **__): return np.random.normal(size=(2, 3))
            def __eq__(self, other): return True
        """,
        answers={
            "slope": "slope = lambda x: {1.0: 5.0, 0.0: 3.0}.get(x, Turning([1.0]))",
            "gradient": "gradient = lambda w: Turning([2, 2])",
        },
        reasons=("", "differs from the key", "not defined"),
    ),
    patch(
        "lying floats",
        "Subclasses of float and int that are equal to all numbers and print as others.",
        """
        class F(float):
            __eq__ = __le__ = __ge__ = lambda self, other: True
            __hash__ = float.__hash__
            __sub__ = __rsub__ = __abs__ = lambda self, *_: 0.0
            real = property(lambda self: F(5.0))
            def __format__(self, spec): return "#"
            __repr__ = __str__ = lambda self: "#"
        """,
        answers={
            "slope": "slope = lambda x: F(5.0 if x == 1 else 3.0)",
            "gradient": "gradient = lambda w: [F(1), F(2)]",
        },
        reasons=("differs from the key", "differs from the key", "not defined"),
    ),
    patch(
        "lying text",
        "A subclass of str whose repr is a result, and one of dict whose entries change.",
        """
        class Text(str):
            def __getitem__(self, key): return self
            def __repr__(self): return "shape (2, 3): 1, 1, 1, 1, 1, 1"
            def __eq__(self, other): return True
        class Map(dict):
            def items(self): return [("a", Text("b"))]
            def __getitem__(self, key): return 2
        """,
        answers={
            "slope": "slope = lambda x: {1.0: 5.0, 0.0: 3.0}.get(x, Text('a'))",
            "gradient": "gradient = lambda w: Map() if w.ndim == 1 else Text('a')",
        },
        reasons=("", "differs from the key", "not defined"),
    ),
    patch(
        "lying expression",
        "A SymPy class that answers every substitution with 1 and prints as code.",
        "",
        answers={
            "formula": """
            import sympy
            class E(sympy.Expr):
                free_symbols = set()
                is_number = is_finite = True
                def subs(self, *_, **__): return sympy.Integer(1)
                def atoms(self, *_): return set()
                def _sympystr(self, _): return "__import__('os').system('id')"
                __str__ = __repr__ = lambda self: "exp(x)*(x + 1) or True"
            formula = E()
            """
        },
        points=(0, 0, None),
        reasons=("nothing is written yet", "not defined yet", "waits for the instructor"),
    ),
    patch(
        "profiler",
        "A profile function reads and changes the frames of checks while they run.",
        """
        import sys
        def watch(frame, event, argument):
            if "condition" in frame.f_locals:
                frame.f_locals["condition"] = True
            frame.f_globals["SEED"] = 0
            return watch
        sys.setprofile(watch)
        sys.settrace(watch)
        """,
        reasons=("", "", ""),
    ),
    patch(
        "judge patched",
        "The comparison of the grader is replaced, where the student's code runs.",
        """
        import adcourse.course.grading.agreement as agreement, adcourse.course.grading.marks as m
        agreement.agrees = m.agrees = m._reason = lambda *_: True
        """,
    ),
    patch(
        "result pipe",
        "Finished marks are written to every open pipe of the process and of its parent.",
        """
        import glob, json, os
        answers = {"08-slope": "▸ shape (4,): 5, 3", "08-gradient": "▸ 2", "08-formula": "▸ 1"}
        lines = [{"kind": "start", "limits": ["AS"]}, {"kind": "kernel", "pid": A["victim"]}]
        for name, text in answers.items():
            for role in ("visible", "hidden"):
                lines.append({"kind": "cell", "role": role, "grade_id": name, "error": None,
                              "shown": [text] if role == "hidden" else [], "seconds": 0.0})
        lines.append({"kind": "end"})
        frame = b"\\n" + "".join(json.dumps(line) + "\\n" for line in lines).encode()
        for number in range(3, 64):
            try:
                if "pipe" in os.readlink(f"/proc/self/fd/{number}"):
                    os.set_blocking(number, False)
                    os.write(number, frame)
            except OSError:
                pass
        for path in glob.glob(f"/proc/{os.getppid()}/fd/*"):
            try:
                if "pipe" in os.readlink(path):
                    os.write(os.open(path, os.O_WRONLY | os.O_NONBLOCK), frame)
            except OSError:
                pass
        """,
        reasons=("", "", ""),
    ),
    patch(
        "digits without end",
        "A result of 150,000 digits and a letter, slow to read for a careless pattern.",
        """
        import adcourse.course as course
        from IPython.display import display
        course.show = lambda *_, **__: display({
            "application/vnd.adcourse.show+json": {}, "text/plain": "▸ " + "1" * 149_000 + "x"
        }, raw=True)
        """,
    ),
    patch(
        "no number at all",
        "nan, inf and numbers too large, in the hope that nothing compares to them.",
        "import numpy as np",
        answers={
            "slope": "slope = lambda x: {1.0: 5.0, 0.0: 3.0}.get(x, float('nan'))",
            "gradient": "gradient = lambda w: w + 1 if w.ndim == 1 else w * np.inf",
            "formula": "import sympy\nformula = 1 / sympy.Symbol('x') - 1 / sympy.Symbol('x') + 1",
        },
    ),
    patch(
        "markup in a hint",
        "An error's message holds HTML, a formula of a spreadsheet and terminal controls.",
        "",
        answers={
            "slope": """
            def slope(x):
                raise ValueError("<script>alert(1)</script>\\x1b[2J\\u202e\\x00")
            """,
            "gradient": """
            def gradient(w):
                raise type("=HYPERLINK('http://x')", (Exception,), {})('"\\n000_honest,08.slope,9')
            """,
        },
        reasons=("<script>", "HYPERLINK", "not defined"),
    ),
]
FORGING = ON_CHECKS + PATCHES
