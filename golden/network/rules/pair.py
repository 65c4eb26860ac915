"""STDP by pairs of spikes (S. Song, K. D. Miller, L. F. Abbott, Nature Neuroscience 3, 2000).

::

    at an arrival    w <- w - a_minus d(w) y
    at a post spike  w <- w + a_plus p(w) x

x is the trace of arrivals, y that of post spikes: each decays with its own time constant, and rises
by 1 at a spike ("all": every spike counts) or is set to 1 ("nearest": only the last one does).
"""

from dataclasses import dataclass

from golden.cells.value import Value
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse, one_of

PAIRS = ("all", "nearest")
DEPENDENCES = ("additive", "multiplicative", "proportional")


@dataclass(frozen=True, kw_only=True)
class PairSTDP(Rule):
    """Spike-timing-dependent plasticity by pairs.

    Parameters
    ----------
    a_plus, a_minus : float
        What a pair without a distance in time changes: the weight, in its own unit, if it is
        additive; its share of ``w_max - w``, and of ``w - w_min``, if it is multiplicative; its
        share of itself, if it is proportional.
    tau_plus, tau_minus : float
        ms.
    pairs : str
        "all" or "nearest".
    dependence : str
        On the weight: "additive" (p = d = 1), "multiplicative" (p = w_max - w, d = w - w_min), or
        "proportional" (p = d = w; Neurapse's).
    """

    a_plus: float = 0.01
    a_minus: float = 0.0105
    tau_plus: float = 20.0
    tau_minus: float = 20.0
    pairs: str = "all"
    dependence: str = "additive"

    def on_pre(self, s: Synapse) -> None:
        """Depress by what is left of the posts before."""
        y = s.post(self.tau_minus, added=one_of(PAIRS, "pairs", self.pairs) == "all")
        s.w -= self._change(s, "a_minus", self.a_minus, y, s.w - s.low)

    def on_post(self, s: Synapse) -> None:
        """Potentiate by what is left of the arrivals before."""
        x = s.pre(self.tau_plus, added=one_of(PAIRS, "pairs", self.pairs) == "all")
        s.w += self._change(s, "a_plus", self.a_plus, x, s.high - s.w)

    def _change(self, s: Synapse, name: str, size: float, trace: Value, room: Value) -> Value:
        if one_of(DEPENDENCES, "dependence", self.dependence) == "additive":
            return s.amount(name, size) * trace
        change = (s.share(name, size) * trace).factor()
        return change * (s.w if self.dependence == "proportional" else room.factor())
