"""Set the course up and open it, run its tests, or build its web site.

    python3 start.py
    python3 start.py test
    python3 start.py site

Needs nothing but Python. All that is installed goes into the folder .venv beside this file.
The syntax is old on purpose: an old Python has to read this file in order to say what is missing.
"""

import argparse
import glob
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = os.path.join(VENV, "adcourse-stamp.json")
UNFINISHED = {"unfinished": True}
OLDEST = (3, 11)
FIRST_PAGE = "lectures/00_start_here.ipynb"
TRUST = "from nbformat.sign import TrustNotebookApp as App; App.launch_instance()"
RUNS = "import sys, pip; sys.exit(sys.version_info < {!r})".format(OLDEST)

# Settings of a surrounding environment that would send an installation, or an import, elsewhere.
FOREIGN = (
    "CONDA_PREFIX PIP_PREFIX PIP_ROOT PIP_TARGET PYTHONHOME PYTHONPATH UV_PREFIX UV_PYTHON"
    " UV_SYSTEM_PYTHON UV_TARGET __PYVENV_LAUNCHER__"
).split()
# What pip and uv write when nothing answers, in lower case.
NO_NETWORK = (
    "connection broken",
    "connection refused",
    "connection reset",
    "connectionerror",
    "connecttimeout",
    "dns error",
    "error sending request",
    "failed to establish a new connection",
    "from versions: none",
    "name resolution",
    "nodename nor servname",
    "read timed out",
    "tunnel connection failed",
)


class Stop(Exception):
    """Ends the program with one sentence for the user."""


def main(arguments):
    """Do what the command line asks; the answer is the exit code."""
    if sys.version_info < OLDEST:
        raise Stop(
            "adcourse needs Python {}.{} or newer, but this is Python {}.{}: install a newer one "
            "and run this file with it.".format(*(OLDEST + tuple(sys.version_info[:2])))
        )
    if arguments[:1] == ["test"]:
        prepare(["lab", "test"])
        return become(test_command(arguments[1:]))
    if arguments[:1] == ["site"]:
        prepare(["site"])
        return become(site_command(arguments[1:]))
    options = read_options(arguments)
    if options.port is not None:
        require_free(options.port)
    prepare(["lab"])
    trust_notebooks()
    say("JupyterLab starts; Ctrl-C here ends it.")
    return become(lab_command(options))


def test_command(arguments):
    """All tests, a file of them at a time on each core; or, in turn, those that are asked for."""
    # nbval compares what the lectures' cells print with what is stored in them.
    command = [PYTHON, "-m", "pytest", "--nbval", "--nbval-current-env"]
    return command + (arguments or ["-n", "logical", "--maxprocesses", "4", "--dist", "loadfile"])


