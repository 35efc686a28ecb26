"""The system calls of Linux that isolation needs and Python 3.11 does not name.

Every function raises OSError as the calls of `os` do. See the manual pages of the same names:
unshare(2), setns(2), mount(2), pivot_root(2), prctl(2), capset(2), netdevice(7).
"""

import ctypes
import os
import socket
import struct

NEW_MOUNTS, NEW_NAMES, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_USERS, NEW_PIDS, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000

READ_ONLY, NO_SUID, NO_DEVICES, NO_EXECUTION, REMOUNT = 1, 2, 4, 8, 32  # mounts
BIND, RECURSIVE, PRIVATE = 4096, 16384, 1 << 18
DETACH = 2  # of umount2

DEATH_SIGNAL, DUMPABLE, DROP_FROM_BOUND, SUBREAPER, NO_NEW_PRIVILEGES = 1, 4, 24, 36, 38


def _call(name, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def unshare(flags):
    """Move this process (for NEW_PIDS: its later children) into fresh namespaces."""
    _call("unshare", ctypes.c_int(flags))


def enter_namespace(descriptor, flags):
    """Move this process into an open namespace."""
    _call("setns", ctypes.c_int(descriptor), ctypes.c_int(flags))


def mount(source, target, kind=None, flags=0, options=None):
    """Mount a file system; source, target, kind and options are text or None."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    options = None if options is None else options.encode()
    _call("mount", *texts, ctypes.c_ulong(flags), options)


def change_mounts_below(folder, flags):
    """Add flags (the first four above) to a mount and to all mounts below it; Linux 5.12."""
    mount_setattr, here, recursive = 442, -100, 0x8000
    wanted = struct.pack("4Q", flags, 0, 0, 0)
    size = ctypes.c_size_t(len(wanted))
    _call("syscall", mount_setattr, here, os.fsencode(folder), recursive, wanted, size)


def make_root(folder):
    """Make a mount point the root of this mount namespace, and let go of the old root."""
    os.chdir(folder)
    _call("pivot_root", b".", b".")
    # The old root now lies on top of the new one; see the last example of pivot_root(2).
    _call("umount2", b".", ctypes.c_int(DETACH))
    os.chdir("/")


def prctl(option, value=0):
    """Change one trait of this process."""
    zero = ctypes.c_ulong(0)
    _call("prctl", ctypes.c_int(option), ctypes.c_ulong(value), zero, zero, zero)


def die_with_parent():
    """SIGKILL for this process when the thread that forked it ends."""
    prctl(DEATH_SIGNAL, 9)


def give_up_privileges(user):
    """Become `user` (None: whoever this is already), without capabilities, for good."""
    for capability in range(64):
        try:
            prctl(DROP_FROM_BOUND, capability)
        except OSError:
            break  # beyond the last one that this kernel knows, or not ours to drop
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = struct.pack("Ii", 0x20080522, 0)  # version 3 of the structure, this process
    _call("capset", header, struct.pack("6I", *[0] * 6))
    prctl(NO_NEW_PRIVILEGES, 1)


def become_root_of_new_users():
    """Without root: be root in a user namespace of one's own, and nobody outside of it."""
    user, group = os.geteuid(), os.getegid()
    unshare(NEW_USERS)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"0 {user} 1")
    _write("/proc/self/gid_map", f"0 {group} 1")


def leave_users(inside):
    """In a user namespace: a nested one, in which this process is the plain user `inside`."""
    user, group = os.geteuid(), os.getegid()
    unshare(NEW_USERS)
    _write("/proc/self/uid_map", f"{inside} {user} 1")
    _write("/proc/self/gid_map", f"{inside} {group} 1")


def _write(path, text):
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def set_host_name(name):
    """Name the machine in this namespace of names."""
    _call("sethostname", name.encode(), ctypes.c_size_t(len(name)))


def start_loopback():
    """Switch on 127.0.0.1 in this network namespace (SIOCGIFFLAGS, SIOCSIFFLAGS)."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, 0x8913, request))[1]
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", flags | 1))
