"""Stands for yosys, nextpnr and a packer: writes what they would, from a recorded report.

python fake_tools.py TOOL WORDS..., in the folder of a build; the environment says what happens:
FAKE_FMAX, in MHz, one a seed; FAKE_FULL, cells needed; FAKE_FAIL, the tool that fails.
"""

import json
import os
import sys
from pathlib import Path

REPORT = Path(__file__).parent / "recorded" / "nextpnr.json"
CELLS = {"SB_LUT4": 3000, "SB_DFFSR": 900, "SB_DFF": 50, "SB_CARRY": 10}


def main(tool: str, words: list[str]) -> int:
    """Be a tool; return its exit status."""
    if os.environ.get("FAKE_FAIL") == tool:
        sys.stdout.write(f"ERROR: {tool} is out of order.\n")
        return 1
    if "--version" in words:
        sys.stdout.write(f"{tool} 0\n")
    elif tool == "yosys":
        assert Path("top.il").read_text().count("module \\top\n") == 1
        stat = {"modules": {"\\top": {"num_cells_by_type": CELLS}}}
        Path("top.stat").write_text(json.dumps(stat))
    elif tool == "nextpnr":
        return place(words)
    else:
        Path(words[-1]).write_bytes(Path(words[-2]).read_bytes())
    return 0


def place(words: list[str]) -> int:
    """Place and route."""
    options = dict(zip(words, words[1:], strict=False))
    if full := os.environ.get("FAKE_FULL"):
        sys.stdout.write(f"Info: \t         ICESTORM_LC:  {full}/   7680   104%\nERROR: no BELs\n")
        return 1
    seed = int(options["--seed"])
    report = json.loads(REPORT.read_text())
    report["fmax"]["clk"]["achieved"] = float(os.environ["FAKE_FMAX"].split()[seed - 1])
    Path(options["--report"]).write_text(json.dumps(report))
    Path(options["--asc"]).write_text(f"bits of seed {seed} for {options['--freq']} MHz\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
