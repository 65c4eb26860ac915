"""The decorators of the engine's functions: compiled once, kept on disk, never stale.

numba keeps compiled code as long as the function's own file is unchanged, even if a function that
it calls has changed in another file. So the code is kept in a folder named after the contents of
all of golden's sources, in the user's cache.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numba
from numba.core import config


def _folder() -> Path | None:
    """Return where this version's code is kept, or None if nothing can be written there."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parents[2].glob("**/*.py")):
        digest.update(source.read_bytes())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "goldspike" / "engine" / digest.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


FOLDER = _folder()


def compiled(function: Callable) -> Callable:
    """Compile a function that only compiled functions call: it needs no wrapper and no cache."""
    return numba.njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)


def entry(function: Callable) -> Callable:
    """Compile a function that Python calls, without holding the interpreter's lock."""
    previous = config.CACHE_DIR
    config.CACHE_DIR = str(FOLDER or "")
    try:
        return numba.njit(cache=FOLDER is not None, error_model="numpy", nogil=True)(function)
    finally:
        config.CACHE_DIR = previous
