"""Every file below a folder or in an archive, without following, running or believing anything.

An archive is read as a stream. Of its names none becomes a path on disk: what is kept of it goes
into a folder of the grader, under numbers. So `../../x`, links and names in no encoding are text.
"""

import os
import struct
import time
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from .read import SIZE_LIMIT

MEBIBYTE = 1 << 20
CHUNK = MEBIBYTE // 4
RATIO = 200  # times that a file may unpack to; notebooks reach about 20
FREE = MEBIBYTE  # bytes that any file may unpack to
ARCHIVE = 100 * MEBIBYTE  # of one submission, packed
UNPACKED = 100 * MEBIBYTE  # of one submission
DIRECTORY = 4 * MEBIBYTE  # bytes of an archive's table of contents: about 50 000 files
COUNT = 2_000  # files of one submission's archives
DEPTH = 3  # archives inside of archives
FOLDERS = 40  # inside of folders
# Added by systems and editors, by nobody's choice.
CLUTTER = ("__MACOSX", "__pycache__", "desktop.ini", "Thumbs.db")


@dataclass(frozen=True)
class Entry:
    """One file as it was handed in.

    parts   the folders and archives it lies in, from the top, and its own name
    path    where its bytes are, or None with the `reason` why there are none to use
    when    its time in seconds since 1970, 0 if unknown
    """

    parts: tuple
    path: Path | None
    reason: str = ""
    when: float = 0.0


class Scratch:
    """Numbered files in a folder of the grader, and how many bytes may still come."""

    def __init__(self, folder):
        self.folder, self.count = Path(folder), 0

    def new(self, suffix):
        """The path of a file that does not exist yet."""
        self.count += 1
        return self.folder / f"{self.count:06d}{suffix}"


class Budget:
    """What the archives of one submission may still unpack to; None: whatever they like."""

    def __init__(self, count=COUNT, size=UNPACKED):
        self.count, self.size = count, size

    def file(self):
        self.count -= 1
        return self.count >= 0

    def bytes(self, number):
        self.size -= number
        return self.size >= 0


class Refused(Exception):
    """An archive, or a file in one, that is not unpacked; the message says why."""


def entries_of(root, scratch):
    """Yield an Entry for each file in `root`, a folder or a zip file, archives in it opened.

    Raises OSError if `root` itself cannot be read, Refused if it is an archive that is broken.
    """
    root = Path(root)
    if root.is_dir():
        yield from _folder(root, (), scratch)
    else:
        yield from _archive(root, (), scratch, 0, None)


def is_clutter(name):
    """Whether a file or folder of this name is nobody's work."""
    return name.startswith(".") or name in CLUTTER


def _folder(folder, parts, scratch):
    with os.scandir(folder) as found:
        found = sorted(found, key=lambda one: one.name)
    for one in found:
        name = readable(one.name)
        inside = (*parts, name)
        if is_clutter(name):
            continue
        try:
            if one.is_symlink():
                yield Entry(inside, None, f"{name} is a link, and links are not followed.")
            elif len(inside) > FOLDERS:
                yield Entry(inside, None, f"{name} lies {FOLDERS} folders deep.")
            elif one.is_dir(follow_symlinks=False):
                yield from _at_least_one(_folder(Path(one.path), inside, scratch), inside)
            elif not one.is_file(follow_symlinks=False):
                yield Entry(inside, None, f"{name} is not a file.")
            else:
                when = one.stat(follow_symlinks=False).st_mtime
                yield from _file(Path(one.path), inside, scratch, when)
        except OSError as error:
            yield Entry(inside, None, f"{name} cannot be read: {error.strerror}.")


def _at_least_one(entries, parts):
    """The entries of a folder or archive; if there are none, one that says so."""
    empty = True
    for entry in entries:
        empty = False
        yield entry
    if empty:
        yield Entry(parts, None, f"{parts[-1]} holds no notebook.")


def _file(path, parts, scratch, when):
    kind = suffix_of(parts[-1])
    if kind == ".zip":
        try:
            yield from _at_least_one(_archive(path, parts, scratch, 1, Budget()), parts)
        except Refused as reason:
            yield Entry(parts, None, str(reason), when)
    elif kind == ".ipynb":
        yield Entry(parts, path, "", when)
    else:
        yield Entry(parts, None, f"{parts[-1]} is not a notebook (.ipynb).", when)


