"""A network's chip as a bitstream: what is ordered, what it takes, and how fast it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.table import Table

from boards.parts.description import Board
from boards.parts.families import FAMILIES, Family
from boards.parts.fit import moved_memories, refuse_large
from boards.parts.network import NetworkBuild
from boards.tools.bitstream import BuildOrder
from boards.tools.report import common_rows
from boards.tools.size import LaneMemory, memories
from golden.command.console import judging
from golden.network.chip import Chip
from golden.network.placement import Placement
from golden.network.placement.contents import contents
from golden.network.placement.events import externals
from golden.network.placement.loading import state_words
from golden.network.placement.memories import memories as memories_of
from golden.network.placement.parts import PARTS
from golden.network.state import NetworkState
from golden.network.timing.count import CycleCount
from golden.network.timing.memories import Memories

COUNTED = 400
"""Steps from the begin whose cycles are counted."""
NAMED = {"ecp5": ("MULT18X18D",)}
"""Multipliers that pipelines name themselves, where the dense core does not, by family."""
SYNTHESIS = {
    "up5k": "synth_ice40 -dffe_min_ce_use 3",
    "ecp5": "synth_ecp5 -nodsp",
}
"""Without a search for more of them, which has broken designs."""
CELL_WORDS = "*.words[0123456789]*"
"""Modules of the words of cells; yosys knows no ranges in brackets: ``[0-9]`` is 0 or 9."""
MODULES = {
    "counts": "*.places.counts",
    "fired": "*.emission.list",
    "post_lasts": "*.places.lasts*",
    "row_runs": "*.rows.runs*",
    "row_synapses": "*.rows.synapses*",
}
"""Modules of memories that may be moved to lookup tables (`golden.network.placement.memories`)."""
COLUMNS = (
    "board", "network", "chip", "neurons", "synapses", "kinds", "clock_mhz", "met", "timing",
    "fmax_mhz", "cells", "cells_available", "flip_flops", "memories", "memories_available", "dsps",
    "cycles_per_step", "steps_per_s", "times_real_time",
)  # fmt: skip
"""Of the table of networks."""
KEYS = 3
"""Columns that tell a row from others."""
BUDGETS = Path(__file__).with_name("network_budgets.toml")


def synthesised(board: Board) -> Family:
    """Return the family of a board as networks are synthesised for it."""
    name, part = board.family, PARTS[board.name]
    plain = FAMILIES[name]
    return replace(
        plain,
        synthesis=SYNTHESIS.get(name, plain.synthesis),
        named=(*plain.named, *NAMED.get(name, ())),
        in_blocks=(CELL_WORDS,) if part.cells_in_blocks else (),
        # Products of numbers are made by pipelines, and counted nowhere else.
        multiplier=None,
    )


@dataclass(frozen=True)
class NetworkOrder(BuildOrder):
    """A network's chip on a board."""

    network: str
    """Its name or file."""
    placement: Placement

    @property
    def family(self) -> Family:
        """What the part is made of, and how networks are synthesised."""
        found = moved_memories(self.p, self.board.queue, PARTS[self.board.name])
        modules = MODULES | _cell_modules(self.p.chip)
        return replace(synthesised(self.board), moved=tuple(modules[name] for name in found))

    def memories(self, il: str) -> dict[str, LaneMemory]:
        """Return the memories of the design in RTLIL."""
        return memories(il)

    def refuse_large(self, il: str) -> None:
        """Refuse a chip whose memories do not fit the part."""
        with judging():
            refuse_large(self.board, self.p)

    def size(self) -> dict[str, Any]:
        """Return what the report says of chip and network."""
        built: NetworkBuild = self.p
        chip, blueprint = built.chip, self.placement.blueprint
        return {
            "network": self.network,
            "chip": self.board.preset,
            "neurons": blueprint.neurons,
            "synapses": blueprint.synapses,
            "kinds": ", ".join(f"{kind.name} {kind.slots:,}" for kind in chip.kinds),
            "slots": {kind.name: kind.slots for kind in chip.kinds},
            "axons": chip.axons,
            "runs": chip.runs,
            "synapse_places": chip.synapses,
            "queue": chip.queue,
        }

    def speeds(self) -> dict[str, Any]:
        """Return how fast the network runs at the clock: the mean of its first steps."""
        cycles = mean_cycles(self.placement)
        steps = float(self.at.hz) / cycles
        return {
            "cycles_per_step": round(cycles, 1),
            "steps_per_s": round(steps),
            "times_real_time": round(steps * self.placement.blueprint.dt / 1000, 2),
        }


def _cell_modules(chip: Chip) -> dict[str, str]:
    """Return the module of every word of cells, by the name of the memory."""
    needs = (need.name for need in memories_of(chip) if need.of_cells)
    places = (
        f"*.cells_{kind.name}.words{number}"
        for kind in chip.kinds
        for number in range(len(kind.words))
    )
    return dict(zip(needs, places, strict=True))


def mean_cycles(placement: Placement) -> float:
    """Return the mean cycles of a step if nobody lets the core wait.

    Currents are those of the begin.
    """
    held = Memories(placement.chip)
    held.load(contents(placement))
    held.load(state_words(placement, NetworkState.start(placement.blueprint)))
    items = [(item.end, item.value) for item in externals(placement, 0, COUNTED)]
    count = CycleCount(held, items)
    return sum(sum(count.step().values()) for _ in range(COUNTED)) / COUNTED


def network_table(found: Mapping[str, Any]) -> Table:
    """Return the figures for the terminal."""
    drawn = Table(title=f"{found['title']}: {found['network']}", show_header=False)
    speed = found["speed"]
    shown = {
        "network": f"{found['neurons']:,} neurons, {found['synapses']:,} synapses",
        "chip": f"{found['chip']}: {found['kinds']}",
        **common_rows(found),
        "a step": f"{speed['cycles_per_step']:,} cycles, {speed['steps_per_s']:,} a second, "
        f"{speed['times_real_time']:,} times real time",
    }
    for name, value in shown.items():
        drawn.add_row(name, value)
    return drawn


def network_row(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a report in the table of networks."""
    flat = {**found, **found["speed"]}
    return {name: flat[name] for name in COLUMNS}


def budget_name(found: Mapping[str, Any]) -> str:
    """Return under which name a chip's budget stands."""
    return f"{found['board']}-{found['chip']}"
