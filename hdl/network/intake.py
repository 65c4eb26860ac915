"""RUN: neurons of a group enter the pipeline of its kind, one every few cycles."""

from amaranth.hdl import Array, Const, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.cells.schedule import Schedule
from golden.network.chip import Chip
from golden.network.interface import DATA_BITS
from golden.numbers.formats import index_bits


class Intake(wiring.Component):
    """Let neurons in, and tell when the last one's results are written.

    Members
    -------
    set_neurons, data : In(1), In(32)
        So many neurons are next, 1 or more.
    run : In(1)
        In RUN.
    kind : In
    enter, first : Out(1)
        A neuron's time 0 is in the next cycle; it is the first one.
    done : Out(1)
        RUN's last cycle.
    """

    def __init__(self, chip: Chip, schedules: list[Schedule]):
        self.chip = chip
        self.intervals = [schedule.interval for schedule in schedules]
        self.drains = [schedule.latency + 1 for schedule in schedules]
        super().__init__({
            "set_neurons": In(1),
            "data": In(DATA_BITS),
            "run": In(1),
            "kind": In(index_bits(len(chip.kinds))),
            "enter": Out(1),
            "first": Out(1),
            "done": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        left = Signal(self.chip.slots.bit_length())
        drain = Signal(range(max(self.drains) + 1))
        over = Signal()
        begun = Signal()
        paused = self._pause(m)
        m.d.comb += [
            self.enter.eq(self.run & ~over & ~paused),
            self.first.eq(self.run & ~begun),
            self.done.eq(drain == 1),
        ]
        m.d.sync += begun.eq(self.run & ~self.done)
        with m.If(self.set_neurons):
            m.d.sync += left.eq(self.data)
        with m.If(self.enter):
            m.d.sync += left.eq(left - 1)
        with m.If(drain != 0):
            m.d.sync += drain.eq(drain - 1)
        with m.If(self.enter & (left == 1)):
            m.d.sync += [over.eq(1), drain.eq(self._of_kind(self.drains))]
        with m.If(self.done):
            m.d.sync += over.eq(0)
        return m

    def _pause(self, m):
        """Return whether less than the kind's interval has gone since the last one entered."""
        if max(self.intervals) == 1:
            return Const(0)
        pause = Signal(range(max(self.intervals)))
        with m.If(self.enter):
            m.d.sync += pause.eq(self._of_kind([interval - 1 for interval in self.intervals]))
        with m.Elif(self.done):
            m.d.sync += pause.eq(0)
        with m.Elif(pause != 0):
            m.d.sync += pause.eq(pause - 1)
        return pause != 0

    def _of_kind(self, numbers):
        if len(set(numbers)) == 1:
            return Const(numbers[0])
        return Array(numbers)[self.kind]
