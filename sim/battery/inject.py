"""The hardware with a fault in its source; the files themselves stay as they are."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType

PACKAGE = "hdl"
FOLDER = Path(__file__).parents[2] / PACKAGE


class FaultError(Exception):
    """A fault that is none: its text is not there once, or nothing can be made of it."""


@dataclass(frozen=True)
class Fault:
    """A line of the hardware, wrong; see `sim.faults`."""

    file: str
    """Module of `hdl`, or of a package in it, as ``link/slip``."""
    name: str
    old: str
    new: str
    network: str = ""
    """Of the battery, or dialogue: the one that is likely to show it."""


def mutated(fault: Fault) -> CodeType:
    """Return the module with the fault in it.

    Raises
    ------
    FaultError
        If the module does not hold the text exactly once, or it is no Python afterwards.
    """
    path = FOLDER / f"{fault.file}.py"
    source = path.read_text(encoding="utf-8")
    if (n := source.count(fault.old)) != 1:
        raise FaultError(f"old must be in {PACKAGE}/{fault.file}.py once, not {n} times")
    try:
        return compile(source.replace(fault.old, fault.new), str(path), "exec")
    except SyntaxError as error:
        raise FaultError(f"new must be Python: {error}") from error


@contextmanager
def injected(fault: Fault) -> Generator[None]:
    """Within this context, import the hardware anew, with a fault; others have the true one."""
    finder = _Finder(f"{PACKAGE}.{fault.file.replace('/', '.')}", mutated(fault))
    true = {name: sys.modules.pop(name) for name in _loaded()}
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in _loaded():
            del sys.modules[name]
        sys.modules.update(true)


def _loaded():
    return [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]


class _Finder(MetaPathFinder, Loader):
    """Finds one module, and gives it other code."""

    def __init__(self, name: str, code: CodeType):
        self.name, self.code = name, code

    def find_spec(self, fullname, path=None, target=None):
        return spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module):
        exec(self.code, module.__dict__)
