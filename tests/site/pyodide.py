"""Pyodide on this machine, for tests without a network: its core from npm, its packages from PyPI.

What is downloaded stays in the user's cache folder, so that only the first run needs a network.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "adcourse" / "pyodide"


class Missing(Exception):
    """What cannot be had here, in words that end a sentence."""


def kept(name, make):
    """The folder CACHE/name; the first time, make(folder) fills it. Half a folder is never kept."""
    folder = CACHE / name
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        new = Path(mkdtemp(dir=CACHE))
        try:
            make(new)
            new.rename(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return folder


def core(version):
    """The folder of npm's package `pyodide` of this version: Python itself, and the lock file."""

    def make(folder):
        npm = shutil.which("npm")
        if npm is None:
            raise Missing("npm is not installed")
        ask([npm, "pack", f"pyodide@{version}", "--pack-destination", str(folder)])
        (packed,) = folder.glob("*.tgz")
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
        packed.unlink()

    return kept(f"pyodide-{version}", make) / "package"


def wheels(name, requirements, python):
    """The pure wheels of exactly these requirements, from PyPI, as this version of Python wants."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    pip += ["--python-version", python, "--platform", "any"]
    return kept(name, lambda folder: ask([*pip, "--dest", str(folder), *requirements]))


def is_kept(requirement):
    """Whether unpacked(requirement) needs no network."""
    return (CACHE / folder_name(requirement)).is_dir()


def folder_name(requirement):
    return requirement.replace("==", "-")


def unpacked(requirement):
    """What is inside of one wheel from PyPI."""

    def make(folder):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--pre"]
        ask([*pip, "--dest", str(folder), requirement])
        (wheel,) = folder.glob("*.whl")
        with ZipFile(wheel) as archive:
            archive.extractall(folder)
        wheel.unlink()

    return kept(folder_name(requirement), make)


def installed(name, requirements):
    """A folder for PYTHONPATH with these packages from PyPI, and nothing that they need."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    return kept(name, lambda folder: ask([*pip, "--target", str(folder), *requirements]))


def ask(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        reason = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise Missing(f"{command[1:3]} failed: {reason}")


def read_lock(folder):
    return json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))


def closure(lock, names):
    """These packages of the lock and all that they need, by name."""
    found, todo = {}, list(names)
    while todo:
        name = re.sub("[-_.]+", "-", todo.pop()).lower()
        if name not in found:
            found[name] = lock["packages"][name]
            todo += found[name]["depends"]
    return found


def pure_requirements(packages):
    """How pip is asked for the pure wheels among these packages of a lock."""
    pure = [p for p in packages.values() if p["file_name"].endswith("-none-any.whl")]
    return sorted(f"{package['name']}=={package['version']}" for package in pure)


def assemble(folder, core, files):
    """A Pyodide to serve: the core and these files, which the lock is told of by their sha256."""
    shutil.copytree(core, folder)
    lock = read_lock(core)
    by_file = {file.name: file for file in files}
    for package in lock["packages"].values():
        if package["file_name"] in by_file:
            file = by_file[package["file_name"]]
            shutil.copy(file, folder)
            package["sha256"] = digest(file)  # the bytes of PyPI, not of Pyodide's own build
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return folder


def stand_in(package, folder):
    """A wheel with the name and version of a package in a lock, and nothing in it."""
    file = folder / package["file_name"]
    info = f"{package['name']}-{package['version']}.dist-info"
    tag = "-".join(file.stem.split("-")[2:])
    about = {
        "METADATA": f"Metadata-Version: 2.1\nName: {package['name']}\n"
        f"Version: {package['version']}\n",
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
        "RECORD": "",
    }
    with ZipFile(file, "w") as archive:
        for name, text in about.items():
            archive.writestr(f"{info}/{name}", text)
    return file


def digest(file):
    return sha256(Path(file).read_bytes()).hexdigest()
