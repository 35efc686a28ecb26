"""Formulas judged by mathematical equality, in a process of its own with limits.

What a submission shows is text in a grammar (`adcourse.symbolic.parse_answer`); it is read here
and nowhere evaluated. A formula that takes too long, or cannot be decided, is for the instructor.
"""

import json
import subprocess
import sys
from importlib import import_module
from queue import Empty, Queue
from threading import Thread

from ..formulas import PREFIX
from .running.limits import limit

LIMITS = {"AS": 4 << 30, "CORE": 0, "FSIZE": 0}
START_LIMIT = 120  # seconds to import what compares; that is not the formula's time
UNDECIDED = "undecided"


class Judge:
    """`with Judge() as judge: judge.verdict(key's text, student's text)`.

    One process serves many questions; it is started again if it dies or takes longer than
    `seconds` for one of them. The same pair is decided once.
    """

    def __init__(self, seconds=30):
        self.seconds, self._known, self._process = seconds, {}, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None

    def verdict(self, key, got):
        """(True, False or None where only the instructor can tell; a sentence that says why)."""
        if not got.startswith(PREFIX):
            return False, "is no formula"
        pair = key, got
        if pair not in self._known:
            self._known[pair] = self._ask(key.removeprefix(PREFIX), got.removeprefix(PREFIX))
        return self._known[pair]

    def _ask(self, key, got):
        try:
            if self._process is None or self._process.poll() is not None:
                self.begin()
            if not self._ready:
                self._lines.get(timeout=START_LIMIT)  # its first line
                self._ready = True
            self._process.stdin.write(json.dumps([key, got]).encode() + b"\n")
            self._process.stdin.flush()
            answer, reason = json.loads(self._lines.get(timeout=self.seconds))
            return answer, str(reason)
        except Empty:
            reason = f"took longer than {self.seconds:g} s to compare"
        except (OSError, ValueError, TypeError):
            reason = "could not be compared"
        self.__exit__()
        return None, reason

    def begin(self):
        """Start the process ahead of the first formula: it takes seconds until it can answer."""
        self._ready = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._lines = Queue()
        pipe = self._process.stdout, self._lines
        Thread(target=_pass_on, args=pipe, daemon=True).start()


def _pass_on(pipe, lines):
    try:
        for line in pipe:
            lines.put(line)
    except ValueError:  # closed at the end of the run
        pass
    lines.put(b"")


def decide(key, got):
    """The verdict on two texts that `show_formula` has shown, without their prefix."""
    key, got = json.loads(key), json.loads(got)
    shapes = {name: tuple(shape) for name, shape in key["variables"].items()}
    return same(key["answer"], got.get("answer"), shapes, key["assume"])


def same(key, got, shapes, assume):
    """One verdict for a formula or a nest of formulas."""
    from ...symbolic import compare

    if isinstance(got, dict):
        return None, str(got.get("unread", "cannot be read"))[:300]
    if isinstance(key, list):
        if not isinstance(got, list) or len(got) != len(key):
            return False, f"is not a list of {len(key)}"
        parts = [same(k, g, shapes, assume) for k, g in zip(key, got, strict=True)]
        worst = min(parts, key=lambda part: {False: 0, None: 1, True: 2}[part[0]])
        return worst
    if not isinstance(got, str):
        return False, "is no formula"
    verdict = compare(key, got, shapes=shapes, assume=assume or None)
    return (None if verdict.status == UNDECIDED else bool(verdict)), verdict.reason


def main():
    """Answer one pair a line until the grader is gone."""
    limit(LIMITS)
    import_module("adcourse.symbolic")  # takes longer than most questions
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            answer = decide(*json.loads(line))
        except Exception as error:
            answer = None, f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
