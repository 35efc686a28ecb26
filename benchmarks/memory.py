"""How much memory a run needs at its highest: resident pages of a fresh process."""

import sys

try:
    import resource
except ImportError:  # Windows
    resource = None


def peak():
    """The largest number of bytes that this process has held, or None where it is not known."""
    if sys.platform == "linux":  # getrusage would count the process that started this one
        with open("/proc/self/status", encoding="ascii") as lines:
            held = {key: value for key, _, value in (line.partition(":") for line in lines)}
        return int(held["VmHWM"].split()[0]) * 1024
    if resource is None:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def forget_peak():
    """Start from what is held now, where the system (Linux) can."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as refs:
            refs.write("5")
    except OSError:
        pass


def needed(call):
    """Bytes that a call needs beyond what the process held before, or None."""
    forget_peak()
    before = peak()
    call()
    return None if before is None else peak() - before
