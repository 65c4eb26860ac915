# amaranth: UnusedElaboratable=no
"""What a block RAM gives for a word that is written in the same cycle is used nowhere.

`boards.build` tells synthesis so, which then makes no logic for such cycles. Here every memory
gives the complement of the word instead, and no cycle of any network may differ.
"""

import pytest
from amaranth.hdl import Cat, MemoryInstance, Module, Mux, Signal, Value
from amaranth.lib.memory import Memory

from hdl.dense.core import Core
from sim.battery.networks import NETWORKS
from sim.battery.stimuli import expected, stimulus
from sim.faults import lock_step
from tests.hdl.bench import run


def poisoned(self, platform):
    """Elaborate a memory whose clocked read ports are wrong about words that are written."""
    m = Module()
    self.data.freeze()
    m.submodules.instance = instance = MemoryInstance(data=self.data)
    writes = {
        port: instance.write_port(
            domain=port.domain, addr=port.addr, data=Value.cast(port.data), en=port.en
        )
        for port in self.write_ports
    }
    for port in self.read_ports:
        shown = Value.cast(port.data)
        right, wrong = Signal.like(shown), Signal()
        instance.read_port(
            domain=port.domain,
            addr=port.addr,
            data=right,
            en=port.en,
            transparent_for=tuple(writes[write] for write in port.transparent_for),
        )
        if port.domain != "comb":
            others = [write for write in writes if write not in port.transparent_for]
            hits = Cat(write.en.any() & (write.addr == port.addr) for write in others)
            with m.If(port.en):
                m.d.sync += wrong.eq(hits.any())
        m.d.comb += shown.eq(Mux(wrong, ~right, right))
    return m


@pytest.fixture(autouse=True)
def poison(monkeypatch):
    monkeypatch.setattr(Memory, "elaborate", poisoned)


def test_collision_gives_the_complement():
    dut = Memory(shape=4, depth=2, init=[5, 6])
    read, write = dut.read_port(), dut.write_port()

    async def bench(ctx):
        for address, word in ((0, 10), (1, 6)):
            ctx.set(read.en, 1)
            ctx.set(read.addr, address)
            ctx.set(write.en, 1)
            await ctx.tick()
            assert ctx.get(read.data) == word

    run(dut, bench)


@pytest.mark.parametrize("network", NETWORKS)
def test_no_cycle_depends_on_a_collision(network):
    core = Core(NETWORKS[network].built)
    assert lock_step(core, stimulus(network), expected(network)) is None
