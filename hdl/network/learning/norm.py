"""What the weights of a place add up to, and by what they are multiplied to have their norm."""

from amaranth.hdl import Cat, Module, Mux, Signal, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.network.rules.interface import carried_bits
from golden.network.rules.words import NORM_FACTOR, NORM_FACTOR_BITS, NORM_POINT
from golden.numbers.formats import index_bits
from hdl.parts.delay import delayed
from hdl.parts.memory import BlockMemory

TAKEN = 2
"""Cycles from a place to the first bit that is divided."""


class NormSums(wiring.Component):
    """Sums of magnitudes, and a divider that makes a factor of each, a bit a cycle.

    Members
    -------
    leaving, add, weight : In
        A place; in the next cycle a weight of it, if there is one to be added.
    run : In(1)
        In FACTOR.
    clear, cleared : In(1), In
        Forget a sum.
    scale, at, value : Out
        A factor is written.
    of, factor : In, Out
        A place; its factor in the next cycle.
    done : Out(1)
        In the last cycle of FACTOR.
    """

    def __init__(self, chip: Chip):
        self.chip, self.learner = chip, unit(chip)
        self.total_bits, self.divided_bits = self.learner.sums
        place = index_bits(chip.places)
        super().__init__({
            "leaving": In(place),
            "add": In(1),
            "weight": In(signed(carried_bits(self.learner.words[0]))),
            "run": In(1),
            "clear": In(1),
            "cleared": In(place),
            "scale": Out(1),
            "at": Out(place),
            "value": Out(NORM_FACTOR_BITS),
            "of": In(place),
            "factor": Out(NORM_FACTOR_BITS),
            "done": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        m.submodules.sums = sums = BlockMemory(self.chip.places, 1, self.total_bits)
        m.submodules.factors = factors = BlockMemory(self.chip.places, 1, NORM_FACTOR_BITS)
        at, total = delayed(m, self.leaving, reset_less=True), Signal(self.total_bits)
        recent = delayed(m, total, reset_less=True)
        again = delayed(m, self.add) & (delayed(m, at, reset_less=True) == at)
        magnitude = Mux(self.weight < 0, -self.weight, self.weight).as_unsigned()
        m.d.comb += [
            total.eq(Mux(again, recent, sums.row) + magnitude[: len(self.weight)]),
            sums.read.eq(1),
            sums.word.eq(Mux(self.run, self.at, self.leaving)),
            sums.write.eq(self.add | self.scale | self.clear),
            sums.addr.eq(Mux(self.clear, self.cleared, Mux(self.scale, self.at, at))),
            sums.data.eq(Mux(self.add, total, 0)),
            factors.read.eq(1),
            factors.word.eq(self.of),
            factors.write.eq(self.scale),
            factors.addr.eq(self.at),
            factors.data.eq(self.value),
            self.factor.eq(factors.row),
        ]
        self._divide(m, sums.row)
        return m

    def _divide(self, m, total):
        """Take one place after the other."""
        turns = TAKEN + self.divided_bits
        turn = Signal(range(turns + 1))
        by, rest = Signal(self.total_bits), Signal(self.total_bits)
        quotient, longer = Signal(self.divided_bits), Signal(self.total_bits + 1)
        fits = longer >= by
        m.d.comb += [
            longer.eq(Cat(quotient[-1], rest)),
            self.scale.eq(turn == turns),
            self.value.eq(quotient),
            self.done.eq(self.scale & (self.at == self.chip.places - 1)),
        ]
        # Also of 0: there every bit fits, and there are more of them than a factor has.
        with m.If(quotient[NORM_FACTOR_BITS:].any()):
            m.d.comb += self.value.eq(NORM_FACTOR)
        m.d.sync += [rest.eq(longer - Mux(fits, by, 0)), quotient.eq(Cat(fits, quotient))]
        with m.If(turn == TAKEN - 1):
            m.d.sync += [
                by.eq(total),
                rest.eq(0),
                quotient.eq((self.learner.norm << NORM_POINT) + (total >> 1)),
            ]
        with m.If(self.run):
            m.d.sync += turn.eq(Mux(self.scale, 0, turn + 1))
            with m.If(self.scale):
                m.d.sync += self.at.eq(Mux(self.done, 0, self.at + 1))
        with m.Else():
            m.d.sync += [turn.eq(0), self.at.eq(0)]
