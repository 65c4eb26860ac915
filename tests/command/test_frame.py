"""The frame of commands: how a command ends, and that all commands stand in it."""

import os
import signal
import sys
from importlib import import_module

import pytest

from golden.command.console import InputError
from golden.command.frame import Command, Parser
from golden.command.processes import finished
from tests.house.sources import is_command, modules
from tests.shared.commands import heeding

COMMANDS = [module for module, path in modules().items() if is_command(module, path)]


@pytest.fixture(autouse=True)
def _interruptible():
    """Heed signals, whatever the shell that started the tests has them ignore."""
    with heeding(signal.SIGINT):
        yield


def run(act, **kinds):
    """Run a command that has no options."""
    return Command("golden.x", "Do x.", lambda parser: None, lambda _: act(), **kinds)([])


def raising(error):
    """Return a command that fails."""

    def act():
        raise error

    return act


def interrupted_by(number):
    """Return a command that gets a signal."""
    return lambda: os.kill(os.getpid(), number) or 0


# By hand


@pytest.mark.parametrize("status", [0, 1])
def test_status_of_a_command_is_passed_on(status):
    assert run(lambda: status) == status


def test_command_hears_options_and_the_words_that_said_them():
    heard = []

    def act(args):
        heard.append(vars(args))
        return 3

    command = Command("golden.x", None, lambda parser: parser.add_argument("--x"), act)
    assert command(["--x", "1"]) == 3
    assert heard == [{"x": "1", "words": ["--x", "1"]}]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (InputError("x must be 1, not 2"), "error: x must be 1, not 2\n"),
        (InputError("[red]x[/red]\nmust be 1"), "error: [red]x[/red] must be 1\n"),
        (FileNotFoundError(2, "No such file", "x"), "error: x must be usable, not: No such file\n"),
        (MemoryError("Unable to allocate"), "error: Unable to allocate\n"),
    ],
    ids=["input", "markup", "system", "memory"],
)
def test_bad_input_is_one_line_and_status_2(capsys, error, line):
    assert run(raising(error)) == 2
    assert capsys.readouterr() == ("", line)


@pytest.mark.parametrize(("kinds", "status"), [("failures", 1), ("refused", 2)])
def test_kinds_of_a_command_are_a_line_and_their_status(capsys, kinds, status):
    assert run(raising(KeyError("no\nkey")), **{kinds: (LookupError,)}) == status
    assert capsys.readouterr() == ("", "error: 'no\\nkey'\n")


def test_kind_of_system_error_can_be_a_failure():
    assert run(raising(TimeoutError("late")), failures=(TimeoutError,)) == 1
    assert run(raising(OSError("late")), failures=(TimeoutError,)) == 2


@pytest.mark.parametrize("kind", [ValueError, TypeError, OverflowError, KeyError, AssertionError])
def test_bug_keeps_its_traceback(kind):
    with pytest.raises(kind):
        run(raising(kind("bug")), failures=(IndexError,))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_a_command_with_130(capsys, number):
    before = signal.getsignal(signal.SIGTERM)
    assert run(interrupted_by(number)) == 130
    assert capsys.readouterr().err == "interrupted\n"
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_that_is_ignored_ends_no_command(number):
    before = signal.signal(number, signal.SIG_IGN)
    try:
        assert run(interrupted_by(number)) == 0
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_wrong_option_is_one_line_and_status_2(capsys):
    with pytest.raises(SystemExit) as end:
        Command("golden.x", "Do x.", lambda parser: None, lambda _: 0)(["--y"])
    assert end.value.code == 2
    text = "error: unrecognized arguments: --y (see python -m golden.x --help)\n"
    assert capsys.readouterr() == ("", text)


def test_help_is_the_docstring_as_it_stands(capsys):
    with pytest.raises(SystemExit) as end:
        Parser("x", "Do x.\n\n  python -m golden.x").parse_args(["--help"])
    assert end.value.code == 0
    assert "\nDo x.\n\n  python -m golden.x\n" in capsys.readouterr().out


def test_help_and_errors_name_what_started_the_command(capsys):
    text = "Do x.\n\n  python -m golden.x --fast"
    command = Command("golden.x", text, lambda parser: None, lambda _: 0)
    for words in (["--help"], ["--y"]):
        with pytest.raises(SystemExit):
            command(words, "goldspike x")
    out, err = capsys.readouterr()
    assert out.startswith("usage: goldspike x ")
    assert "\nDo x.\n\n  goldspike x --fast\n" in out
    assert err == "error: unrecognized arguments: --y (see goldspike x --help)\n"


# All commands


@pytest.mark.parametrize("name", COMMANDS)
def test_command_stands_in_the_frame_and_helps(capsys, name):
    module = import_module(name)
    assert isinstance(module.main, Command)
    with pytest.raises(SystemExit) as end:
        module.main(["--help"])
    assert end.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: python -m {name} ")
    assert str(module.__doc__).strip() in told


DRAWING = """
from golden.command.frame import Command
import sys
sys.exit(Command("x", None, lambda _: 0, lambda _: bool(__import__("matplotlib.pyplot")) - 1)([]))
"""


def test_a_home_that_cannot_be_written_is_no_news():
    env = {k: v for k, v in os.environ.items() if k not in ("MPLCONFIGDIR", "XDG_CONFIG_HOME")}
    done = finished([sys.executable, "-c", DRAWING], env=env | {"HOME": "/proc/1/none"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
