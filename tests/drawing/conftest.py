"""Programs to look at, and random ones."""

import shutil

import numpy as np
import pytest
from hypothesis import strategies as st

import adcourse as ad

UNARY = (np.sin, np.tanh, np.exp, np.arctan, np.negative, np.square, lambda x: x * x)
BINARY = (np.add, np.subtract, np.multiply, lambda x, y: x / (2.0 + np.square(y)), np.maximum)


def two_logs(w1, w2):
    v = w2 * np.log(w1)
    return v + np.sqrt(v)


def network(x, W1, W2):
    return np.mean((np.tanh(x @ W1) @ W2) ** 2)


def branch(x):
    return x * x if x > 0 else -x


def choice(x):
    return np.where(x > 0, x * x, -x)


def spread_out(x, b):
    return np.sum(np.exp(x[0]) * (x[1:] + b)) + b**3 / x[2]


@pytest.fixture
def L():
    """The example of the course at w1 = 2, w2 = 3, its result called L as in the lectures."""

    def L(w1, w2):
        return two_logs(w1, w2)

    return L


def arrays():
    rng = np.random.default_rng(0)
    return rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=(5, 1))


PROGRAMS = {
    "two_logs": (two_logs, (2.0, 3.0)),
    "its derivative": (ad.grad(two_logs, argnums=(0, 1)), (2.0, 3.0)),
    "network": (network, arrays()),
    "branch": (branch, (2.0,)),
    "choice": (choice, (2.0,)),
    "choice of entries": (choice, (np.array([1.0, -1.0]),)),
    "broadcasting": (spread_out, (np.array([1.0, 2.0, 3.0]), 0.5)),
    "several results": (lambda x: {"a": x, "b": 3.0, "c": np.sum(x) * x}, (np.array([1.0, 2.0]),)),
    "identity": (lambda x, y: x, (1.0, 2.0)),
    "constant": (lambda x: 4.0, (1.0,)),
    "nested arguments": (lambda p: p["w"] * p["b"][0], ({"w": 2.0, "b": [3.0]},)),
    "powers": (lambda x, y: x**y - np.maximum(x, y) * np.abs(x / y), (2.0, 3.0)),
    "a step": (lambda x: np.sign(x) * x, (2.0,)),
    "solve": (lambda A, b: np.sum(np.linalg.solve(A, b)), (np.diag([2.0, 4.0]), np.ones(2))),
    "stacked": (lambda x, y: np.sum(np.stack([x, y]) ** 2), (1.0, 2.0)),
    "< & >": (lambda x: x["<&>"] * 2, ({"<&>": 1.0},)),
}


@pytest.fixture(params=PROGRAMS)
def program(request):
    """A function and a point."""
    return PROGRAMS[request.param]


@pytest.fixture
def graph(program):
    f, point = program
    return ad.trace(f, *point)


@st.composite
def random_programs(draw, inputs=2, longest=9):
    """A function of two numbers in a few random operations, the last of which is its result."""
    steps = []
    for n in range(inputs, inputs + draw(st.integers(1, longest))):
        first = draw(st.integers(0, n - 1))
        if draw(st.booleans()):
            steps.append((draw(st.sampled_from(UNARY)), (first,)))
        else:
            second = draw(st.integers(0, n - 1))
            steps.append((draw(st.sampled_from(BINARY)), (first, second)))

    def f(x, y):
        values = [x, y]
        for operation, where in steps:
            values.append(operation(*[values[i] for i in where]))
        return values[-1] + x

    return f


@pytest.fixture(scope="session")
def programs_at_random():
    return random_programs()


@pytest.fixture(scope="module")
def page():
    """A page of headless Chromium."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="looking at pictures needs playwright: python3 start.py test"
    )
    browsers = ("chromium", "chromium-browser", "google-chrome", "chrome")
    program = next(filter(None, map(shutil.which, browsers)), None)
    if program is None:
        pytest.skip("looking at pictures needs Chromium: on Debian, sudo apt install chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=arguments)
        yield chromium.new_page(viewport={"width": 1000, "height": 700})
        chromium.close()
