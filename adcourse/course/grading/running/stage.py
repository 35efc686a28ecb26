"""Steps run in an IPython shell of this process, and reported as nbval's kernel reports them."""

import builtins
import signal
import sys
import threading
import time
import types
from contextlib import contextmanager

from ...canonical import MEDIA_TYPE
from .jobs import SHOWN_LIMIT, UNSEEN, event, size_of, too_long

NO_INPUT = "raw_input was called, but this frontend does not support input requests."


def perform(steps, timeout, send, shell=None):
    """Run steps one after the other; `send(**event)` is called for each as it ends.

    steps    any iterable of steps; a next one is asked for when the last one has been sent
    timeout  seconds after which a cell is interrupted, or None to leave that to others
    shell    from `new_shell()`; made here if None

    A cell that ends this process, or cannot be interrupted, is for the caller to survive.
    """
    shell = shell or new_shell()
    for step in steps:
        start = time.perf_counter()
        error, taken = run_cell(shell, step.source, timeout)
        seconds = time.perf_counter() - start
        send(**event(step, error, [text for text, _ in taken], seconds))


def run_cell(shell, source, timeout):
    """The error of a cell (None, or kind and message) and what it showed: (text, data) pairs."""
    shell.display_pub.taken.clear()
    shell.raised = None
    with interruptible(timeout) as stopped:
        error = _run(shell, source)
    if stopped and error is not None and error[0] == "KeyboardInterrupt":
        error = "", too_long(timeout)
    return error, list(shell.display_pub.taken)


def _run(shell, source):
    """Run a cell; returns None, or the kind and message of the first error that was displayed."""
    try:
        failed = not shell.run_cell(source, store_history=False, silent=False).success
    except BaseException as error:  # the student's hooks of the shell may raise anything
        return _described(error)
    return shell.raised or (("", UNSEEN) if failed else None)


def _described(error):
    try:
        return type(error).__name__, str(error)
    except BaseException:
        return type(error).__name__, ""


def new_shell():
    """A shell whose displays are kept, whose output goes nowhere, and whose `__main__` is new."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    class Taking(DisplayPublisher):
        taken = []

        def publish(self, data, metadata=None, **kwargs):
            # A little more than the limit is enough to see that it was passed.
            if MEDIA_TYPE in data and size_of([text for text, _ in self.taken]) <= SHOWN_LIMIT:
                self.taken.append((str(data.get("text/plain", "")), data[MEDIA_TYPE]))

    class Silent(DisplayHook):
        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            pass

    class Shell(InteractiveShell):
        raised = None

        def showtraceback(self, exc_tuple=None, *_, **__):
            # What a kernel would send: the first one of a cell is its error. Nobody reads a
            # traceback here, and formatting one takes longer than most cells.
            self.raised = self.raised or _described(self._get_exc_info(exc_tuple)[1])

        def showsyntaxerror(self, *_, **__):
            self.showtraceback()

        def enable_gui(self, gui=None):
            pass  # as in a kernel, %matplotlib opens no window

    InteractiveShell.clear_instance()
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    shell = Shell.instance(
        user_module=main,
        user_ns=main.__dict__,
        display_pub_class=Taking,
        displayhook_class=Silent,
        history_manager=None,
    )
    shell.user_ns.update(exit=sys.exit, quit=sys.exit)  # to end a cell, not a kernel
    builtins.input = _refuse_input
    return shell


def _refuse_input(prompt=""):
    from IPython.core.error import StdinNotImplementedError

    raise StdinNotImplementedError(NO_INPUT)


@contextmanager
def interruptible(seconds):
    """Let SIGINT interrupt the block, as it interrupts a kernel, and send it after `seconds`.

    Gives a list that is no longer empty once the time is over. Outside of the block SIGINT is
    ignored, so that one which comes late hits nothing.
    """
    stopped = []
    if threading.current_thread() is not threading.main_thread():
        yield stopped  # signals are for the main thread alone
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    old = _alarm(seconds, stopped)
    try:
        yield stopped
    finally:
        _alarm(None, stopped, old)
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _alarm(seconds, stopped, handler=None):
    """Set the alarm clock, or take it back and restore the handler; returns the old handler."""
    if not hasattr(signal, "setitimer"):  # Windows
        return None

    def interrupt(*_):
        stopped.append(True)
        signal.raise_signal(signal.SIGINT)

    if seconds is None:
        signal.setitimer(signal.ITIMER_REAL, 0)
    old = signal.signal(signal.SIGALRM, handler or interrupt)
    if seconds is not None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    return old
