"""From a board to a bitstream: synthesis once, place and route for some seeds, the best one packed.

Nothing here depends on where or when it runs.
"""

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boards.parts.description import Board
from boards.parts.families import FAMILIES, TOP, Family
from boards.tools.toolchain import (
    GIVEN_UP,
    Call,
    ToolError,
    complaint,
    run_all,
    run_one,
    toolchain,
)

SYNTHESIS = """\
read_rtlil {top}.il
# What a block memory returns for a word that is being written is never used: no logic for that.
setparam -set COLLISION_X_MASK 1'1 t:$memrd_v2 r:CLK_ENABLE=1 %i
{placed}
{prepare}
scratchpad -set abc9.xaiger {older}
{synthesis} -top {top} -json {top}.json
check -assert
"""
YOSYS_LOG = "yosys.log"
IN_TABLES = 'setattr -set ram_style "distributed" */m:*{end}*'
MOVED = 'setattr -set ram_style "distributed" {module}/m:*'
IN_BLOCKS = 'setattr -set ram_style "block" {module}/m:*'
FATAL = {
    "Driver-driver conflict": "logic behind the other driver is gone, as has been seen",
    "multiple conflicting drivers": "what the net does is undefined",
    "is used but has no driver": "what should drive it is gone",
    "found logic loop": "it is no memory that was asked for",
}
"""What yosys warns of though its netlist is wrong, and why that must not be built."""
NAMED_MULTIPLIER = "cell \\SB_MAC16 "
"""In RTLIL."""
MOST_GIVEN_UP = 3
"""Seeds; with more it is not the seed."""
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

    def synthesise(self) -> dict[str, str]:
        """Make the netlist; return the types of its cells, by their names.

        Raises
        ------
        ToolError
            If yosys says an error, ends without a word both ways, or warns of something that is
            `FATAL`.
        """
        log = self.folder / YOSYS_LOG
        # The newer way to ABC drives some nets twice (YosysHQ/yosys issue 6237), and by the older
        # one yosys ends without a word on some designs.
        try:
            self._yosys(older=1)
        except ToolError:
            if "ERROR" in log.read_text(errors="replace"):
                raise
            self._yosys(older=0)
        refuse_fatal(log.read_text(errors="replace"))
        netlist = json.loads((self.folder / f"{TOP}.json").read_text())
        cells = netlist["modules"][TOP]["cells"]
        return {name: cell["type"] for name, cell in cells.items()}

    def _yosys(self, older: int) -> None:
        script = SYNTHESIS.format(
            top=TOP,
            older=older,
            placed="\n".join([
                *(IN_TABLES.format(end=end) for end in self.family.in_tables),
                *(MOVED.format(module=module) for module in self.family.moved),
                *(IN_BLOCKS.format(module=module) for module in self.family.in_blocks),
            ]),
            prepare=self.family.prepare,
            synthesis=self._synthesis(),
        )
        (self.folder / f"{TOP}.ys").write_text(script)
        run_one(self.tools, Call("yosys", ("-q", f"{TOP}.ys"), self.folder, YOSYS_LOG))

    def _synthesis(self) -> str:
        """Return the command of yosys, which must leave multipliers alone that are named.

        Where the iCE40's ``-dsp`` finds a multiplier with registers of its own, it takes these away
        and stops its clock, and says nothing.
        """
        named = NAMED_MULTIPLIER in (self.folder / f"{TOP}.il").read_text()
        return self.family.synthesis.replace(" -dsp", "" if named else " -dsp")

    def place(
        self,
        clock_mhz: float,
        n_seeds: int,
        jobs: int,
        patience: int,
        tell: Callable[[int, Placed | None], None],
    ) -> list[Placed]:
        """Place and route the netlist with so many seeds; return what came of them, in their order.

        A seed that takes too long is given up, and the next one tried instead.

        Parameters
        ----------
        clock_mhz : float
            To be met.
        n_seeds : int
            From 1 on.
        jobs : int
            Seeds at a time.
        patience : int
            Seconds of the processor for each.
        tell : callable
            Hears of every seed when it is done, and what came of it; None if it was given up.

        Raises
        ------
        FullError
            If the part is too small.
        ToolError
            If nextpnr fails, or more than `MOST_GIVEN_UP` seeds are given up.
        """
        seeds: dict[Call, int] = {}
        waiting: deque[Call] = deque()

        def begin() -> None:
            waiting.append(self._call(clock_mhz, len(seeds) + 1, patience))
            seeds[waiting[-1]] = len(seeds) + 1

        for _ in range(n_seeds):
            begin()
        found, given_up = [], []
        for call, status in run_all(self.tools, waiting, jobs):
            if status in GIVEN_UP:
                given_up.append(seeds[call])
                _refuse_endless(call, given_up)
                begin()
                tell(seeds[call], None)
            else:
                found.append(self._placed(call, seeds[call], status))
                tell(seeds[call], found[-1])
        return sorted(found, key=lambda entry: entry.seed)

    def _placed(self, call, seed, status):
        if status:
            _refuse_full(self.folder / call.log)
            raise ToolError(complaint(call, status))
        return placed(seed, json.loads((self.folder / f"{stem(seed)}.json").read_text()))

    def _call(self, clock_mhz, seed, patience):
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
        return Call(self.family.tools[1], words, self.folder, f"{stem(seed)}.log", patience)

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


def refuse_fatal(log: str) -> None:
    """Refuse what yosys has warned of, if it is `FATAL`.

    Raises
    ------
    ToolError
        With the first such line, and the reason.
    """
    for line in log.splitlines():
        for text, reason in FATAL.items():
            if text in line:
                raise ToolError(f"yosys must not warn of what breaks a design ({reason}): {line}")


def stem(seed: int) -> str:
    """Return the stem of the files of a seed."""
    return f"seed{seed}"


def _refuse_endless(call, given_up):
    if len(given_up) > MOST_GIVEN_UP:
        seeds = ", ".join(map(str, sorted(given_up)))
        raise ToolError(
            f"{call.tool} must end within {call.seconds} s of the processor (--patience), "
            f"not run on with seeds {seeds}"
        )


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
