"""Wrappers around a very small core, for finding faults in them: what masters do, and are told.

Each runs in Amaranth's simulator: a network is loaded, images are presented without and with
learning, all is read back; there are words that do not exist, images of a wrong length, and
masters that are slow or leave. What must be told is golden's.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from itertools import zip_longest

from amaranth.sim import Simulator

from sim.battery.buses.axi_master import axi, told_by_axi
from sim.battery.buses.master import BUILT, Told
from sim.battery.buses.wishbone_master import told_by_pipelined, told_by_wishbone, wishbone
from sim.traffic.dialogue import Disagreement

PERIOD = 1e-6
Way = tuple[str, str, Callable, Callable[[], Told]]
WRAPPERS: dict[str, Way] = {
    "axi": ("hdl.wrappers.axi", "AxiCore", axi, told_by_axi),
    "wishbone": ("hdl.wrappers.wishbone", "WishboneCore", wishbone, told_by_wishbone),
    "wishbone-pipelined": (
        "hdl.wrappers.wishbone",
        "PipelinedWishboneCore",
        wishbone,
        told_by_pipelined,
    ),
}


@cache
def must_tell(name: str) -> Told:
    """Return what a wrapper must tell, by golden."""
    return WRAPPERS[name][-1]()


def told(name: str) -> Told:
    """Run a wrapper as it is imported now; return what it tells."""
    module, kind, way, _ = WRAPPERS[name]
    dut, said = getattr(import_module(module), kind)(BUILT), []

    async def drive(ctx):
        try:
            await way(ctx, dut, said)
        except TimeoutError:
            said.append(("silence",))

    simulator = Simulator(dut)
    simulator.add_clock(PERIOD)
    simulator.add_testbench(drive)
    simulator.run()
    return said


def heard_wrong(name: str) -> Disagreement | None:
    """Return the first answer that is not golden's; its number stands for a cycle."""
    said, right = told(name), must_tell(name)
    for number, (ours, theirs) in enumerate(zip_longest(said, right)):
        if ours != theirs:
            return Disagreement("answer", number, f"{ours}, expected {theirs}")
    return None
