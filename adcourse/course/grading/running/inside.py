"""The program that isolates itself, then runs one of our modules: `…inside HOW MODULE FONT_LISTS`.

How: "namespaces" (see below), "bubblewrap" (bwrap has done it already) or "limits" (nothing to do).
With namespaces there are fresh ones for process ids, mounts, network, IPC and the host name. The
root folder becomes a read-only view of Python and the system's libraries, with a scratch folder in
memory. Root does that as root; anybody else as root of a user namespace, where the kernel allows
it. When the first process in it ends, the kernel kills all others.
"""

import os
import runpy
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from . import linux, view

ROOT = "/sys"  # the view is put together here: every Linux has it, and nothing of Python is in it
USERS, USERS_EACH = 2_000_000_000, 500  # user ids that nobody has, and how many a process takes


def main(how, module, *fonts):
    """Isolate this process, then run `module` as its program.

    fonts  files that are shown in Matplotlib's folder
    """
    if how == "namespaces":
        enter_namespaces(fonts)
    tempfile.tempdir = None  # there is another one now
    sys.argv = [module, how]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def enter_namespaces(fonts):
    """Come back as the first process of fresh namespaces; the one that called waits and ends."""
    readable, links = view.readable(), view.links()
    if os.geteuid() != 0:
        linux.become_root_of_new_users()
    linux.unshare(linux.NEW_PIDS)
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    linux.die_with_parent()
    linux.unshare(linux.NEW_MOUNTS | linux.NEW_NETWORK | linux.NEW_IPC | linux.NEW_NAMES)
    linux.set_host_name("sandbox")
    linux.start_loopback()
    _build(readable, links, fonts)


def fresh_scratch(user=0, root=""):
    """Mount an empty scratch folder, empty shared memory and the processes in sight."""
    owner = f"mode=700,uid={user},gid={user}"
    flags = linux.NO_SUID | linux.NO_DEVICES
    for folder, size in ((view.SCRATCH, view.SCRATCH_SIZE), ("/dev/shm", view.SHARED_SIZE)):
        options = f"{owner},size={size},nr_inodes=20000"
        linux.mount("tmpfs", root + folder, "tmpfs", flags, options)
    linux.mount("proc", f"{root}/proc", "proc", flags | linux.NO_EXECUTION)
    # Segments and queues of System V belong to no process, so no limit would count them.
    for name in ("shmmax", "msgmni"):
        with suppress(OSError), open(f"{root}/proc/sys/kernel/{name}", "w") as file:
            file.write("0")
    for folder in ("work", "home", view.FONTS):
        path = f"{root}{view.SCRATCH}/{folder}"
        os.mkdir(path)
        os.chown(path, user, user)


def user_of(pid, number=0):
    """A user id for one run: what Linux keeps for a user, such as keys, must not outlive a run.

    pid     process that the grader has started for this run, or for one run after the other
    number  of the run among those of the process; 500 runs later an id comes again
    """
    return USERS + USERS_EACH * pid + number % USERS_EACH


def hand_over_scratch(user):
    """Give the scratch folder to a user (None: to whoever this is)."""
    if user is not None:
        for folder in ("", "/work", "/home", f"/{view.FONTS}"):
            os.chown(view.SCRATCH + folder, user, user)


def become_student(user):
    """Go on as the plain user `user`, or as nobody where this process is no real root."""
    if user is None:
        linux.leave_users(65534)
    linux.give_up_privileges(user)


def _build(readable, links, fonts):
    """Put the view together and make it the root folder."""
    linux.mount(None, "/", None, linux.RECURSIVE | linux.PRIVATE)
    flags = linux.NO_SUID | linux.NO_DEVICES
    linux.mount("tmpfs", ROOT, "tmpfs", flags, "mode=755,size=16m")
    for link, target in links:
        place = Path(ROOT + link)
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.is_symlink():
            place.symlink_to(target)
    for path in readable:
        _lend(path, ROOT + path, linux.READ_ONLY | flags)
    for folder in ("/proc", "/dev/shm", "/dev/pts", view.SCRATCH):
        os.makedirs(ROOT + folder, exist_ok=True)
    for name in view.DEVICES:
        _lend(f"/dev/{name}", f"{ROOT}/dev/{name}", 0)
    os.symlink("/proc/self/fd", f"{ROOT}/dev/fd")
    os.symlink("pts/ptmx", f"{ROOT}/dev/ptmx")
    terminals = "newinstance,ptmxmode=0666,max=64"  # `!command` in a cell runs in one
    linux.mount("devpts", f"{ROOT}/dev/pts", "devpts", linux.NO_SUID, terminals)
    if not os.path.lexists(f"{ROOT}/tmp"):
        os.symlink(f"{view.SCRATCH}/home", f"{ROOT}/tmp")
    fresh_scratch(root=ROOT)
    for path in fonts:
        name = os.path.basename(path)
        _lend(path, f"{ROOT}{view.SCRATCH}/{view.FONTS}/{name}", linux.READ_ONLY | flags)
    linux.make_root(ROOT)
    linux.mount(None, "/", None, linux.REMOUNT | linux.BIND | linux.READ_ONLY | flags)
    os.chdir(f"{view.SCRATCH}/work")


def _lend(path, place, flags):
    """Show a file or folder of this machine at another place, with mount flags of its own."""
    if os.path.isdir(path):
        os.makedirs(place, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT))
    linux.mount(path, place, None, linux.BIND | linux.RECURSIVE)
    if flags:
        linux.change_mounts_below(place, flags)


if __name__ == "__main__":
    main(*sys.argv[1:])
