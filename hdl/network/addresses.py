"""Slots of the neurons in a pipeline, at each of the times at which one is wanted."""

from collections.abc import Iterable

from amaranth.hdl import Module, Signal, Value, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out


class Addresses(wiring.Component):
    """Count slots, once for each delay.

    Parameters
    ----------
    n_bits : int
        Of a slot.
    delays : numbers
        Cycles after ``enter``, at which a slot is wanted.
    last : int
        At which a strobe is wanted at the latest.

    Members
    -------
    enter : In(1)
        A neuron enters.
    load, slot : In(1), In(n_bits)
        The next one's slot; two cycles later all addresses are it.
    at : Out(last + 1)
        A neuron has entered so many cycles ago.
    slots : Out(array)
        Of that neuron, for each of ``delays``.
    """

    def __init__(self, n_bits: int, delays: Iterable[int], last: int):
        self.n_bits, self.delays = n_bits, tuple(sorted(set(delays)))
        super().__init__({
            "enter": In(1),
            "load": In(1),
            "slot": In(n_bits),
            "at": Out(last + 1),
            "slots": Out(data.ArrayLayout(unsigned(n_bits), len(self.delays))),
        })

    def of(self, delay: int) -> Value:
        """Return the slot of the neuron that has entered so many cycles ago."""
        return self.slots[self.delays.index(delay)]

    def elaborate(self, platform):
        m = Module()
        late = Signal(len(self.at) - 1)
        m.d.sync += late.eq(self.at)
        m.d.comb += [self.at[0].eq(self.enter), self.at[1:].eq(late)]
        counted = None
        for i, delay in enumerate(self.delays):
            slot = Signal(self.n_bits, name=f"slot{delay}", reset_less=True)
            m.d.comb += self.slots[i].eq(slot)
            if counted is not None and delay == counted + 1:
                # A register a bit; to count anew would be two cells.
                m.d.sync += slot.eq(self.slots[i - 1])
                continue
            counted = delay
            with m.If(self.load):
                m.d.sync += slot.eq(self.slot)
            with m.Elif(self.at[delay]):
                m.d.sync += slot.eq(slot + 1)
        return m
