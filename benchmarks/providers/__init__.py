"""Who is compared. Each provider is a module with one class; a peer that is missing is absent.

A provider answers a task with a call that takes no arguments. Inputs are converted before, since
a user's data live in the provider's own arrays; results are complete when the call returns.
"""

from importlib import import_module

PEERS = {  # name -> module, class
    "numpy": ("by_hand", "ByHand"),
    "adcourse": ("own", "Adcourse"),
    "compiled": ("own", "Compiled"),
    "autograd": ("autograd_peer", "Autograd"),
    "mygrad": ("mygrad_peer", "MyGrad"),
    "torch": ("torch_peer", "Torch"),
    "jax": ("jax_peer", "Jax"),
    "jax_jit": ("jax_peer", "JaxJit"),
    "micrograd": ("micrograd_peer", "Micrograd"),
}

OWN = ("adcourse", "compiled")
NEEDED = ("adcourse", "benchmarks", "numpy")  # without these there is nothing to compare


class Cannot(Exception):
    """The provider has no such derivative."""


class Provider:
    """What providers share. A task that a provider does not define, it cannot do."""

    xp = None  # what stands in for NumPy in `f(xp, *args)`
    scalar_only = False

    def call(self, task, problem):
        """A call without arguments that computes the answer of this task."""
        method = getattr(self, task, None)
        if method is None:
            raise Cannot(f"{type(self).__name__} has no {task}")
        return method(problem)

    def checkpoint(self, f):
        """f, but its intermediate values are computed again instead of kept."""
        raise Cannot(f"{type(self).__name__} has no checkpoint")

    def forget(self):
        """Empty every cache that a second compilation of the same program would profit from."""

    def repeat(self, step, x, times):
        """step(step(… x)): a loop, where a provider has no better one."""
        for _ in range(times):
            x = step(x)
        return x


def load(name):
    """The provider of this name, or None when it is not installed."""
    module, of = PEERS[name]
    try:
        return getattr(import_module(f"benchmarks.providers.{module}"), of)()
    except ModuleNotFoundError as missing:
        if str(missing.name).split(".")[0] in NEEDED:
            raise
        return None
