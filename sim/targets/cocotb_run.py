"""Verilog in Icarus or Verilator, moved by a bench of cocotb: compiled, and run.

cocotb's runner works in a process of its own, which is this file: what it starts ends with us,
however that happens, and what it wants in the environment changes nothing here.
"""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

from cocotb_tools.runner import get_runner

from golden.command.processes import started
from sim.targets import verilator
from sim.targets.target import SimulatorError

BUILD_ARGS = {"icarus": (), "verilator": ("-O3", "--x-assign", "fast", "-Wno-fatal")}
"""Options of compilation, by simulator."""


def build(simulator: str, source: Path, top: str, built: Path, log: Path) -> None:
    """Compile a file of Verilog into a folder.

    Raises
    ------
    SimulatorError
        If the simulator fails; the text is the end of what it said.
    """
    options = {
        "sources": [str(source)],
        "hdl_toplevel": top,
        "build_dir": str(built),
        "build_args": list(BUILD_ARGS[simulator]),
        "timescale": ("1ns", "1ps"),
        "always": True,
    }
    with _runner(simulator, "build", options, log, {}) as process:
        if process.wait():
            raise SimulatorError(f"{simulator} must compile the design, not fail: {tail(log)}")


@contextmanager
def bench(
    simulator: str, built: Path, top: str, module: str, log: Path, env: dict[str, str]
) -> Generator[Popen]:
    """Within this context a simulator runs what was compiled, and the bench of a module in it.

    Parameters
    ----------
    simulator, built, top
        As for `build`.
    module : str
        Python module with the bench.
    log : Path
        Where the simulator's output goes, and in whose folder it runs.
    env : dict
        Variables that the bench sees.
    """
    options = {
        "test_module": module,
        "hdl_toplevel": top,
        "hdl_toplevel_lang": "verilog",
        "build_dir": str(built),
        "test_dir": str(log.parent),
    }
    with _runner(simulator, "test", options, log, env) as process:
        yield process


@contextmanager
def _runner(simulator, action, options, log, env):
    words = (simulator, action, json.dumps(options | {"log_file": str(log)}))
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | env
    if simulator == "verilator":
        env |= verilator.environment()
    with (
        log.with_suffix(".runner").open("wb") as file,
        started([sys.executable, "-m", __name__, *words], env=env, stdout=file, stderr=file) as run,
    ):
        yield run


def tail(log: Path) -> str:
    """Return the end of a simulator's log on one line."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return " ".join(text[-1500:].split()) or "it has said nothing"


def main(simulator: str, action: str, options: str) -> None:
    """Be the process in which cocotb's runner works."""
    getattr(get_runner(simulator), action)(**json.loads(options))


if __name__ == "__main__":
    main(*sys.argv[1:])
