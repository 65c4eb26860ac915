"""The teacher: who learns from a spike, in which direction; :mod:`golden.dense.reward` in gates."""

from amaranth.hdl import Module, Mux
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import REWARDS, Params
from hdl.dense.registers import register_ports
from hdl.dense.wta import Neuron

CLASS, ERROR = (REWARDS.index(kind) for kind in ("class", "error"))


class Lesson(data.StructLayout):
    """One neuron's part in a learning step: rewarded, or punished."""

    def __init__(self, p: Params):
        super().__init__({"neuron": Neuron(p), "punish": 1})


class Reward(wiring.Component):
    """Lessons of one step.

    Combinational.

    Members
    -------
    won : In(1)
        Somebody has won the step.
    winner : In(Neuron)
        Who.
    right : In(1)
        It is of the image's class.
    found : In(1)
        Somebody of the other camp was elected, too; if the winner is right, somebody who is behind
        by less than ``reward_margin``.
    rival : In(Neuron)
        Who.
    reward : In(2)
        Register, an index of `REWARDS`.
    count : Out(2)
        How many lessons there are.
    first : Out(Lesson)
        The first one.
    second : Out(Lesson)
        And the second.
    """

    def __init__(self, p: Params):
        super().__init__({
            "won": In(1),
            "winner": In(Neuron(p)),
            "right": In(1),
            "found": In(1),
            "rival": In(Neuron(p)),
            **register_ports(p, Params.reward),
            "count": Out(2),
            "first": Out(Lesson(p)),
            "second": Out(Lesson(p)),
        })

    def elaborate(self, platform):
        m = Module()
        m.d.comb += [
            self.first.neuron.eq(self.winner),
            self.second.neuron.eq(Mux(self.right, self.rival, self.winner)),
            self.second.punish.eq(1),
            self.count.eq(self.won),
        ]
        with m.If(self.won & (self.reward == ERROR)):
            with m.If(self.right):
                m.d.comb += self.count.eq(Mux(self.found, 2, 0))
            with m.Elif(self.found):
                m.d.comb += [self.count.eq(2), self.first.neuron.eq(self.rival)]
            with m.Else():
                m.d.comb += self.first.punish.eq(1)
        return m
