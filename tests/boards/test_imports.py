"""What a host with a board loads: no gates and no simulation."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT

HOST = sorted(
    f"boards.host.{path.stem}"
    for path in (ROOT / "boards/host").glob("*.py")
    if path.stem not in ("__init__", "simulated")
)
LOADED = """
import importlib, sys
importlib.import_module(sys.argv[1])
print(*sorted({name.split(".")[0] for name in sys.modules} & {"amaranth", "sim"}))
"""


def loaded(module):
    command = [sys.executable, "-c", LOADED, module]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_simulation_is_seen_when_it_is_loaded():
    assert loaded("boards.host.simulated") == ["amaranth", "sim"]


@pytest.mark.parametrize("module", HOST)
def test_host_loads_neither_amaranth_nor_simulation(module):
    assert loaded(module) == []
