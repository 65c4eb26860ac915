"""Stage 6, homeostasis: the common part of the threshold, and when ``theta`` decays."""

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap
from golden.dense.params import GAIN, Params
from hdl.dense.registers import register_ports
from hdl.numbers.formats import shape
from hdl.parts.multipliers import ProductSum

BASE_LATENCY = 3
"""Cycles from ``peak`` to the base that follows from it, with ``activity_gain``."""


class Homeostasis(wiring.Component):
    """What all neurons' thresholds have in common; `golden.dense.homeostasis` in gates.

    ::

        base   = min(v_th + ((peak * activity_gain) >> activity_shift), largest v)
        limit  = (offset >> offset_shift) - base
        rise:    offset = min(offset + offset_plus, largest offset)
        count:   presented = presented + 1, wraps
                 decay_count = presented % theta_decay_period    if theta decays

    ``(theta >> theta_shift) - v <= limit`` is ``v >= threshold``. A strobe's effect is visible in
    the next cycle, ``limit`` follows ``offset`` and ``v_th`` a cycle later and ``peak`` after
    `BASE_LATENCY` cycles.

    Parameters
    ----------
    p : Params
        Parameters of the core.

    Members
    -------
    rise : In(1)
        Strobe: somebody has won and learns.
    offset : Out(offset)
        Common offset of the thresholds.
    offset_en : In(1)
        Load it; exists only with ``offset_plus``, without which it is 0.
    offset_data : In(offset)
        With what; likewise.
    limit : Out(margin)
        What a margin must reach.
    peak : In(axon_bits + 1)
        Events in the busiest step; exists only with ``activity_gain``.
    count : In(1)
        Strobe: a learning presentation ends.
    presented : Out(presented)
        Learning presentations; 0 without ``theta_decay_shift``, when nobody needs to know.
    presented_en : In(1)
        Load it.
    presented_data : In(presented)
        With what.
    decay_due : Out(1)
        What ``count`` would count is the last of a period; combinational.
    decay_count : Out(32)
        Presentations of this period.
    decay_count_en : In(1)
        Load it.
    decay_count_data : In(32)
        With what.
    v_th : In(v)
        Register.
    offset_plus : In(offset)
        Register; exists only with ``offset_plus``.
    activity_gain : In(16)
        Register; exists only with ``activity_gain``.
    theta_decay_period : In(32)
        Register; it, ``presented_*`` and ``decay_*`` exist only with ``theta_decay_shift``.
    """

    def __init__(self, p: Params):
        self.p = p
        counter = shape(p.presented)
        ports = {
            "rise": In(1),
            "offset": Out(shape(p.offset)),
            "limit": Out(shape(p.margin)),
            "count": In(1),
            "presented": Out(counter),
            **register_ports(p, Params.v_th),
        }
        if p.offset_plus:
            ports |= {
                "offset_en": In(1),
                "offset_data": In(shape(p.offset)),
                **register_ports(p, Params.offset_plus),
            }
        if p.activity_gain:
            peak_bits = MemoryMap(p).axon_bits + 1
            ports |= {"peak": In(peak_bits), **register_ports(p, Params.activity_gain)}
        if p.theta_decay_shift:
            ports |= {
                "presented_en": In(1),
                "presented_data": In(counter),
                "decay_due": Out(1),
                "decay_count": Out(counter),
                "decay_count_en": In(1),
                "decay_count_data": In(counter),
                **register_ports(p, Params.theta_decay_period),
            }
        super().__init__(ports)

    def elaborate(self, platform):
        m = Module()
        m.d.sync += self.limit.eq((self.offset >> self.p.offset_shift) - self._base(m))
        if self.p.offset_plus:
            self._raise(m)
        if self.p.theta_decay_shift:
            self._count(m)
        return m

    def _raise(self, m):
        raised = self.offset + self.offset_plus
        with m.If(self.offset_en):
            m.d.sync += self.offset.eq(self.offset_data)
        with m.Elif(self.rise):
            # Full-width sum: its carry is the saturation.
            m.d.sync += self.offset.eq(Mux(raised[-1], self.p.offset.max, raised))

    def _base(self, m) -> Value:
        p = self.p
        if not p.activity_gain:
            return self.v_th
        m.submodules.product = product = ProductSum(len(self.peak), GAIN.width, 0, cycles=1)
        base = Signal(shape(p.v))
        total = self.v_th + (product.total >> p.activity_shift)
        m.d.comb += [product.a.eq(self.peak), product.b.eq(self.activity_gain)]
        m.d.sync += base.eq(Mux(total > p.v.max, p.v.max, total))
        return base

    def _count(self, m):
        next_presented = self.presented + 1
        with m.If(self.presented_en):
            m.d.sync += self.presented.eq(self.presented_data)
        with m.Elif(self.count):
            m.d.sync += self.presented.eq(next_presented)
        next_count, wraps = self.decay_count + 1, next_presented[-1]
        m.d.comb += self.decay_due.eq(wraps | (next_count == self.theta_decay_period))
        with m.If(self.decay_count_en):
            m.d.sync += self.decay_count.eq(self.decay_count_data)
        with m.Elif(self.count):
            m.d.sync += self.decay_count.eq(Mux(self.decay_due, 0, next_count))
