"""A wrapper's Verilog in Icarus, and a script for it."""

import json
from pathlib import Path

from amaranth.lib import wiring

from hdl.verilog import emit
from sim.targets.cocotb_run import bench, build, tail
from tests.hdl.wrappers.benches import SCRIPT, TOLD

TOP = "wrapper"


def compiled(wrapper: wiring.Component, folder: Path) -> Path:
    """Compile a wrapper for Icarus."""
    source, built = folder / "wrapper.v", folder / "built"
    source.write_text(emit(wrapper, TOP))
    build("icarus", source, TOP, built, folder / "build.txt")
    return built


def answers(built: Path, case: str, script: list, folder: Path) -> list:
    """Run the bench of a name, and return what was answered."""
    asked, told, log = folder / "asked.json", folder / "told.json", folder / "log.txt"
    asked.write_text(json.dumps(script))
    env = {SCRIPT: str(asked), TOLD: str(told), "COCOTB_TEST_FILTER": f"[.]{case}$"}
    with bench("icarus", built, TOP, "tests.hdl.wrappers.benches", log, env) as process:
        process.wait()
    assert told.exists(), tail(log)
    return json.loads(told.read_text())
