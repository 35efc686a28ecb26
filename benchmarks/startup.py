"""W13: a fresh process that imports a provider and takes one gradient, its bytecode warm."""

import os
import subprocess
import sys
import tempfile

from benchmarks.run import Row
from benchmarks.timing import race

try:
    import resource
except ImportError:  # Windows
    resource = None

KEY = "W13"
EXPRESSION = """
def L(w1, w2):
    v = w2 * np.log(w1)
    return v + np.sqrt(v)
"""
PROGRAMS = {  # provider -> imports, first gradient
    "numpy": ("import numpy as np", ""),
    "adcourse": ("import numpy as np, adcourse as ad", "ad.grad(L, (0, 1))(2.0, 3.0)"),
    "autograd": (
        "import autograd, autograd.numpy as np",
        "autograd.grad(L, (0, 1))(2.0, 3.0)",
    ),
    "mygrad": ("import mygrad as np", "w = np.tensor(2.0); L(w, np.tensor(3.0)).backward()"),
    "torch": (
        "import torch as np",
        "w = np.tensor([2.0, 3.0], requires_grad=True); L(w[0], w[1]).backward()",
    ),
    "jax": ("import jax, jax.numpy as np", "jax.grad(L, (0, 1))(2.0, 3.0)"),
    "jax_jit": ("import jax, jax.numpy as np", "jax.jit(jax.grad(L, (0, 1)))(2.0, 3.0)"),
}


def children():
    """CPU seconds of the processes that this one has started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def process(name, bytecode):
    """A call that runs the program in a fresh process; for `numpy`, the import alone.

    Bytecode is kept in the folder `bytecode`, so that it is warm also where a user has asked
    Python not to write any.
    """
    imports, gradient = PROGRAMS[name]
    program = "\n".join([imports, EXPRESSION if gradient else "", gradient])
    setting = os.environ | {"PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
    return lambda: subprocess.run([sys.executable, "-c", program], check=True, env=setting)


def run(providers, rounds, budget, tiny=False):
    """One row: whole process / process that imports NumPy and does nothing."""
    row = Row(KEY, "fresh process: import and first gradient", {"adcourse": 1.3}, "× import numpy")
    with tempfile.TemporaryDirectory() as bytecode:
        calls = {}
        for name, provider in providers.items():
            if provider is None or name not in PROGRAMS or resource is None:
                row.words[name] = "absent" if provider is None else "–"
            else:
                calls[name] = process(name, bytecode)
        if calls:
            times = race(calls, rounds, budget, clock=children)
            for name in calls:
                row.cells[name] = times.ratio(name)
                row.seconds[name] = times.median(name)
    return [row]
