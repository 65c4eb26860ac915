# amaranth: UnusedElaboratable=no
"""Rules of the encoder: whether the pixel of an axon is a spike in this step."""

from amaranth.hdl import Module, Mux, Signal, unsigned
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import Params
from hdl.numbers import lfsr
from hdl.numbers.formats import shape
from hdl.parts.multipliers import ProductSum


class Rule(wiring.Component):
    """What all rules have in common; `rule` makes the one that is wanted.

    All are combinational in what they say of a pixel.

    Parameters
    ----------
    p : Params
        Parameters of the core.
    width : int
        Bits that are kept for an axon from step to step.
    **ports : wiring.Member
        Members that only this rule has.

    Members
    -------
    pixel : In(shape(p.pixel))
        Of the axon that is looked at.
    spike : Out(1)
        It spikes, if the pixel is not 0.
    phase : In(phase_shape)
        What is kept for the axon; rates and periods only.
    phase_next : Out(phase_shape)
        What is to be kept for it after this step; rates and periods only.
    """

    def __init__(self, p: Params, width: int = 0, **ports):
        self.p = p
        self.phase_shape = unsigned(width)
        """Shape of what is kept for an axon from step to step; of no bits if there is nothing."""
        phases = {"phase": In(width), "phase_next": Out(width)} if width else {}
        super().__init__({"pixel": In(shape(p.pixel)), "spike": Out(1)} | phases | ports)


class RateRule(Rule):
    """``phase = phase + pixel``; the carry out is the spike."""

    def __init__(self, p: Params):
        super().__init__(p, p.phase.width)

    def elaborate(self, platform) -> Module:
        m = Module()
        total = self.phase + self.pixel
        m.d.comb += [self.phase_next.eq(total), self.spike.eq(total[self.p.phase.width])]
        return m


class PeriodicRule(Rule):
    """``phase = phase + period_offset + pixel``; at ``period_num`` there is a spike, and 0 follows.

    That is golden's phase times ``period_offset + pixel``, which saves the division:
    ``n >= ceil(a / b)`` is ``n * b >= a``.

    Members
    -------
    period_num, period_offset : In
        Registers, as wide as in ``p``.
    """

    def __init__(self, p: Params):
        width = p.period_num.bit_length()
        offset = In(p.period_offset.bit_length())
        super().__init__(p, width, period_num=In(width), period_offset=offset)

    def elaborate(self, platform) -> Module:
        m = Module()
        total = self.phase + (self.period_offset + self.pixel)
        m.d.comb += [
            self.spike.eq(total >= self.period_num),
            self.phase_next.eq(Mux(self.spike, 0, total)),
        ]
        return m


class BernoulliRule(Rule):
    """``state = lfsr.step(state)``; a spike if the upper bits of the new state are below the pixel.

    Members
    -------
    encoder_lfsr : In(32)
        Register: where the state starts, not 0.
    restart : In(1)
        Start again, in the next cycle.
    draw : In(1)
        Keep the new state: the axon is done with.
    """

    def __init__(self, p: Params):
        super().__init__(p, encoder_lfsr=In(lfsr.STATE_WIDTH), restart=In(1), draw=In(1))

    def elaborate(self, platform) -> Module:
        m = Module()
        register = Signal(lfsr.STATE_WIDTH, init=1)
        register_next = lfsr.step(register)
        with m.If(self.restart):
            m.d.sync += register.eq(self.encoder_lfsr)
        with m.Elif(self.draw):
            m.d.sync += register.eq(register_next)
        m.d.comb += self.spike.eq(lfsr.drawn(register_next, self.p.phase.width) < self.pixel)
        return m


class LatencyRule(Rule):
    """One spike, in step ``((255 - pixel) * n_steps) >> 8``.

    Members
    -------
    e : In(shape(p.last))
        The step.
    n_steps : In(shape(p.last))
        Register.
    """

    def __init__(self, p: Params):
        super().__init__(p, e=In(shape(p.last)), n_steps=In(shape(p.last)))

    def elaborate(self, platform) -> Module:
        m, pixel = Module(), self.p.pixel
        width = len(self.n_steps)
        m.submodules.product = product = ProductSum(pixel.width, width, 0, cycles=0)
        m.d.comb += [
            product.a.eq(pixel.max - self.pixel),
            product.b.eq(self.n_steps),
            self.spike.eq(product.total[pixel.width :] == self.e),
        ]
        return m


RULES = {
    "rate": RateRule,
    "periodic": PeriodicRule,
    "bernoulli": BernoulliRule,
    "latency": LatencyRule,
}
"""By the value of the parameter ``encoder``."""


def rule(p: Params) -> Rule:
    """Return the rule that the parameters name.

    Nobody need elaborate it, hence the first line of this file: see `hdl.dense.core.stages`.
    """
    return RULES[p.encoder](p)
