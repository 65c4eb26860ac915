"""What all commands share: how they fail, and how they show progress."""

import signal
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(highlight=False, soft_wrap=True, stderr=True)
OK, FAILED, BAD_INPUT = 0, 1, 2
INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells expect."""


def run(command: Callable[[], int]) -> int:
    """Run a command; bad input becomes one line on stderr and exit status 2.

    Every error of bad input in golden is a ValueError, TypeError, OverflowError or OSError whose
    text is one clear sentence.
    """
    try:
        return command()
    except (ValueError, TypeError, OverflowError, OSError) as error:
        ERR.print(f"error: {error}", markup=False)
        return BAD_INPUT
    except KeyboardInterrupt:
        ERR.print("interrupted")
        return INTERRUPTED


def progress(note: str = "") -> Progress:
    """Return a progress display; ``note`` is a rich format of extra task fields."""
    return Progress(
        TextColumn("{task.description:<8}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn(note),
        console=OUT,
    )


class Patience:
    """Within this context, Ctrl-C and SIGTERM are noted instead of tearing work apart."""

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __enter__(self) -> "Patience":
        self.asked_to_stop = False
        self._previous = [signal.signal(number, self._note) for number in self.SIGNALS]
        return self

    def _note(self, number, frame) -> None:
        self.asked_to_stop = True

    def __exit__(self, *exception) -> None:
        for number, handler in zip(self.SIGNALS, self._previous, strict=True):
            signal.signal(number, handler)
