"""Programs that a command starts, and processes that work for it: none of them outlives it.

A program shares a process group with a guard, a shell that reads from a pipe whose other end only
this process holds. However this process ends, by SIGKILL too, when it can do nothing any more, the
pipe ends with it; then the guard kills the group: the program, what that has started, and itself.
The guard is there before the program, so that there is no moment without it.

Linux can kill a child with its parent (PR_SET_PDEATHSIG), but not what the child has started, as
g++ and make do, and no other system can. Ctrl-C is for the command alone, as a terminal sends it to
one group; the command ends its programs by leaving their contexts.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread

from golden.command.console import handle

ENDING = (signal.SIGINT, signal.SIGTERM)
GUARD = ("sh", "-c", "read -r _; kill -9 0")
NOTHING: dict = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@contextmanager
def started(words: Sequence[str], **options) -> Generator[subprocess.Popen]:
    """Within this context a program runs; what is left of it and its children is killed at the end.

    Parameters
    ----------
    words : sequence of str
        The program and its arguments.
    options
        Of `subprocess.Popen`.

    Raises
    ------
    OSError
        If there is no such program.
    """
    with ExitStack() as ends, guarded() as group:
        process = subprocess.Popen(words, process_group=group, **options)
        yield ends.enter_context(process)


@contextmanager
def guarded() -> Generator[int]:
    """Give the number of a process group that is killed at the end of the context."""
    guard = subprocess.Popen(GUARD, stdin=subprocess.PIPE, process_group=0, **NOTHING)
    try:
        yield guard.pid
    finally:
        # By name, too: a process that was forked meanwhile may hold the pipe's end.
        os.killpg(guard.pid, signal.SIGKILL)
        with guard:
            pass


def finished(words: Sequence[str], text: str = "", **options) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; return its status and what it wrote.

    Parameters
    ----------
    words : sequence of str
        The program and its arguments.
    text : str
        Its input.
    options
        Of `subprocess.Popen`.

    Raises
    ------
    OSError
        If there is no such program.
    """
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with started(words, text=True, **(pipes | options)) as process:
        out, err = process.communicate(text)
    return subprocess.CompletedProcess(list(words), process.returncode, out, err)


@contextmanager
def workers(
    jobs: int, method: str = "spawn", prepare: Callable[[], None] | None = None
) -> Generator[ProcessPoolExecutor]:
    """Within this context, processes that work; they end with it, even in the middle of a task.

    Parameters
    ----------
    jobs : int
        How many.
    method : str
        Of starting them, as `multiprocessing` calls it.
    prepare : callable or None
        What each does first.
    """
    pool = ProcessPoolExecutor(
        jobs, get_context(method), initializer=_follow_parent, initargs=(prepare,)
    )
    try:
        # What is raised while a process forks is lost.
        with _deferring():
            pool.submit(int)
        yield pool
    finally:
        for child in active_children():
            child.terminate()
        pool.shutdown(cancel_futures=True)


@contextmanager
def _deferring() -> Generator[None]:
    """Until the end of this context, put off what signals that end a command do.

    Not by a mask of this thread: another one of ours would take the signal.
    """
    came = []
    before = [handle(number, lambda number, _: came.append(number)) for number in ENDING]
    try:
        yield
    finally:
        for number, handler in zip(ENDING, before, strict=True):
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _follow_parent(prepare: Callable[[], None] | None) -> None:
    """Leave Ctrl-C to the parent, and end when it ends, however that happens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A fork has its parent's handler.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def follow() -> None:
        if parent := parent_process():
            parent.join()
        os._exit(1)

    Thread(target=follow, daemon=True).start()
    if prepare:
        prepare()
