"""The teacher: who learns from a spike, in which direction; :mod:`golden.dense.reward` in gates."""

from amaranth.hdl import Module, Mux, Signal, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import sum_width
from golden.dense.limits import REWARDS
from golden.dense.params import Params
from golden.numbers.formats import index_bits
from hdl.dense.wta import Neuron

CLASS, ERROR = (REWARDS.index(kind) for kind in ("class", "error"))


class Lesson(data.StructLayout):
    """One neuron's part in a learning step: rewarded, or punished."""

    def __init__(self, p: Params):
        super().__init__({"neuron": Neuron(p), "punish": 1})


class Reward(wiring.Component):
    """Lessons of one step.

    Combinational, but for the margins: of these, those of a cycle ago count.

    Members
    -------
    won, winner, right, margin : In(1), In(Neuron), In(1), In(sum)
        The winner, whether it is of the image's class, and its ``v - theta``.
    found, rival, margin_rival : In(1), In(Neuron), In(sum)
        The best of the other camp.
    reward, reward_margin : In(2), In(sum)
        Registers.
    count, lessons : Out(2), Out(Lesson), Out(Lesson)
        How many lessons there are, and the lessons in order.
    """

    def __init__(self, p: Params):
        total = signed(sum_width(p))
        super().__init__({
            "won": In(1),
            "winner": In(Neuron(p)),
            "right": In(1),
            "margin": In(total),
            "found": In(1),
            "rival": In(Neuron(p)),
            "margin_rival": In(total),
            "reward": In(index_bits(len(REWARDS))),
            "reward_margin": In(sum_width(p) + 1),
            "count": Out(2),
            "first": Out(Lesson(p)),
            "second": Out(Lesson(p)),
        })

    def elaborate(self, platform):
        m = Module()
        safe = Signal()
        m.d.sync += safe.eq(self.margin - self.margin_rival >= self.reward_margin)
        m.d.comb += [
            self.first.neuron.eq(self.winner),
            self.second.neuron.eq(Mux(self.right, self.rival, self.winner)),
            self.second.punish.eq(1),
            self.count.eq(self.won),
        ]
        with m.If(self.won & (self.reward == ERROR)):
            with m.If(self.right):
                m.d.comb += self.count.eq(Mux(self.found & ~safe, 2, 0))
            with m.Elif(self.found):
                m.d.comb += [self.count.eq(2), self.first.neuron.eq(self.rival)]
            with m.Else():
                m.d.comb += self.first.punish.eq(1)
        return m
