"""What commands share: what counts as bad input and what as a bug, signals, and the display."""

import argparse
import fcntl
import os
import signal

import pytest

from golden.command import console
from golden.command.console import (
    Display,
    InputError,
    Parser,
    Patience,
    judging,
    lock,
    run,
    whole,
    writing,
)
from tests.commands import heeding


@pytest.fixture(autouse=True)
def _interruptible():
    """Heed signals, whatever the shell that started the tests has them ignore."""
    with heeding(signal.SIGINT):
        yield


def raising(error):
    """Return a command that fails."""

    def command():
        raise error

    return command


def interrupted_by(number):
    """Return a command that gets a signal."""
    return lambda: os.kill(os.getpid(), number) or 0


# By hand


@pytest.mark.parametrize("status", [0, 1])
def test_status_of_a_command_is_passed_on(status):
    assert run(lambda: status) == status


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (InputError("x must be 1, not 2"), "error: x must be 1, not 2\n"),
        (InputError("[red]x[/red]\nmust be 1"), "error: [red]x[/red] must be 1\n"),
        (FileNotFoundError(2, "No such file", "x"), "error: [Errno 2] No such file: 'x'\n"),
        (MemoryError("Unable to allocate"), "error: Unable to allocate\n"),
    ],
    ids=["input", "markup", "system", "memory"],
)
def test_bad_input_is_one_line_and_status_2(capsys, error, line):
    assert run(raising(error)) == 2
    assert capsys.readouterr() == ("", line)


@pytest.mark.parametrize("kind", [ValueError, TypeError, OverflowError, KeyError, AssertionError])
def test_bug_keeps_its_traceback(kind):
    with pytest.raises(kind):
        run(raising(kind("bug")))


@pytest.mark.parametrize("kind", [ValueError, TypeError, OverflowError])
def test_refusal_of_a_value_is_bad_input_while_judging(kind):
    with pytest.raises(InputError, match=r"^x must be 1$"), judging():
        raise kind("x must be 1")


def test_bug_is_a_bug_while_judging():
    with pytest.raises(KeyError), judging():
        raise KeyError("bug")


def test_failed_write_names_what_was_written(tmp_path):
    text = f"^{tmp_path} must be writable, not: No space$"
    with pytest.raises(InputError, match=text), writing(tmp_path):
        raise OSError(28, "No space")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_a_command_with_130(capsys, number):
    before = signal.getsignal(signal.SIGTERM)
    assert run(interrupted_by(number)) == 130
    assert capsys.readouterr().err == "interrupted\n"
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_patience_notes_a_signal_and_restores_handlers(number):
    before = signal.getsignal(number)
    with Patience() as patience:
        assert not patience.asked_to_stop
        os.kill(os.getpid(), number)
        assert patience.asked_to_stop
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_ignored_stays_ignored(number):
    before = signal.signal(number, signal.SIG_IGN)
    try:
        assert run(interrupted_by(number)) == 0
        with Patience() as patience:
            os.kill(os.getpid(), number)
        assert not patience.asked_to_stop
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_lock_keeps_others_out_until_closed(tmp_path):
    first, second = (os.open(tmp_path, os.O_RDONLY) for _ in range(2))
    lock(first, tmp_path)
    with pytest.raises(InputError, match=f"^{tmp_path} must be free, not in use by another run$"):
        lock(second, tmp_path)
    os.close(first)
    lock(second, tmp_path)
    os.close(second)


def test_place_that_cannot_be_locked_is_used_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(fcntl, "flock", lambda *_: raising(OSError(9, "Bad file descriptor"))())
    lock(0, tmp_path)


# Options


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("-1", -1), ("0", 0)])
def test_whole_number(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "1.5", "1e3", "x", "0x10", "9" * 5000, "nan"])
def test_anything_else_is_no_whole_number(text):
    with pytest.raises(argparse.ArgumentTypeError, match=r"^must be a whole number, not '"):
        whole(text)


def test_wrong_option_is_one_line_and_status_2(capsys):
    with pytest.raises(SystemExit) as end:
        Parser("golden.x", "Do x.").parse_args(["--y"])
    assert end.value.code == 2
    text = "error: unrecognized arguments: --y (see python -m golden.x --help)\n"
    assert capsys.readouterr() == ("", text)


# Display


def test_without_terminal_lines_are_apart_in_time(capsys, monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(console.time, "monotonic", lambda: next(clock))
    display = Display()
    task = display.add_task("train", total=40)
    capsys.readouterr()
    for i in range(1, 41):
        display._told, told = display._told, display._told
        display.tell(task, i, "note")
        assert display._told >= told
    lines = capsys.readouterr().out.splitlines()
    assert 2 <= len(lines) <= 4
    assert all(line.startswith("train ") and line.endswith("%  note") for line in lines)
