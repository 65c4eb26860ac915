"""Download files once, whole, and as published."""

from pathlib import Path
from typing import Any

import pooch
import requests
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from golden.datasets.dataset import DataError

TIMEOUT = 30
"""Seconds without a byte after which a server is given up."""

CHUNK_BYTES = 1 << 16


class Bar:
    """What `pooch` reports progress to, shown by `rich`.

    Parameters
    ----------
    progress : Progress
        The display.
    name : str
        What is downloaded.
    """

    def __init__(self, progress: Progress, name: str):
        self.progress = progress
        self.task = progress.add_task(name, total=None)

    @property
    def total(self) -> int:
        """Bytes to come, 0 = unknown."""
        return int(self.progress.tasks[self.task].total or 0)

    @total.setter
    def total(self, n_bytes: int):
        self.progress.update(self.task, total=n_bytes or None)

    def update(self, n_bytes: int):
        """Show that so many more bytes have come."""
        self.progress.advance(self.task, n_bytes)

    def reset(self):
        """Start again at no bytes."""
        self.progress.reset(self.task)

    def close(self):
        """Do nothing; the display closes itself."""


def download(name: str, mirrors: tuple[str, ...], sha256: str, folder: Path) -> None:
    """Put a file into a folder, unless it is there with the right sum already.

    It is written under a temporary name in the same folder, checked, and renamed: the file is
    there whole and right, or not at all. A killed process may leave a file ``tmp*`` behind.

    Parameters
    ----------
    name : str
        Name of the file, there and here.
    mirrors : tuple of str
        Addresses ending in "/", tried in order.
    sha256 : str
        SHA-256 sum in hexadecimal.
    folder : Path
        Where to; made if it does not exist.

    Raises
    ------
    DataError
        If no mirror gives the file, or the folder cannot be written.
    """
    # pooch tells about every file on stderr, amid the progress bar.
    pooch.get_logger().setLevel("WARNING")
    failures = []
    for mirror in mirrors:
        try:
            _retrieve(mirror + name, name, sha256, folder)
        except requests.RequestException as error:
            failures.append(f"{mirror + name} must be downloadable, not {_reason(error)}")
        except ValueError:
            failures.append(f"{mirror + name} must have the SHA-256 sum {sha256}, not another")
        except OSError as error:
            raise DataError(f"{folder} must be writable, not: {error.strerror}") from error
        else:
            return
    raise DataError("; ".join(failures))


def _retrieve(url: str, name: str, sha256: str, folder: Path) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        # pooch's annotations exclude the bar and the downloader that its documentation asks for.
        bar: Any = Bar(progress, name)
        downloader: Any = pooch.HTTPDownloader(bar, CHUNK_BYTES, timeout=TIMEOUT)
        pooch.retrieve(url, f"sha256:{sha256}", name, folder, downloader=downloader)


def _reason(error: requests.RequestException) -> str:
    if error.response is not None:
        return f"status {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "cut short"
    return f"out of reach or silent ({type(error).__name__})"
