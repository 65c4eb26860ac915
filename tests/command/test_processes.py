"""Processes: what a command has started ends with it, whatever ends the command."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from golden.command.processes import finished, started
from tests.boards.builds.fake_tools import environment
from tests.shared.commands import ROOT, finish, python

SIGNALS = {signal.SIGTERM: 130, signal.SIGINT: 130, signal.SIGKILL: -signal.SIGKILL}
"""What ends a command, and its exit status then."""
MARK = "GOLDSPIKE_TEST_MARK"
"""Variable by which all processes of a command are known, orphans too."""
LOOK_SECONDS = 0.01
FAMILY = ("sh", "-c", "sleep 1000 & sleep 1000")
"""A program that starts others."""
PARENT = f"""
import sys
import time
from golden.command.frame import Command
from golden.command.processes import started

def act(args):
    with started({FAMILY}) as process:
        while process.poll() is None:  # a signal just before it waits would not end a wait
            time.sleep({LOOK_SECONDS})

sys.exit(Command("parent", None, lambda parser: None, act)([]))
"""
SUITE = f"""
import subprocess
import pytest

@pytest.mark.parametrize("i", range(2))
def test_something_long(i):
    from golden.command.processes import finished
    finished({FAMILY})
"""
COMMANDS = {
    "anything": (["-c", PARENT], "^sleep 1000", 2),
    "golden.sweep": (
        ["-m", "golden.sweep", "--preset", "tiny", "--epochs", "100000", "--grid", "seed=1,2"],
        "spawn_main",
        2,
    ),
    "sim.faults": (["-m", "sim.faults", "--jobs", "2", "--only", "stdp"], "sim[.]faults", 3),
    "sim.lockstep": (
        ["-m", "sim.lockstep", "--preset", "tiny", "--images", "60000", "--simulator", "icarus"],
        "vvp ",
        1,
    ),
    "boards.run": (
        ["-m", "boards.run", "icebreaker", "--port", "sim", "--preset", "tiny", "dump", "a.npz"],
        "cc1plus ",
        1,
    ),
    "boards.build": (
        [
            "-m",
            "boards.build",
            "hx8k",
            "--preset",
            "tiny",
            "--rule",
            "stdp",
            "--out",
            "built",
            "--jobs",
            "2",
        ],
        "fake_tools.py nextpnr",
        2,
    ),
}
"""By name: what is started, and how many of what must be at work before it is killed."""


@pytest.fixture
def family(tmp_path):
    """Return the environment of a command, with its mark; no simulator was compiled before."""
    theirs = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    ours = tmp_path / "cache"
    # What is no simulator stays: to compile yosys and the engine anew takes seconds.
    for kept in ("wasmtime", "goldspike/engine"):
        (theirs / kept).mkdir(parents=True, exist_ok=True)
        (ours / kept).parent.mkdir(parents=True, exist_ok=True)
        (ours / kept).symlink_to(theirs / kept)
    own = {MARK: str(tmp_path), "XDG_CACHE_HOME": str(ours)}
    return os.environ | environment() | own | {"PYTHONPATH": str(ROOT), "FAKE_ENDLESS": "1 2"}


def marked(mark: str) -> dict[int, str]:
    """Return the command lines of all processes with a mark, by their ids."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                found[int(folder.name)] = words.decode(errors="replace")
        except OSError:  # it has ended, or is another user's
            continue
    return found


def wait_for(mark: str, pattern: str, count: int) -> bool:
    """Wait until so many processes with a mark are at work, or none is left; tell which.

    A process that has just been started has no environment for a moment: one look is not enough.
    """
    n_empty = 0
    while n_empty < 3:
        processes = marked(mark)
        if sum(bool(re.search(pattern, words)) for words in processes.values()) >= count:
            return True
        n_empty = 0 if processes else n_empty + 1
        time.sleep(LOOK_SECONDS)
    return False


def wait_until_gone(mark: str) -> None:
    """Wait until no process with a mark is left."""
    while marked(mark):
        time.sleep(LOOK_SECONDS)


# By hand


def test_program_is_run_to_its_end():
    done = finished(["sh", "-c", "read -r x; echo $x; echo bad >&2; exit 3"], "text\n")
    assert (done.returncode, done.stdout, done.stderr) == (3, "text\n", "bad\n")


def test_signal_that_ends_a_program_is_its_status():
    assert finished(["sh", "-c", "kill -9 $$"]).returncode == -signal.SIGKILL


def test_program_and_what_it_started_end_with_the_context(family, tmp_path):
    with started(FAMILY, env=family):
        assert wait_for(str(tmp_path), "^sleep 1000", 2)
    wait_until_gone(str(tmp_path))


def test_what_a_program_leaves_behind_ends_too(family, tmp_path):
    with started(["sh", "-c", "sleep 1000 &"], env=family) as process:
        assert process.wait() == 0
        assert wait_for(str(tmp_path), "^sleep 1000", 1)
    wait_until_gone(str(tmp_path))


# Equality


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("name", COMMANDS)
def test_no_process_of_a_command_outlives_it(family, tmp_path, name, number):
    words, pattern, count = COMMANDS[name]
    with python(*words, env=family, cwd=tmp_path) as process:
        assert wait_for(str(tmp_path), pattern, count), finish(process)
        process.send_signal(number)
        status, out, err = finish(process)
        wait_until_gone(str(tmp_path))
    assert status == SIGNALS[number], (out, err)


def test_no_process_of_the_tests_outlives_them(family, tmp_path):
    (tmp_path / "test_long.py").write_text(SUITE)
    words = ["-m", "pytest", "-n", "2", "-p", "no:cacheprovider", str(tmp_path)]
    with python(*words, env=family, cwd=tmp_path) as process:
        assert wait_for(str(tmp_path), "^sleep 1000", 4), finish(process)
        process.kill()
        wait_until_gone(str(tmp_path))


# Refusals


def test_program_that_is_not_there_is_an_error_of_the_system():
    with pytest.raises(FileNotFoundError), started(["no-such-program"]):
        pass
