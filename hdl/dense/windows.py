"""Who spiked how many steps ago: open windows of deferred depression, and refractory neurons.

Both are rings of neurons by age, as at most one neuron enters in a step; :mod:`golden.dense.core`
and :func:`golden.dense.wta.settle` in gates.
"""

from amaranth.hdl import Array, Cat, Module, Mux, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import Params
from hdl.dense.registers import register_ports
from hdl.dense.wta import Neuron


def slots(p: Params, depth: int):
    """Return ``depth`` registers for a neuron each, and for whether there is one."""
    layout = data.StructLayout({"valid": 1, "neuron": Neuron(p)})
    return [Signal(layout, name=f"age{age}") for age in range(depth)]


class Refractory(wiring.Component):
    """Tell who has been refractory for long enough.

    Members
    -------
    clear : In(1)
        Forget all.
    tick : In(1)
        A step ends.
    won : In(1)
        With ``tick``: somebody has won it.
    winner : In(Neuron)
        Who.
    refrac : In(range(refrac + 1))
        Register.
    release : Out(1)
        A neuron won ``refrac`` steps before the one that ends, and is to be released.
    neuron : Out(Neuron)
        Which.
    """

    def __init__(self, p: Params):
        self.p = p
        super().__init__({
            "clear": In(1),
            "tick": In(1),
            "won": In(1),
            "winner": In(Neuron(p)),
            **register_ports(p, Params.refrac),
            "release": Out(1),
            "neuron": Out(Neuron(p)),
        })

    def elaborate(self, platform):
        m = Module()
        ages = slots(self.p, self.p.refrac + 1)  # Nobody is of age 0: the step has not ended yet.
        with m.If(self.clear):
            m.d.sync += [slot.valid.eq(0) for slot in ages]
        with m.Elif(self.tick):
            m.d.sync += [ages[1].valid.eq(self.won), ages[1].neuron.eq(self.winner)]
            m.d.sync += [new.eq(old) for old, new in zip(ages[1:], ages[2:], strict=False)]
        chosen = Array(ages)[self.refrac]
        m.d.comb += [self.release.eq(chosen.valid), self.neuron.eq(chosen.neuron)]
        return m


class Windows(wiring.Component):
    """Windows of deferred depression.

    Members
    -------
    clear : In(1)
        Forget all.
    tick : In(1)
        A step ends, so all are a step older.
    open : In(1)
        Open a window for ``neuron``.
    neuron : In(Neuron)
        Also the one ``hit`` is about.
    close : In(1)
        Close the window that `age` is about.
    oldest : In(1)
        Point at the oldest window, not at ended or hit ones.
    ltd_window : In(range(ltd_window + 1))
        Register.
    any : Out(1)
        A window is open.
    ended : Out(1)
        One ends in this step.
    hit : Out(1)
        ``neuron`` has one.
    age : Out(range(ltd_window + 1))
        Steps since the window that is pointed at was opened: with ``oldest`` the oldest, else the
        one that has ended, else the hit one.
    of : Out(Neuron)
        Whose it is.
    """

    def __init__(self, p: Params):
        self.p = p
        ages = range(p.ltd_window + 1)
        super().__init__({
            "clear": In(1),
            "tick": In(1),
            "open": In(1),
            "neuron": In(Neuron(p)),
            "close": In(1),
            "oldest": In(1),
            "ltd_window": In(ages),
            "any": Out(1),
            "ended": Out(1),
            "hit": Out(1),
            "age": Out(ages),
            "of": Out(Neuron(p)),
        })

    def elaborate(self, platform):
        m = Module()
        ages = slots(self.p, self.p.ltd_window + 1)
        chosen, hit_age, oldest = Array(ages), Signal.like(self.age), Signal.like(self.age)
        hits = Cat(slot.valid & (slot.neuron == self.neuron) for slot in ages)
        ended = chosen[self.ltd_window].valid
        for age, slot in enumerate(ages):
            with m.If(slot.valid):
                m.d.comb += oldest.eq(age)
            with m.If(hits[age]):
                m.d.comb += hit_age.eq(age)
        m.d.comb += [
            self.any.eq(Cat(slot.valid for slot in ages).any()),
            self.ended.eq(ended),
            self.hit.eq(hits.any()),
            self.age.eq(Mux(self.oldest, oldest, Mux(ended, self.ltd_window, hit_age))),
            self.of.eq(chosen[self.age].neuron),
        ]
        with m.If(self.clear):
            m.d.sync += [slot.valid.eq(0) for slot in ages]
        with m.Elif(self.tick):
            m.d.sync += [new.eq(old) for old, new in zip(ages, ages[1:], strict=False)]
            m.d.sync += ages[0].valid.eq(0)
        with m.Elif(self.close):
            m.d.sync += chosen[self.age].valid.eq(0)
        with m.Elif(self.open):
            m.d.sync += [ages[0].valid.eq(1), ages[0].neuron.eq(self.neuron)]
        return m
