"""From a board to a bitstream: synthesis once, place and route for some seeds, the best one packed.

Nothing here depends on where or when it runs.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boards.parts.description import Board
from boards.parts.families import FAMILIES, TOP, Family
from boards.tools.toolchain import Call, ToolError, complaint, run_all, run_one, toolchain

SYNTHESIS = """\
read_rtlil {top}.il
# What a block memory returns for a word that is being written is never used: no logic for that.
setparam -set COLLISION_X_MASK 1'1 t:$memrd_v2 r:CLK_ENABLE=1 %i
{prepare}
# The newer of the two ways to ABC drives some nets twice: YosysHQ/yosys issue 6237.
scratchpad -set abc9.xaiger 1
{synthesis} -top {top} -json {top}.json
check -assert
tee -q -o {top}.stat stat -json
"""
USED = re.compile(r"Info:\s+(\w+):\s*(\d+)/\s*(\d+)\s+\d+%")
CELL = re.compile(r"_(?:SB_|TRELLIS|LUT|DFF|PFUMX|L6MUX|CCU2C|ALU|MUX2|DP16|LC|DIA|ADA|WEA)")
"""Where a name of ours ends in the name of a cell."""
EAGER = 1.25
"""Times the clock is asked for, as what is met is not made faster; not heard on the ECP5."""


class FullError(Exception):
    """A design with more cells than the part has; the text is one sentence."""


@dataclass(frozen=True)
class Placed:
    """What place and route made of one seed."""

    seed: int
    used: dict[str, int]
    available: dict[str, int]
    fmax_mhz: float
    """Of the slowest clock."""
    path: dict[str, Any] = field(default_factory=dict)
    """The longest path: from, to, through which cells, in ns, and how much of it is wires."""


class Flow:
    """The tools at work in one folder.

    Parameters
    ----------
    board : Board
        Says which family and part.
    folder : Path
        Holds the files of `boards.parts.design.files`; all that the tools write goes there.
    family : Family or None
        Instead of the board's.

    Raises
    ------
    InputError
        If tools are missing.
    """

    def __init__(self, board: Board, folder: Path, family: Family | None = None):
        self.board, self.folder = board, folder
        self.family = family or FAMILIES[board.family]
        self.tools = toolchain(self.family)

    def synthesise(self) -> dict[str, int]:
        """Make the netlist; return its cells by type.

        Raises
        ------
        ToolError
            If yosys fails.
        """
        script = SYNTHESIS.format(
            top=TOP, prepare=self.family.prepare, synthesis=self.family.synthesis
        )
        (self.folder / f"{TOP}.ys").write_text(script)
        run_one(self.tools, Call("yosys", ("-q", f"{TOP}.ys"), self.folder, "yosys.log"))
        (module,) = json.loads((self.folder / f"{TOP}.stat").read_text())["modules"].values()
        return module["num_cells_by_type"]

    def place(
        self, clock_mhz: float, seeds: range, jobs: int, done: Callable[[Placed], None]
    ) -> list[Placed]:
        """Place and route the netlist with every seed; return what came of them, in their order.

        Raises
        ------
        FullError
            If the part is too small.
        ToolError
            If nextpnr fails.
        """
        found = []
        by_seed = {self._call(clock_mhz, seed): seed for seed in seeds}
        for call, status in run_all(self.tools, list(by_seed), jobs):
            if status:
                _refuse_full(self.folder / call.log)
                raise ToolError(complaint(call, status))
            report = json.loads((self.folder / f"{stem(by_seed[call])}.json").read_text())
            found.append(placed(by_seed[call], report))
            done(found[-1])
        return sorted(found, key=lambda entry: entry.seed)

    def _call(self, clock_mhz, seed):
        files = self.family.place.format(top=TOP, seed=stem(seed)).split()
        asked = clock_mhz * EAGER
        own = f"--json {TOP}.json --seed {seed} --freq {asked:.6f} --report {stem(seed)}.json"
        # A clock that is not met is ours to judge, for all seeds.
        words = (
            *self.board.part.split(),
            *self.board.route.split(),
            *files,
            *own.split(),
            "--timing-allow-fail",
        )
        return Call(self.family.tools[1], words, self.folder, f"{stem(seed)}.log")

    def pack(self, seed: int) -> bytes:
        """Return the bitstream of a seed.

        Raises
        ------
        ToolError
            If the packer fails.
        """
        words = f"{self.board.pack} {self.family.pack.format(seed=stem(seed))}".split()
        run_one(self.tools, Call(self.family.tools[2], tuple(words), self.folder, "pack.log"))
        return (self.folder / f"{stem(seed)}.{self.family.suffix}").read_bytes()


def stem(seed: int) -> str:
    """Return the stem of the files of a seed."""
    return f"seed{seed}"


def _refuse_full(log: Path) -> None:
    over = [
        f"{used} of {available} {name}"
        for name, used, available in USED.findall(log.read_text(errors="replace"))
        if int(used) > int(available)
    ]
    if over:
        raise FullError(f"the design must fit the part, not need {', '.join(over)}")


def placed(seed: int, report: dict[str, Any]) -> Placed:
    """Return what matters of nextpnr's report."""
    table = report["utilization"]
    return Placed(
        seed,
        {name: entry["used"] for name, entry in table.items()},
        {name: entry["available"] for name, entry in table.items()},
        min(entry["achieved"] for entry in report["fmax"].values()),
        longest(report["critical_paths"]),
    )


def longest(paths: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the longest path from register to register, with our names for its ends."""
    inner = [path["path"] for path in paths if "async" not in path["from"] + path["to"]]
    if not inner:
        return {}
    path = max(inner, key=lambda steps: sum(step["delay"] for step in steps))
    return {
        "from": _ours(path[0]["from"]["cell"]),
        "to": _ours(path[-1]["to"]["cell"]),
        "ns": round(sum(step["delay"] for step in path), 2),
        "wires_ns": round(sum(step["delay"] for step in path if step["type"] == "routing"), 2),
        "through": list(dict.fromkeys(_ours(step["to"]["cell"]) for step in path)),
    }


def _ours(cell: str) -> str:
    return CELL.split(cell.removeprefix(f"{TOP}."))[0]
