"""What commands share: what counts as bad input and what as a bug, patience, and the display."""

import fcntl
import os
import signal

import pytest

from golden.command import console
from golden.command.console import (
    Display,
    InputError,
    Patience,
    judging,
    lock,
    writing,
)
from tests.shared.commands import heeding


@pytest.fixture(autouse=True)
def _interruptible():
    """Heed signals, whatever the shell that started the tests has them ignore."""
    with heeding(signal.SIGINT):
        yield


def raising(error):
    """Return what fails."""

    def act(*_):
        raise error

    return act


# By hand


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
def test_patience_notes_a_signal_and_restores_handlers(number):
    before = signal.getsignal(number)
    with Patience() as patience:
        assert not patience.asked_to_stop
        os.kill(os.getpid(), number)
        assert patience.asked_to_stop
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_patience_leaves_alone_what_is_ignored(number):
    before = signal.signal(number, signal.SIG_IGN)
    try:
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
    monkeypatch.setattr(fcntl, "flock", raising(OSError(9, "Bad file descriptor")))
    lock(0, tmp_path)


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


def test_figures_that_are_hushed_do_not_stay_on_the_screen(capsys):
    for said in (False, True):
        with Display() as display:
            display.tell(display.add_task("learn", total=2), 2, "2 cycles equal")
            if not said:
                display.hush()
        assert ("2 cycles equal" in capsys.readouterr().out) is said
