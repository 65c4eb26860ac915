"""numba's decorators for the engines of all cores: compiled once, kept on disk, never stale.

numba keeps compiled code as long as the function's own file is unchanged, even if a function that
it calls has changed in another file. So the code is kept in a folder named after the contents of
all of golden's sources, in the user's cache.
"""

# numba's decorators and configuration are made at run time, where types cannot follow.
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numba
from numba.core import config

GOLDEN = Path(__file__).parents[1]
"""The folder of all that an engine may be made of."""


def _sources() -> str:
    """Return what tells this version of golden from all others."""
    digest = hashlib.sha256()
    for source in sorted(GOLDEN.glob("**/*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _folder() -> Path | None:
    """Return where this version's code is kept, or None if nothing can be written there."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "goldspike" / "engine" / SOURCES
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


SOURCES = _sources()
FOLDER = _folder()


# An engine makes no arrays, so numba need not count references to them, an atomic operation each.
# Without, it is compiled in half the time, and an array taken out of a structure costs nothing.
OPTIONS = {"error_model": "numpy", "_nrt": False}


def compiled(function: Callable) -> Callable:
    """Compile a function that only compiled functions call: it needs no wrapper and no cache."""
    return numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **OPTIONS)(function)


def entry(function: Callable) -> Callable:
    """Compile a function that Python calls, without holding the interpreter's lock."""
    previous = config.CACHE_DIR
    config.CACHE_DIR = str(FOLDER or "")
    try:
        return numba.njit(cache=FOLDER is not None, nogil=True, **OPTIONS)(function)
    finally:
        config.CACHE_DIR = previous


def elementwise(function: Callable) -> Callable:
    """Compile a function of one number for arrays of them, when it is first called."""
    previous = config.CACHE_DIR
    config.CACHE_DIR = str(FOLDER or "")
    try:
        return numba.vectorize(cache=FOLDER is not None)(function)
    finally:
        config.CACHE_DIR = previous
