"""The hardware with a fault in its source; the files themselves stay as they are.

The catalogue of `sim.faults` and the proofs of ``tests/formal`` inject theirs here.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
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
    """Module of ``package``, or of a package in it, as ``link/slip``."""
    name: str
    old: str
    new: str
    network: str = ""
    """Of the battery, or dialogue: the one that is likely to show it."""
    package: str = PACKAGE
    """Of golden are the numbers that the hardware is made by."""

    @property
    def path(self) -> str:
        """The file, from the project's folder on."""
        return f"{self.package}/{self.file}.py"

    @property
    def module(self) -> str:
        """The module's name."""
        return f"{self.package}.{self.file.replace('/', '.')}"


def mutated(fault: Fault) -> CodeType:
    """Return the module with the fault in it.

    Raises
    ------
    FaultError
        If the module does not hold the text exactly once, or it is no Python afterwards.
    """
    path = FOLDER.parent / fault.path
    source = path.read_text(encoding="utf-8")
    if (n := source.count(fault.old)) != 1:
        raise FaultError(f"old must be in {fault.path} once, not {n} times")
    try:
        return compile(source.replace(fault.old, fault.new), str(path), "exec")
    except SyntaxError as error:
        raise FaultError(f"new must be Python: {error}") from error


@contextmanager
def injected(fault: Fault, *rooms: str) -> Generator[None]:
    """Within this context, import the hardware anew, with a fault; others have the true one.

    Parameters
    ----------
    fault : Fault
        What is wrong.
    rooms : str
        Packages that hold parts of the hardware, and so are imported anew, too.

    Raises
    ------
    FaultError
        As `mutated`.
    """
    finder = _Finder(fault.module, mutated(fault))
    anew = (PACKAGE, fault.module, *rooms)
    roots = {name: import_module(name) for name in anew}
    true = {name: sys.modules.pop(name) for name in _loaded(anew)}
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in _loaded(anew):
            del sys.modules[name]
        sys.modules.update(true)
        # A package has as attributes what was imported from it last.
        for name, module in roots.items():
            parent, _, stem = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], stem, module)


def _loaded(rooms):
    return [name for name in sys.modules if any(f"{name}.".startswith(f"{r}.") for r in rooms)]


class _Finder(MetaPathFinder, Loader):
    """Finds one module, and gives it other code."""

    def __init__(self, name: str, code: CodeType):
        self.name, self.code = name, code

    def find_spec(self, fullname, path=None, target=None):
        return spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module):
        exec(self.code, module.__dict__)
