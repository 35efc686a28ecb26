"""What every run is held to, on any system: resource limits and an emptied environment."""

import os
from contextlib import suppress
from pathlib import Path

from .... import __path__ as package

MEBIBYTE, GIBIBYTE = 1 << 20, 1 << 30
MEMORY = 4 * GIBIBYTE  # of one process, and of all processes of a run together
PROCESSES = 64


def resource_limits(seconds, isolated):
    """Name → value of the limits of a run that may take this long."""
    limits = {
        "AS": MEMORY,
        "FSIZE": GIBIBYTE // 4,
        "CORE": 0,
        "CPU": int(2 * seconds) + 1,
        "NOFILE": 512,
    }
    # Without isolation the user's other processes would count.
    return limits | ({"NPROC": PROCESSES} if isolated else {})


def limit(limits):
    """Set resource limits for this process and its children; returns the names that are set."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return []
    done = []
    for name, value in limits.items():
        with suppress(ValueError, OSError):  # macOS has no limit on address space; marks say so
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
            done.append(name)
    return done


def memory_of_all():
    """Bytes of memory that all processes in sight use; for a process that sees only a run."""
    page = os.sysconf("SC_PAGE_SIZE")
    owned = sum(_number(text.split()[1:2], page) for text in _of_each_process("statm"))
    if owned <= MEMORY:
        return owned
    # Pages that a parent and its children still share have been counted more than once.
    shares = [line for text in _of_each_process("smaps_rollup") for line in text.splitlines()]
    return sum(_number(line.split()[1:2], 1024) for line in shares if line.startswith("Pss:"))


def _of_each_process(name):
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError), open(f"/proc/{entry.name}/{name}") as file:
                yield file.read()


def _number(words, unit):
    return sum(int(word) * unit for word in words)


def environment(scratch):
    """The variables of a submission's processes: what Python needs, and no more of the grader's.

    scratch  the folder that they may write to, or None for a program that writes nothing
    """
    kept = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX")
    kept += ("SYSTEMROOT", "COMSPEC", "PATHEXT")  # Windows starts no process without them
    home = str(Path(scratch or os.devnull, "home"))
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home,
        "TMPDIR": home,
        "TEMP": home,
        "TMP": home,
        "IPYTHONDIR": os.path.join(home, "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_RUNTIME_DIR": os.path.join(home, "runtime"),
        "MPLCONFIGDIR": os.path.join(home, "matplotlib"),
        "OPENBLAS_NUM_THREADS": "1",  # each thread reserves memory that counts against the limit
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": str(Path(list(package)[0]).resolve().parent),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def end_descendants():
    """Kill all that this process has started, and what these have started."""
    import psutil

    for _ in range(20):
        left = [p for p in psutil.Process().children(recursive=True) if _lives(p)]
        if not left:
            return
        for found in left:
            with suppress(psutil.NoSuchProcess):
                found.kill()
        psutil.wait_procs(left, timeout=0.5)


def _lives(process):
    import psutil

    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False
