"""STDP on the derivative of the weight (E. M. Izhikevich, Neural Computation 18, 2006).

::

    at an arrival    sd <- sd - a_minus y
    at a post spike  sd <- sd + a_plus x
    every epoch      w <- w + drift + sd,    sd <- keep sd

x and y are traces of the last arrival and the last post. In the published program they lose 5 % in
a step of 1 ms, and are 0.1 and 0.12 in the first one in which they are read: there an arrival reads
a post of the step before, so that ``a_minus`` is 0.12 / 0.95. Its epoch, a second, ends before the
posts of its last step.
"""

from dataclasses import dataclass, replace
from math import log
from typing import ClassVar

from golden.cells.value import Value, select
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse
from golden.network.rules.words import Variable

TAU = -1 / log(0.95)
"""ms, of what loses 5 % in 1 ms."""


@dataclass(frozen=True, kw_only=True)
class DerivativeSTDP(Rule):
    """STDP that moves the weight's derivative ``sd``; the weight follows once an epoch.

    Parameters
    ----------
    a_plus, a_minus : float
        In the unit of the weight.
    tau_plus, tau_minus : float
        ms.
    drift : float
        What is added to every weight in an epoch.
    keep : float
        Share of the derivative that is left after an epoch.
    sd_bits : int
        Of the derivative, 2 to 18, its sign with them.
    fading : bool
        Whether what is left of the derivative is rounded towards 0: rounded to nearest, five of its
        last places stay five for ever, which with few bits moves the weight more than the drift.
    """

    w_max: float = 10.0
    every: float = 1000.0
    a_plus: float = 0.1
    a_minus: float = 0.12 / 0.95
    tau_plus: float = TAU
    tau_minus: float = TAU
    drift: float = 0.01
    keep: float = 0.9
    sd_bits: int = 18
    fading: bool = False

    variables: ClassVar[tuple[Variable, ...]] = (Variable("sd", -8.0, 8.0),)

    def kept(self) -> tuple[Variable, ...]:
        """Return the derivative, in its bits."""
        return tuple(replace(variable, bits=self.sd_bits) for variable in self.variables)

    def on_pre(self, s: Synapse) -> None:
        """Lower the derivative."""
        s["sd"] -= s.amount("a_minus", self.a_minus, "sd") * s.post(self.tau_minus, added=False)

    def on_post(self, s: Synapse) -> None:
        """Raise the derivative."""
        s["sd"] += s.amount("a_plus", self.a_plus, "sd") * s.pre(self.tau_plus, added=False)

    def on_epoch(self, s: Synapse) -> None:
        """Move the weight; forget a share of the derivative."""
        s.w += s.amount("drift", self.drift) + s["sd"]
        left = s.share("keep", self.keep, "sd") * s["sd"]
        s["sd"] = _faded(left, s["sd"].point) if self.fading else left


def _faded(value: Value, point: int) -> Value:
    """Return a value rounded towards 0."""
    nothing = value.trace.number(0)
    almost = value.trace.number((1 << (value.point - point)) - 1, value.point)
    return select(value < nothing, value + almost, value).floored(point)
