"""Stands for yosys, nextpnr and a packer: writes what they would, from a recorded report.

python fake_tools.py TOOL WORDS..., in the folder of a build of the preset `tiny` for stdp on the
HX8K; the environment says what happens: FAKE_FMAX, in MHz, one a seed; FAKE_FULL, cells needed;
FAKE_FAIL, the tool that fails; FAKE_WARN, what yosys says; FAKE_LOST, the cell that it leaves out;
FAKE_SILENT, ways to ABC by which yosys ends without a word; FAKE_ENDLESS, seeds that do not end;
FAKE_MEMORIES, memories of another design, with blocks each.
"""

import json
import os
import re
import sys
from pathlib import Path

REPORT = Path(__file__).parent / "recorded" / "nextpnr.json"
NAMES = {"YOSYS": "yosys", "NEXTPNR_ICE40": "nextpnr", "ICEPACK": "icepack"}
"""Tools, by the variables that name them."""
WAY = re.compile(r"scratchpad -set abc9\.xaiger (.*)")
CELLS = {"SB_LUT4": 3000, "SB_DFFSR": 900, "SB_DFF": 50, "SB_CARRY": 10}
MEMORIES = (
    "top.core.encoder.entries", "top.core.encoder.phases", "top.core.receptive_field.store",
    "top.core.stdp.last_memory", "top.core.stdp.table_memory", "top.core.synapse.memory.words",
    "top.link.store.bytes",
)  # fmt: skip


def environment() -> dict[str, str]:
    """Return the variables that put fake tools in place."""
    fake = {variable: f"{sys.executable} {__file__} {tool}" for variable, tool in NAMES.items()}
    return fake | {"FAKE_FMAX": "80 90 85"}


def main(tool: str, words: list[str]) -> int:
    """Be a tool; return its exit status."""
    if os.environ.get("FAKE_FAIL") == tool:
        sys.stdout.write(f"ERROR: {tool} is out of order.\n")
        return 1
    if "--version" in words:
        sys.stdout.write(f"{tool} 0\n")
    elif tool == "yosys":
        assert Path("top.il").read_text().count("module \\top\n") == 1
        way = WAY.findall(Path("top.ys").read_text())
        if way[0] in os.environ.get("FAKE_SILENT", "").split():
            return 1
        synthesise()
    elif tool == "nextpnr":
        return place(words)
    else:
        Path(words[-1]).write_bytes(Path(words[-2]).read_bytes())
    return 0


def synthesise() -> None:
    """Write a netlist."""
    sys.stdout.write(os.environ.get("FAKE_WARN", ""))
    types = {f"{kind}_{i}": kind for kind, n in CELLS.items() for i in range(n)}
    known = os.environ.get("FAKE_MEMORIES")
    for memory, blocks in json.loads(known or json.dumps(dict.fromkeys(MEMORIES, 1))).items():
        types |= {f"{memory}.0.{i}": "SB_RAM40_4K" for i in range(blocks)}
    types["clock.pll"] = "SB_PLL40_CORE"
    types.pop(os.environ.get("FAKE_LOST", ""), None)
    cells = {name: {"type": kind} for name, kind in types.items()}
    Path("top.json").write_text(json.dumps({"modules": {"top": {"cells": cells}}}))


def place(words: list[str]) -> int:
    """Place and route."""
    options = dict(zip(words, words[1:], strict=False))
    if full := os.environ.get("FAKE_FULL"):
        sys.stdout.write(f"Info: \t         ICESTORM_LC:  {full}/   7680   104%\nERROR: no BELs\n")
        return 1
    seed = int(options["--seed"])
    while str(seed) in os.environ.get("FAKE_ENDLESS", "").split():
        pass
    report = json.loads(REPORT.read_text())
    report["fmax"]["clk"]["achieved"] = float(os.environ["FAKE_FMAX"].split()[seed - 1])
    Path(options["--report"]).write_text(json.dumps(report))
    Path(options["--asc"]).write_text(f"bits of seed {seed} for {options['--freq']} MHz\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
