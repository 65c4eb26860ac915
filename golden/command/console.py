"""What all commands share: what they print, what they refuse, and what they do about signals."""

import fcntl
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.progress import TimeRemainingColumn as RemainingColumn
from rich.text import Text

OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(highlight=False, soft_wrap=True, stderr=True)
OK, FAILED, BAD_INPUT = 0, 1, 2
INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells expect."""
QUIET_SECONDS = 10.0
"""Where there is no terminal, a line of progress at most this often."""
Handler = Callable[[int, FrameType | None], Any] | int | None
"""Of a signal, as `signal.getsignal` has it."""


class InputError(Exception):
    """Input that cannot be used, or a place that cannot be written; the text is one sentence."""


def handle(number: int, handler: Handler) -> Handler:
    """Handle a signal, if it is not ignored; return what handled it before.

    What this process was told to ignore stays ignored, as a shell does with SIGINT for what it
    starts in the background, and nohup with SIGHUP.
    """
    previous = signal.getsignal(number)
    if previous != signal.SIG_IGN:
        signal.signal(number, handler)
    return previous


@contextmanager
def judging() -> Generator[None]:
    """Within this context, a value that golden refuses is the user's mistake and not a bug."""
    try:
        yield
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(str(error)) from error


@contextmanager
def writing(path: Path) -> Generator[None]:
    """Within this context, an OSError is about writing ``path``."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path} must be writable, not: {error.strerror}") from error


def lock(file: int | IO, path: Path) -> None:
    """Keep other processes out until ``file``, which is ``path`` opened, is closed.

    Raises
    ------
    InputError
        If another process has it.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(f"{path} must be free, not in use by another run") from None
    except OSError:
        # Some network file systems lock no folders. Results are still written whole or not at all.
        return


class Display(Progress):
    """Progress bars and a line of figures below them; without a terminal, a line now and then."""

    def __init__(self):
        self._note = ""
        self._told = time.monotonic()
        super().__init__(
            TextColumn("{task.description:<6}"),
            BarColumn(bar_width=None),
            TaskProgressColumn(),
            RemainingColumn(elapsed_when_finished=True),
            console=OUT,
            expand=True,
        )

    def get_renderables(self) -> Iterable[RenderableType]:
        """Return what is drawn, from the top."""
        yield self.make_tasks_table(self.tasks)
        if self._note:
            yield Text(self._note, no_wrap=True, overflow="ellipsis")

    def hush(self) -> None:
        """Leave the figures out of what stays on the screen: the command says them once more."""
        self._note = ""

    def tell(self, task: TaskID, completed: int, note: str = "") -> None:
        """Show how far a task is, and figures about it."""
        self._note = note
        self.update(task, completed=completed)
        if not OUT.is_interactive and time.monotonic() - self._told >= QUIET_SECONDS:
            self._told = time.monotonic()
            done = self.tasks[task]
            OUT.print(f"{done.description} {done.percentage:.0f}%  {note}", markup=False)


@contextmanager
def deferred() -> Generator[None]:
    """Within this context Ctrl-C waits for its end, if this is the thread that hears of it."""
    heard, before = [], signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    signal.signal(signal.SIGINT, lambda *given: heard.append(given))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        before(*heard[0])


class Patience:
    """Within this context, Ctrl-C and SIGTERM are noted instead of tearing work apart.

    A signal that is ignored stays so.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __enter__(self) -> "Patience":
        self.asked_to_stop = False
        self._previous = [handle(number, self._note) for number in self.SIGNALS]
        return self

    def _note(self, number, frame) -> None:
        self.asked_to_stop = True

    def __exit__(self, *exception) -> None:
        for number, handler in zip(self.SIGNALS, self._previous, strict=True):
            signal.signal(number, handler)