def _archive(path, parts, scratch, depth, budget):
    name = parts[-1] if parts else path.name
    # The archive that the instructor downloaded may be as large as the class is.
    if budget is not None:
        _check_size(path, name)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError):
        raise Refused(f"{name} is a broken zip file.") from None
    with archive:
        for info in sorted(archive.infolist(), key=lambda one: one.filename):
            inside = (*parts, *names_in(info))
            if info.is_dir() or any(map(is_clutter, inside)):
                continue
            try:
                yield from _member(archive, info, inside, scratch, depth, budget)
            except Refused as reason:
                yield Entry(inside, None, str(reason), _time(info))


def _member(archive, info, parts, scratch, depth, budget):
    name, kind, when = parts[-1], suffix_of(parts[-1]), _time(info)
    if budget is not None and not budget.file():
        raise Refused(f"{name} is one of more than {COUNT} files in a zip file.")
    if info.external_attr >> 28 == 0xA:  # the mode of a symbolic link
        raise Refused(f"{name} is a link, and links are not followed.")
    if kind not in (".zip", ".ipynb"):
        raise Refused(f"{name} is not a notebook (.ipynb).")
    if kind == ".zip" and depth >= DEPTH:
        raise Refused(f"{name} lies {depth} zip files deep; hand in the notebook.")
    unpacked = scratch.new(kind)
    _unpack(archive, info, unpacked, name, SIZE_LIMIT if kind == ".ipynb" else ARCHIVE, budget)
    if kind == ".ipynb":
        yield Entry(parts, unpacked, "", when)
    else:
        try:
            inner = _archive(unpacked, parts, scratch, depth + 1, budget or Budget())
            yield from _at_least_one(inner, parts)
        finally:
            unpacked.unlink()


def _unpack(archive, info, path, name, limit, budget):
    """Copy one file out of an archive; what its header claims about its size is not believed."""
    written, most = 0, max(FREE, RATIO * info.compress_size)
    try:
        with archive.open(info) as source, path.open("xb") as target:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                if written > limit:
                    raise Refused(f"{name} is over {limit >> 20} MB; clear its outputs.")
                if written > most or not (budget is None or budget.bytes(len(chunk))):
                    raise Refused(f"{name} unpacks to far more than it should.")
                target.write(chunk)
    except Refused:
        path.unlink()
        raise
    except RuntimeError as error:  # zipfile's word for a missing password
        path.unlink(missing_ok=True)
        locked = "password" in str(error) or "encrypted" in str(error)
        reason = "is encrypted; hand it in without a password" if locked else "cannot be unpacked"
        raise Refused(f"{name} {reason}.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error):
        path.unlink(missing_ok=True)
        raise Refused(f"{name} is broken in its zip file.") from None
    except Exception as error:  # other methods of packing have errors of their own
        path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk of the grader, not the archive
        raise Refused(f"{name} cannot be unpacked.") from None


def _check_size(path, name):
    """A table of contents is read into memory at once: it must be small."""
    size = path.stat().st_size
    if size > ARCHIVE:
        raise Refused(f"{name} is over {ARCHIVE >> 20} MB.")
    with path.open("rb") as file:
        file.seek(max(0, size - (1 << 16) - 22))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at >= 0 and len(tail) >= at + 16:
        if struct.unpack_from("<I", tail, at + 12)[0] > DIRECTORY:
            raise Refused(f"{name} holds too many files.")


def names_in(info):
    """The folders and the name of a file in an archive; none of them leads upward."""
    name = info.filename
    if not info.flag_bits & 0x800:  # not said to be UTF-8, and often UTF-8 nevertheless
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    parts = [readable(part) for part in name.replace("\\", "/").split("/")[-FOLDERS:]]
    return tuple(part for part in parts if part not in ("", ".", "..")) or ("unnamed",)


def readable(name):
    """A file name as text that can be stored and shown, whatever bytes it was made of."""
    text = name.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else "?" for c in unicodedata.normalize("NFC", text))[:200]


def suffix_of(name):
    """The ending of a file name, in small letters."""
    return os.path.splitext(name)[1].lower()


def _time(info):
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
