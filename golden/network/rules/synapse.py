"""What the text of a rule is given: a synapse, with the traces of its two neurons.

=========================== ====================================================================
written                     gives
=========================== ====================================================================
``s.w``                     the weight; assigned, it is rounded to its format and kept within its
                            bounds, and what is read afterwards is the new one
``s.low, s.high``           its bounds
``s["tag"]``                a variable of the rule, read and assigned likewise
``s.pre(tau, added)``        what is left of the arrivals of its presynaptic neuron's spikes
``s.post(tau, added)``       what is left of its postsynaptic neuron's spikes; ``tau`` in ms
``s.amount("a", x, of)``    a constant in the unit of the weight, for the weight or a variable
``s.share("eta", x, of)``   a constant without a unit
=========================== ====================================================================

A trace is e**(-age/tau), of the last spike alone; or, if it is ``added``, the sum of these of all
spikes. At an event it is what it was before the event itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.cells.program import FAR, Scale
from golden.cells.trace import OPERAND_BITS, Trace
from golden.cells.value import Value
from golden.network.rules.decays import AGE_MOST, LONGEST, fraction, left, shares
from golden.network.rules.rule import Rule

WEIGHT = "w"
SENT = "sent"
"""What an arrival transmits, in the receptor's format."""
PURPOSES = {"pre": 96, "post": 104, "epoch": 112}
"""First purposes of random words (`golden.numbers.hash`), by event; below are a cell's own."""
DRAWS = 8
"""Random words of a program at most."""
RANDOM_BITS = 16
"""Of what is added before a weight is rounded down, if its rounding is random."""


def one_of(choices: tuple[str, ...], name: str, value: object) -> object:
    """Return a choice.

    Raises
    ------
    ValueError
        If it is none.
    """
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value}")
    return value


@dataclass(frozen=True, slots=True)
class Variable:
    """A word that a synapse keeps beside its weight, in the unit of that.

    It starts at ``start``, and stays within ``low`` and ``high``.
    """

    name: str
    low: float
    high: float
    bits: int = 16
    start: float = 0.0


@dataclass(frozen=True, slots=True)
class LearnedWord:
    """A word that a synapse keeps, as integers."""

    name: str
    low: int
    high: int
    scale: Scale

    @classmethod
    def of(cls, name: str, ends: tuple[float, float], bits: int, unit: Any, measure: str):
        """Return a word of so many bits for a range, in the finest format that holds it."""
        magnitude = max(map(abs, ends)) / unit
        point = bits - 1 - int(np.frexp(magnitude)[1])
        if np.rint(magnitude * 2.0**point) >= 1 << (bits - 1):
            point -= 1
        scale = Scale(point, unit, measure=measure)
        low, high = (int(scale.integer(end)) for end in ends)
        return cls(name, low, high, scale)


