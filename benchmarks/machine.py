"""The machine that the figures belong to, and how it is held still."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

import numpy as np

PACKAGES = ["numpy", "scipy", "sympy", "autograd", "jax", "jaxlib", "torch", "mygrad", "micrograd"]


def pin():
    """Keep this process, its threads and its children on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def facts():
    """What a reader needs to compare these figures with others."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "blas": f"{blas['name']} {blas['version']}",
        "threads": 1,
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "versions": {name: found for name in PACKAGES if (found := installed(name))},
    }


def processor():
    """The model name that Linux knows, or what Python knows."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":")[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None
