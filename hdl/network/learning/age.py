"""Steps since a spike, and values as they were some cycles ago."""

from typing import NamedTuple

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import data

from golden.network.rules.decays import AGE_BITS, AGE_MOST
from golden.network.rules.interface import LAST_BITS
from hdl.parts.delay import delayed

CLIPPED = 2
"""Cycles from the step of a spike to the age since then."""


class Elapsed(NamedTuple):
    """Steps from a spike to another step."""

    age: Value
    """Two cycles later: at most `AGE_MOST`, which it is also if there was no spike."""
    before: Value
    """A cycle later: whether the other step is earlier than that of a spike that there was."""


def elapsed(m: Module, now: Value, past: data.View) -> Elapsed:
    """Return the steps since a past's last spike."""
    gone = Signal(LAST_BITS, name="gone", reset_less=True)
    age = Signal(AGE_BITS, name="age", reset_less=True)
    there = delayed(m, past.there, reset_less=True)
    recent = there & ~gone[AGE_BITS:].any()
    m.d.sync += [gone.eq(now - past.last), age.eq(Mux(recent, gone[:AGE_BITS], AGE_MOST))]
    return Elapsed(age, there & gone[-1])


class DelayLine:
    """A value, and registers behind it as far as somebody wants it later."""

    def __init__(self, m: Module, value: Value):
        self.m, self.values = m, [value]

    def at(self, n_cycles: int) -> Value:
        """Return the value as it was ``n_cycles`` ago."""
        while len(self.values) <= n_cycles:
            self.values.append(delayed(self.m, self.values[-1], reset_less=True))
        return self.values[n_cycles]