def read_options(arguments):
    """The options of `python3 start.py`."""
    parser = argparse.ArgumentParser(
        prog="start.py",
        description="Set the course up in .venv and open it in JupyterLab.",
        epilog="To run the tests: start.py test [pytest arguments]. "
        "To build the web site: start.py site [--help].",
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument("--port", type=int, help="port of JupyterLab (default: the first free one)")
    return parser.parse_args(arguments)


def require_free(port):
    """Stop unless JupyterLab can listen at this port."""
    probe = socket.socket()
    try:
        if os.name != "nt":  # there this option would share a port instead of testing it
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        raise Stop(
            "Port {} cannot be used ({}): choose another with --port, or leave --port out.".format(
                port, getattr(error, "strerror", None) or error
            )
        )
    finally:
        probe.close()


def prepare(extras):
    """Make .venv hold the course with these extras, doing only what an earlier run has not done."""
    stamp = read_stamp()
    if stamp == UNFINISHED or stamp.get("root", ROOT) != ROOT or not venv_runs():
        make_venv()
        stamp = {}
    wanted = sorted(set(extras) | set(stamp.get("extras", [])))
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    done = {"root": ROOT, "pyproject": digest, "extras": wanted}
    if stamp != done:
        write_stamp(UNFINISHED)
        try:
            install(wanted)
        except Stop:
            # Refused, not interrupted: what was there before is still whole.
            write_stamp(stamp)
            raise
        write_stamp(done)


def read_stamp():
    """What earlier runs have put into .venv; empty when there is none, or none of ours."""
    try:
        with open(STAMP) as file:
            return json.load(file)
    except IOError:
        return {}
    except ValueError:
        return UNFINISHED


def write_stamp(stamp):
    with open(STAMP, "w") as file:
        json.dump(stamp, file)


def venv_runs():
    """Whether the Python in .venv starts, is new enough and has pip."""
    return os.path.exists(PYTHON) and run([PYTHON, "-c", RUNS])[0] == 0


def make_venv():
    """Make an empty .venv in place of whatever is there."""
    try:
        import ensurepip  # Debian and Ubuntu leave these two to a package of their own
        import venv

        del ensurepip, venv
    except ImportError:
        raise Stop(
            "This Python cannot make virtual environments: on Debian or Ubuntu run "
            "'sudo apt install python3-venv', elsewhere install Python from python.org; "
            "then run this again."
        )
    if os.path.islink(VENV):
        os.unlink(VENV)
    elif os.path.isdir(VENV):
        say("Remaking .venv: what is there is unfinished, moved or broken.")
        shutil.rmtree(VENV)
    os.mkdir(VENV)
    write_stamp(UNFINISHED)
    # Inside another virtual environment sys.executable would be that environment's.
    base = getattr(sys, "_base_executable", None) or sys.executable
    code, output = run([base, "-m", "venv", VENV])
    if code:
        raise Stop("The virtual environment .venv could not be made: " + last_line(output))


def install(extras):
    """Install the course and these extras into .venv, with uv when it can be had, else with pip."""
    say("Installing the course into .venv; the first time takes a minute or two ...")
    target = ["install", "-e", ".[{}]".format(",".join(extras))]
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--retries", "2"]
    code, output = run(pip + ["install", "--quiet", "uv"])
    if code == 0:
        code, output = run([PYTHON, "-m", "uv", "pip"] + target + ["--python", PYTHON])
    elif lacks_network(output):
        raise Stop(network_sentence())
    if code != 0:
        code, output = run(pip + target + ["--quiet"])
    if code != 0:
        if lacks_network(output):
            raise Stop(network_sentence())
        sys.stderr.write(output)
        raise Stop("The course could not be installed; the lines above say why.")


def lacks_network(output):
    return any(words in output.lower() for words in NO_NETWORK)


def network_sentence():
    return (
        "The packages of the course could not be downloaded: connect to the internet (behind a "
        "proxy, set HTTPS_PROXY) and run this again."
    )


def trust_notebooks():
    """Sign the course's notebooks, as `jupyter trust` does: else JupyterLab strips their pictures.

    A notebook that is signed already costs its reading only; a changed one is signed anew.
    """
    pages = [os.path.join(ROOT, folder, "*.ipynb") for folder in ("lectures", "exercises")]
    notebooks = [path for page in pages for path in sorted(glob.glob(page))]
    if notebooks:
        code, output = run([PYTHON, "-c", TRUST] + notebooks)
        if code:
            say("Pictures show only after 'Run All Cells', since the notebooks could not be marked")
            say("as trusted: " + last_line(output))


def lab_command(options):
    """The command that starts JupyterLab on the first page, with no question asked online."""
    command = [
        PYTHON,
        "-m",
        "jupyterlab",
        "--ServerApp.root_dir=" + ROOT,
        "--LabApp.default_url=/lab/tree/" + FIRST_PAGE,
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--ServerApp.log_level=WARN",
        "--LabApp.log_level=WARN",
        "--ServerApp.answer_yes=True",
    ]
    if options.no_browser:
        command.append("--no-browser")
    if options.port is not None:
        command += ["--ServerApp.port={}".format(options.port), "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def site_command(arguments):
    """The command that builds the site; a folder is meant as seen from where it was typed."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--out", default=os.path.join(ROOT, "site"))
    options, others = parser.parse_known_args(arguments)
    return [PYTHON, "-m", "docs.building", "--out", os.path.abspath(options.out)] + others


def environment():
    """The environment for everything in .venv, free of settings made for another Python."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    kept["VIRTUAL_ENV"] = VENV
    kept["PATH"] = os.path.dirname(PYTHON) + os.pathsep + kept.get("PATH", "")
    kept["PIP_USER"] = "0"
    kept["JUPYTER_PREFER_ENV_PATH"] = "1"  # a kernel of another Python must not come first
    return kept


def run(command):
    """Exit code and output of a command that needs no reader."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        output = process.communicate()[0]
    finally:
        if process.poll() is None:
            process.kill()
    return process.returncode, output.decode("utf-8", "replace")


def become(command):
    """Hand the terminal over to a command for good; the answer, where there is one, is its code."""
    sys.stdout.flush()
    os.chdir(ROOT)
    if os.name != "nt":
        os.execve(command[0], command, environment())
    process = subprocess.Popen(command, env=environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the command has got it too and ends in its own way
            continue


def last_line(output):
    return (output.strip().splitlines() or ["no reason was given"])[-1]


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.exit(str(stop))
    except KeyboardInterrupt:
        sys.exit("Stopped. Run it again to go on.")
    except OSError as error:
        sys.exit("{}: make it accessible, or copy the course elsewhere.".format(error))
