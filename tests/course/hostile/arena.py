"""The place of the fight: a small course with everything in it that an attack may want.

All of it lies open to whoever runs as the grader's user, and most of it to everybody, so that a
submission that is kept from it is kept by the grader and by nothing else.
"""

import ctypes
import json
import os
import platform
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

from adcourse.course.grading.store import Store

from .entry import HONEST, Entry

EXERCISE = "08_arena"
SOURCE = Path(__file__).parent / f"{EXERCISE}.md"
REPOSITORY = Path(__file__).resolve().parents[3]
NEIGHBOUR = Entry(
    "honest",
    "Nothing.",
    HONEST | {"slope": "def slope(x):\n    return 2 * x + 3  # an ibis stands here"},
)
NOTE_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/run", os.path.expanduser("~root"))


class Arena:
    """Build with `Arena()`, then `hand_in(entries)`, `grade(...)`, and ask what was touched."""

    def __init__(self):
        # Not below /tmp, which every sandbox hides.
        folder = "/var/tmp" if os.access("/var/tmp", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="arena-", dir=folder))
        self.submissions, self.out = self.folder / "in", self.folder / "out"
        self.store = self.out / "grades.sqlite"
        self.canaries, self.decoys = self.folder / "canaries", self.folder / "decoys"
        for path in (self.submissions, self.out, self.canaries, self.decoys):
            path.mkdir(parents=True)
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        source = self.folder / "exercises" / "source" / SOURCE.name
        source.parent.mkdir(parents=True)
        shutil.copy(SOURCE, source)
        from adcourse.course.build import build

        build(source)
        self.key = self.folder / "exercises" / "keys" / f"{EXERCISE}.ipynb"
        self.blank = json.loads((self.folder / "exercises" / f"{EXERCISE}.ipynb").read_text())
        for cell in self.blank["cells"]:
            cell["source"] = "".join(cell["source"])
        (self.decoys / "neighbour.ipynb").write_text("of a neighbour")
        (self.decoys / "grades.csv").write_text("the marks\n")
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        self.token = secrets.token_hex(8)
        self.victims, self.students, self.heard = {}, {}, []
        self._listen()
        self._before = set(psutil.Process().children(recursive=True))

    def close(self):
        """End and remove everything."""
        for victim in self.victims.values():
            victim.kill()
            victim.wait()
        for door in self._doors:
            door.close()
        for path in self.notes():
            path.unlink()
        for slug in self.students:
            self._segment(slug, remove=True)
        self._note_in_keyring(remove=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def hand_in(self, entries):
        """Write the submissions, an honest neighbour before and after each."""
        self._neighbour(0)
        for number, entry in enumerate(entries, 1):
            student = f"{number:03}_{entry.slug}"
            self.students[entry.slug] = student
            path = self.submissions / f"{student}.ipynb"
            entry.write(path, self.blank, self._places(entry, path))
            self._neighbour(number)

    def neighbours(self):
        """The names of all honest neighbours."""
        return [f"{number:03}_honest" for number in range(len(self.students) + 1)]

    def neighbour(self):
        """The text of an honest submission."""
        return json.dumps(NEIGHBOUR.notebook(self.blank, {}))

    def _neighbour(self, number):
        path = self.submissions / f"{number:03}_honest.ipynb"
        path.write_text(self.neighbour(), encoding="utf-8")

    def feedback(self):
        """Name of a file → the page that its student reads."""
        command = [sys.executable, "-m", "adcourse", "feedback", EXERCISE]
        command += ["--store", str(self.store), "--out", str(self.out / "feedback")]
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
        subprocess.run(command, env=environment, cwd=self.folder, timeout=600, check=True)
        paths = (self.out / "feedback").iterdir()
        return {path.stem: path.read_text(encoding="utf-8") for path in paths}

    def _places(self, entry, path):
        text = "".join((entry.first, entry.last, *entry.answers.values()))
        if 'A["victim"]' in text:
            command = [sys.executable, "-c", "import time; time.sleep(3600)"]
            self.victims[entry.slug] = subprocess.Popen(command)
        canary = self.canaries / entry.slug
        canary.write_text("untouched")
        canary.chmod(0o666)
        return {
            "key": str(self.key),
            "submissions": str(self.submissions),
            "out": str(self.out),
            "decoys": str(self.decoys),
            "decoy_store": str(self.decoys / "grades.csv"),
            "canary": str(canary),
            "note": f"adcourse-{self.token}-{entry.slug}",
            "segment": self._number(entry.slug),
            "token": self.token,
            "port": self.port,
            "door": str(self.folder / "door"),
            "abstract": f"adcourse-{self.token}",
            "victim": self.victims[entry.slug].pid if entry.slug in self.victims else 0,
        }

    def _listen(self):
        tcp = socket.create_server(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp = socket.socket(type=socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", self.port))
        self._doors = [tcp, udp]
        for name in (str(self.folder / "door"), f"\0adcourse-{self.token}"):
            door = socket.socket(socket.AF_UNIX)
            door.bind(name)
            door.listen()
            self._doors.append(door)
        os.chmod(self.folder / "door", 0o777)
        for door in self._doors:
            threading.Thread(target=self._hear, args=(door,), daemon=True).start()

    def _hear(self, door):
        while True:
            try:
                if door.type == socket.SOCK_DGRAM:
                    self.heard.append(door.recv(99).decode())
                else:
                    with door.accept()[0] as caller:
                        caller.settimeout(5)
                        self.heard.append(caller.recv(99).decode())
            except OSError:
                return

    def grade(self, *options, seconds):
        """Grade the folder by the command line; returns the finished process."""
        command = [sys.executable, "-m", "adcourse", "grade", EXERCISE, str(self.submissions)]
        command += ["--key", str(self.key), "--store", str(self.store), *options]
        environment = os.environ | {
            "PYTHONPATH": str(REPOSITORY),
            "TMPDIR": str(self.temporary),
            "SECRET_TOKEN": self.token,
        }
        _adopt_orphans(True)
        start = time.monotonic()
        try:
            done = subprocess.run(
                command, env=environment, cwd=self.folder, timeout=seconds, capture_output=True
            )
            self.seconds = time.monotonic() - start
            self.left = self._left()
        finally:
            for process in self._left():
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            _adopt_orphans(False)
        return done

    def marks(self):
        """(student, question) → the Mark."""
        with Store(self.store) as store:
            return {
                (one.student, mark.question): mark
                for one in store.records(EXERCISE)
                for mark in one.marks
            }

    def _left(self):
        """Processes that a run has left; orphans have become children of this process."""
        own = {victim.pid for victim in self.victims.values()}
        found = set(psutil.Process().children(recursive=True)) - self._before
        found = [process for process in found if process.pid not in own]
        gone, left = psutil.wait_procs(found, timeout=2)
        return left

    def notes(self):
        """Files that were left outside for others to find."""
        pattern = f"adcourse-{self.token}-*"
        return [path for folder in NOTE_FOLDERS for path in Path(folder).glob(pattern)]

    def reached(self, entry, marks):
        """What an entry got hold of beyond its own run: some of the words of WINS."""
        slug, found = entry.slug, set()
        for mark in marks:
            if "FOUND" in mark.reason:
                found.add("could write" if "writable" in mark.reason else "reads")
        if (self.canaries / slug).read_text() != "untouched":
            found.add("writes")
        if slug == "neighbours_files" and (self.decoys / "neighbour.ipynb").read_text() == "{}":
            found.add("writes")
        if slug == "marks_written" and slug in (self.decoys / "grades.csv").read_text():
            found.add("writes")
        if slug in self.heard:
            found.add("connects")
        if any(path.name.endswith(f"-{slug}") for path in self.notes()) or self._segment(slug):
            found.add("leaves")
        if slug == "note_in_the_kernel_s_keyring" and self._note_in_keyring():
            found.add("leaves")
        if slug in self.victims and self.victims[slug].poll() is not None:
            found.add("kills")
        return found

    def _number(self, slug):
        return int.from_bytes(f"{self.token}{slug}".encode(), "little") % 2_000_000_011

    def _segment(self, slug, remove=False):
        libc = ctypes.CDLL(None)
        found = libc.shmget(self._number(slug), 0, 0)
        if found >= 0 and remove:
            libc.shmctl(found, 0, None)
        return found >= 0

    def _note_in_keyring(self, remove=False):
        keyctl = {"x86_64": 250, "aarch64": 219}.get(platform.machine())
        if keyctl is None:
            return False
        call, found = ctypes.CDLL(None).syscall, False
        for ring in (-4, -5):
            key = call(keyctl, 10, ring, b"user", f"adcourse-{self.token}".encode(), 0)
            found = found or key > 0
            if key > 0 and remove:
                call(keyctl, 9, key, ring)
        return found


def _adopt_orphans(yes):
    """Whether a process that loses its parent becomes a child of this one (Linux)."""
    ctypes.CDLL(None).prctl(36, int(yes), 0, 0, 0)