@dataclass(frozen=True, slots=True)
class TraceWord:
    """A trace of one side, "pre" or "post"."""

    side: str
    tau: float
    """Steps."""
    added: bool

    @property
    def name(self) -> str:
        """Of the word that is kept, if it is added: of all that is equal there is one."""
        return f"{self.side} {self.tau!r}"

    def format(self, operand_bits: int) -> tuple[int, int]:
        """Return the point of an added trace, and its largest value.

        It is largest with a spike in every step: ``r(most left[1]) + one`` is then no more than
        ``most``.
        """
        point = fraction(operand_bits)
        whole, (share,) = 1 << point, shares(self.tau, 1, 1, 1, point)
        while point >= 0 and share < whole:
            most = -(-((1 << point) + 1) * whole // (whole - share))
            if most < 1 << (operand_bits - 1):
                return point, most
            point -= 1
        raise ValueError(f"a trace must be shorter than {self.tau:g} steps to be added up")


class Synapse:
    """Collects what a text does at one event; see the table above."""

    def __init__(self, rule: Rule, event: str, dt: float, words: tuple[LearnedWord, ...]):
        self.rule, self.event = rule, event
        self.trace = Trace(dt, OPERAND_BITS, purpose=PURPOSES[event])
        self.words = {word.name: word for word in words}
        self.now = {
            word.name: self.trace.given(word.name, word.low, word.high, word.scale.point)
            for word in words
        }
        self.traces: dict[TraceWord, None] = {}

    @property
    def low(self) -> Value:
        """The lower bound of the weight."""
        return self.trace.number(self.words[WEIGHT].low, self.words[WEIGHT].scale.point)

    @property
    def high(self) -> Value:
        """The upper bound of the weight."""
        return self.trace.number(self.words[WEIGHT].high, self.words[WEIGHT].scale.point)

    @property
    def w(self) -> Value:
        """The weight."""
        return self[WEIGHT]

    @w.setter
    def w(self, value: Value) -> None:
        self[WEIGHT] = value

    def __getitem__(self, name: str) -> Value:
        return self.now[self._known(name).name]

    def __setitem__(self, name: str, value: Value) -> None:
        word = self._known(name)
        point = word.scale.point
        if self.rule.rounding == "random" and value.point > point:
            fine = point + min(RANDOM_BITS, value.point - point)
            drawn = self.trace.random(fine - point).times2(-fine)
            value = (value.floored(fine) + drawn).floored(point)
        self.now[name] = value.rounded(point).clipped(word.low, word.high)

    def _known(self, name: str) -> LearnedWord:
        if name not in self.words:
            raise ValueError(f"a variable of a rule must be {' or '.join(self.words)}, not {name}")
        return self.words[name]

    def pre(self, tau: float, added: bool = True) -> Value:
        """Return a trace of arrivals; ``tau`` in ms."""
        return self._left("pre", tau, added)

    def post(self, tau: float, added: bool = True) -> Value:
        """Return a trace of post spikes; ``tau`` in ms."""
        return self._left("post", tau, added)

    def _left(self, side: str, tau: float, added: bool) -> Value:
        if not 0 < tau < FAR:
            raise ValueError(f"tau of a trace must be above 0 ms, not {tau:g} ms")
        word = TraceWord(side, tau / self.trace.dt, added)
        if word.tau > LONGEST:
            raise ValueError(
                f"tau of a trace must be at most {LONGEST} steps of {self.trace.dt:g} ms, "
                f"not {tau:g} ms"
            )
        self.traces[word] = None
        share = left(age(self.trace, side), word.tau)
        if not added:
            return share
        stored = kept(self.trace, word)
        return (stored * share).rounded(stored.point)

    def amount(self, name: str, value: float, of: str = WEIGHT) -> Value:
        """Return a constant in the weight's unit; one that moves no ``of`` is refused."""
        word = self._known(of)
        size = value / word.scale.unit
        self._moves(name, value, abs(size) * 2.0**word.scale.point, of)
        return self.trace.constant(name, size)

    def share(self, name: str, value: float, of: str = WEIGHT) -> Value:
        """Return a constant without a unit; one that moves no ``of`` is refused."""
        word = self._known(of)
        self._moves(name, value, abs(value) * (word.high - word.low), of)
        return self.trace.constant(name, value)

    def _moves(self, name: str, value: float, places: float, of: str) -> None:
        """Refuse a gain that is not 0 but moves a word by less than half of its last place."""
        if value and places < 0.5 and self.rule.rounding != "random":
            raise ValueError(
                f"{name} must be at least {abs(value) * 0.5 / places:.3g} for the bits of {of}, "
                f"not {abs(value):g}: it is lost"
            )


def age(trace: Trace, side: str) -> Value:
    """Return the steps since the last arrival, or the last post spike."""
    return trace.given(f"{side} age", 0, AGE_MOST, 0)


def kept(trace: Trace, word: TraceWord) -> Value:
    """Return an added trace as it was after its last spike."""
    point, most = word.format(trace.operand_bits)
    return trace.given(word.name, 0, most, point)
