"""What comes from a submission's process is read without trusting any of it."""

import json
import random
import socket
import threading
import time

import pytest

from adcourse.course.grading.running import warm
from adcourse.course.grading.running.jobs import SHOWN_LIMIT, Step, read_event

STEP = Step("", "hidden", "08-slope")
GOOD = {"kind": "cell", "role": "hidden", "grade_id": "08-slope"}
GOOD |= {"error": None, "shown": ["▸ 1"], "seconds": 0.1}
VALUES = [
    None, True, -1, 1.5, 10**400, float("nan"), float("-inf"), "", "x" * 3000, "\ud800", "\0",
    [], [[]], [None], ["a", 1], ["a", "b"], ["a", "b", "c"], {}, {"a": []}, [{"b": "c"}],
]  # fmt: skip
GARBAGE = [
    b"", b" ", b"\xff\xfe", b"{", b"[]", b"null", b"NaN", b"1e999", b"9" * 5000, b'"cell"',
    b"[" * 10**5, b'{"a":' * 10**5, b'{"error": null}', b'{"shown": []', b'{"shown": "\\ud800',
    b"\0" * 99,
]  # fmt: skip


def check_event(line):
    """Read a line; whatever it is gives an event of the asked step, or a ValueError."""
    try:
        event = read_event(line, STEP, 0.5)
    except ValueError:
        return None
    assert set(event) == {"kind", "role", "grade_id", "error", "shown", "seconds"}
    assert (event["role"], event["grade_id"], event["seconds"]) == ("hidden", "08-slope", 0.5)
    assert event["error"] is None or [type(part) for part in event["error"]] == [str, str]
    assert all(type(text) is str for text in event["shown"])
    assert sum(map(len, event["shown"])) <= SHOWN_LIMIT
    assert all(len(part) <= 2_000 for part in event["error"] or ())
    return event


@pytest.mark.parametrize("line", GARBAGE, ids=lambda line: repr(line[:9]))
def test_garbage_is_no_event(line):
    assert check_event(line) is None


def test_who_it_was_and_how_long_it_took_is_not_for_the_line_to_say():
    lie = GOOD | {"role": "visible", "grade_id": "08-formula", "seconds": -5}
    assert check_event(json.dumps(lie).encode())["shown"] == ["▸ 1"]


@pytest.mark.parametrize("name", ["error", "shown", "role", "kind", "seconds"])
def test_any_value_in_any_place_is_read_or_refused(name):
    for value in VALUES:
        check_event(json.dumps(GOOD | {name: value}).encode())


def test_ten_thousand_changed_lines_are_read_or_refused():
    rng, good = random.Random(0), json.dumps(GOOD | {"error": ["E", "é\\n"]}).encode()
    refused = 0
    for _ in range(10_000):
        line = bytearray(good)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(line))
            how = rng.randrange(4)
            if how == 0:
                line[at] = rng.randrange(256)
            elif how == 1:
                del line[at : at + rng.randint(1, 9)]
            elif how == 2:
                line[at:at] = rng.choice([b"[", b"{", b'"', b"1e9", b"null", b"\\u", b","])
            else:
                line[at:at] = json.dumps(rng.choice(VALUES)).encode()
            line = line or bytearray(b" ")
        refused += check_event(bytes(line)) is None
    assert 1_000 < refused < 9_999


class Stream:
    """The near end of a stream whose far end is written to by a thread."""

    def __init__(self, write):
        self.near, self.far = socket.socketpair()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(write,), daemon=True)

    def _run(self, write):
        try:
            write(self.far, self.stop)
        except OSError:
            pass

    def __enter__(self):
        self.thread.start()
        return self.near

    def __exit__(self, *_):
        self.stop.set()
        self.near.close()
        self.thread.join(5)
        self.far.close()


class Dribble:
    """A stream that gives one more byte whenever it is asked."""

    def settimeout(self, seconds):
        pass

    def recv(self, size):
        time.sleep(0.001)
        return b" "


def test_bytes_that_come_one_by_one_do_not_stretch_the_time():
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        warm._read_line(Dribble(), b"", start + 0.2)
    assert time.monotonic() - start < 5


def test_a_line_without_end_is_refused_and_not_kept():
    def flood(far, stop):
        while not stop.is_set():
            far.sendall(b"x" * 65_536)

    with Stream(flood) as near, pytest.raises(ValueError):
        warm._read_line(near, b"", time.monotonic() + 30)


def test_lines_that_come_too_early_wait_for_their_turn():
    with Stream(lambda far, stop: far.sendall(b"one\ntwo\nthr")) as near:
        end = time.monotonic() + 5
        first, rest = warm._read_line(near, b"", end)
        second, rest = warm._read_line(near, rest, end)
        assert (first, second) == (b"one", b"two")
        with pytest.raises(TimeoutError):
            warm._read_line(near, rest, time.monotonic() + 0.2)
