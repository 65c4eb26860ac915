"""The network chips of the boards: what each is made of, and whose kinds its own chip has."""

from boards.parts.network import ChipPlan
from golden.network.placement.parts import PARTS
from hdl.link.network.protocol import Buffers

CHIPS = {
    "icebreaker": ChipPlan(
        part=PARTS["icebreaker"],
        network="neurapse-drn",
        changes={"size": 500},
        clock_hz=24_000_000,
        buffers=Buffers(spikes=128, items=3),
    ),
    "hx8k": ChipPlan(
        part=PARTS["hx8k"],
        network="izhikevich2003",
        changes={"excitatory": 25, "inhibitory": 7},
        clock_hz=42_000_000,
        buffers=Buffers(spikes=128, items=3),
    ),
    "ulx3s_25f": ChipPlan(
        part=PARTS["ulx3s_25f"],
        network="izhikevich2003",
        changes={"excitatory": 120, "inhibitory": 30},
        clock_hz=60_000_000,
    ),
    "ulx3s_85f": ChipPlan(
        part=PARTS["ulx3s_85f"],
        network="cuba",
        changes={"size": 2400},
        clock_hz=45_000_000,
    ),
    "tangnano9k": ChipPlan(
        part=PARTS["tangnano9k"],
        network="izhikevich2003",
        changes={"excitatory": 51, "inhibitory": 13},
        clock_hz=40_500_000,
    ),
    "tangnano20k": ChipPlan(
        part=PARTS["tangnano20k"],
        network="izhikevich2003",
        changes={"excitatory": 108, "inhibitory": 27},
        clock_hz=54_000_000,
    ),
}
"""By the name of the board."""
