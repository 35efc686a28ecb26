"""Steps run in an IPython shell of this process, and reported as nbval's kernel reports them."""

import signal
import sys
import time
from contextlib import contextmanager

from ...canonical import MEDIA_TYPE


def perform(steps, timeout, send):
    """Run steps one after the other; `send(**event)` is called for each as it ends."""
    shell = new_shell()
    for step in steps:
        start = time.perf_counter()
        shell.display_pub.taken.clear()
        with alarm(timeout):
            result = shell.run_cell(step.source, store_history=False, silent=False)
        error = result.error_before_exec or result.error_in_exec
        send(
            kind="cell",
            role=step.role,
            grade_id=step.grade_id,
            error=error and [type(error).__name__, str(error)],
            shown=list(shell.display_pub.taken),
            seconds=time.perf_counter() - start,
        )


def new_shell():
    """A shell whose displays are kept, whose output goes nowhere, and whose `__main__` is new."""
    import types

    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    class Taking(DisplayPublisher):
        taken = []

        def publish(self, data, metadata=None, **kwargs):
            if MEDIA_TYPE in data:
                self.taken.append(str(data.get("text/plain", "")))

    class Silent(DisplayHook):
        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            pass

    class Shell(InteractiveShell):
        def _showtraceback(self, etype, evalue, stb):
            pass

    InteractiveShell.clear_instance()
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    return Shell.instance(
        user_module=main,
        user_ns=main.__dict__,
        display_pub_class=Taking,
        displayhook_class=Silent,
        history_manager=None,
    )


@contextmanager
def alarm(seconds):
    """Interrupt what takes longer, as a kernel is interrupted."""

    def interrupt(*_):
        raise KeyboardInterrupt

    old = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
