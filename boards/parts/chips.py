"""The network chips of the boards: what each is made of, and whose kinds its own chip has."""

from boards.parts.network import ChipPlan
from golden.cells.schedule import ECP5, GOWIN
from golden.network.placement.parts import PARTS
from hdl.link.network.protocol import Buffers

CHIPS = {
    "icebreaker": ChipPlan(
        network="neurapse-drn",
        changes={"size": 500},
        fabric=PARTS["icebreaker"].fabric,
        clock_hz=24_000_000,
        queue=256,
        buffers=Buffers(spikes=128, items=3),
        single_port=True,
        interval=2,
        serial=True,
    ),
    "hx8k": ChipPlan(
        network="izhikevich2003",
        changes={"excitatory": 25, "inhibitory": 7},
        fabric=PARTS["hx8k"].fabric,
        clock_hz=42_000_000,
        buffers=Buffers(spikes=128, items=3),
        # Products are made of lookup tables: one multiplier for all of them.
        interval=8,
        multipliers=1,
    ),
    "ulx3s_25f": ChipPlan(
        network="izhikevich2003",
        changes={"excitatory": 120, "inhibitory": 30},
        fabric=ECP5,
        clock_hz=60_000_000,
    ),
    "ulx3s_85f": ChipPlan(
        network="cuba",
        changes={"size": 2400},
        fabric=ECP5,
        clock_hz=45_000_000,
        buffers=Buffers(spikes=2048),
    ),
    "tangnano9k": ChipPlan(
        network="izhikevich2003",
        changes={"excitatory": 51, "inhibitory": 13},
        fabric=GOWIN,
        clock_hz=40_500_000,
    ),
    "tangnano20k": ChipPlan(
        network="izhikevich2003",
        changes={"excitatory": 108, "inhibitory": 27},
        fabric=GOWIN,
        clock_hz=54_000_000,
    ),
}
"""By the name of the board."""
