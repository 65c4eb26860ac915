"""goldspike: every command under one word, none imported before it is asked for."""

import ast
import os
import subprocess
import tomllib
from importlib.metadata import EntryPoint

import pytest

from golden.command.entry import NAME, commands, main
from tests.house.sources import ROOT, is_command, modules
from tests.shared.commands import QUICK, done, state_of

COMMANDS = [module for module, path in modules().items() if is_command(module, path)]
[SCRIPT] = [
    EntryPoint(name, value, "console_scripts")
    for name, value in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "scripts"
    ].items()
]
STARTED = f"import sys; from {SCRIPT.module} import {SCRIPT.attr}; sys.exit({SCRIPT.attr}())"
"""What an installer writes into the script."""


def helped(capsys, *words):
    """Return the help that the words ask for."""
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 0
    return capsys.readouterr().out


# By hand


def test_script_of_an_installation_is_the_entry_point():
    assert SCRIPT.name == NAME
    assert SCRIPT.load() is main


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("train", "golden.train"),
        ("lockstep", "sim.lockstep"),
        ("export", "hdl.export"),
        ("run", "boards.run"),
    ],
)
def test_name_is_the_last_of_its_module(name, module):
    assert commands()[name].module == module


def test_help_lists_every_command_with_the_first_line_of_its_docstring(capsys):
    listed = helped(capsys, "--help").split("\n\n")[2].splitlines()
    texts = [ast.get_docstring(ast.parse(modules()[module].read_text())) for module in COMMANDS]
    lines = [str(text).splitlines()[0] for text in texts]
    names = [module.split(".")[1] for module in COMMANDS]
    assert sorted(line.split(maxsplit=1) for line in listed) == sorted(
        [name, line] for name, line in zip(names, lines, strict=True)
    )


def test_help_of_a_command_speaks_of_the_word_that_started_it(capsys):
    told = helped(capsys, "sweep", "--help")
    assert told.startswith("usage: goldspike sweep ")
    assert "\n  goldspike sweep --grid neurons=50,100,200 --grid seed=1,2,3\n" in told
    assert "python -m golden.sweep" not in told


# Refusals


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("", "COMMAND must be given (see goldspike --help)"),
        ("trian", "argument COMMAND: invalid choice: 'trian' (choose from "),
        ("train --speed 1", "unrecognized arguments: --speed 1 (see goldspike train --help)"),
        ("--completion fish", "argument --completion: invalid choice: 'fish' (choose from "),
        ("run icebreaker --port sim fly", "argument COMMAND: invalid choice: 'fly' (choose from "),
    ],
)
def test_wrong_word_is_one_line_and_status_2(capsys, words, text):
    with pytest.raises(SystemExit) as end:
        main(words.split())
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"error: {text}")


# All commands


def test_every_command_has_a_name_of_its_own():
    assert {each.module for each in commands().values()} == set(COMMANDS)


@pytest.mark.parametrize("name", commands())
def test_command_is_reached(capsys, name):
    assert helped(capsys, name, "--help").startswith(f"usage: goldspike {name} ")


def test_no_command_is_imported_before_it_is_asked_for():
    code = (
        "import sys; from golden.command.entry import commands; commands();"
        f"print([m for m in sys.modules if m in {COMMANDS} or m in ('numba', 'amaranth', 'shtab')])"
    )
    assert done("-c", code) == (0, "[]\n", "")


# A process, and a shell


def test_command_started_by_the_script_trains_the_same_network(tmp_path):
    for out, words in (("a", ["-c", STARTED, "train"]), ("b", ["-m", "golden.train"])):
        status, _, err = done(*words, *QUICK, "--out", str(tmp_path / out))
        assert (status, err) == (0, "")
    assert state_of(tmp_path / "a") == state_of(tmp_path / "b")


@pytest.fixture(scope="module")
def script():
    status, script, err = done("-c", STARTED, "--completion", "bash")
    assert (status, err) == (0, "")
    return script


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("goldspike tra", ["train"]),
        ("goldspike lock", ["lockstep"]),
        ("goldspike train --ru", ["--rule"]),
        ("goldspike train --rule r", ["rstdp"]),
        ("goldspike classify LIC", ["LICENSE"]),
        ("goldspike run icebreaker si", ["simulate"]),
    ],
)
def test_bash_completes_commands_options_choices_and_files(script, line, expected):
    words = line.split()
    asked = (
        f"\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}\n"
        "compopt() { :; }\n"
        f'_shtab_goldspike goldspike "{words[-1]}" "{words[-2]}"\n'
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    shell = ["bash", "--norc", "-c", script + asked]
    found = subprocess.run(shell, cwd=ROOT, capture_output=True, text=True, env={**os.environ})
    assert (found.stdout.split(), found.stderr) == (expected, "")
