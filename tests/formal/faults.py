"""A component with one passage of its source changed, in the place of the right one."""

import importlib
import inspect
import sys
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import NamedTuple
from unittest.mock import patch


class Fault(NamedTuple):
    """``old`` becomes ``new`` in a module; ``name`` is the class or function it is in.

    ``stem`` is the module's name without ``hdl.``, or the whole name of one of golden.
    """

    stem: str
    name: str
    old: str
    new: str


@contextmanager
def seeded(fault: Fault):
    """Have everybody in `hdl` use the faulty one.

    Raises
    ------
    ValueError
        If the passage is not there, or there twice.
    """
    golden = fault.stem.startswith("golden.")
    right = importlib.import_module(fault.stem if golden else f"hdl.{fault.stem}")
    text = inspect.getsource(right)
    if text.count(fault.old) != 1:
        raise ValueError(f"{fault.old!r} must be once in {right.__name__}")
    wrong = ModuleType(right.__name__)
    exec(compile(text.replace(fault.old, fault.new), right.__file__, "exec"), vars(wrong))
    changed = getattr(wrong, fault.name)
    # All else stays the right one's: an enumeration is equal only to itself.
    kept = {key: value for key, value in vars(right).items() if key != fault.name}
    vars(wrong).update(kept)
    original = getattr(right, fault.name)
    with ExitStack() as stack:
        for module in [m for key, m in sys.modules.items() if key.startswith("hdl.")]:
            if getattr(module, fault.name, None) is original:
                stack.enter_context(patch.object(module, fault.name, changed))
        yield
