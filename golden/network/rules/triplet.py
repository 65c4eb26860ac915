"""STDP by triplets of spikes (J.-P. Pfister and W. Gerstner, Journal of Neuroscience 26, 2006).

::

    at an arrival    w <- w - y (a2_minus + a3_minus x_slow)
    at a post spike  w <- w + x (a2_plus + a3_plus y_slow)

x and y are traces of arrivals and posts, x_slow and y_slow slower ones of the same; all of them add
up, or are set, and x_slow and y_slow are read before the event itself marks them.
"""

from dataclasses import dataclass

from golden.network.rules.pair import PAIRS
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse, one_of


@dataclass(frozen=True, kw_only=True)
class TripletSTDP(Rule):
    """Spike-timing-dependent plasticity by triplets.

    Parameters
    ----------
    a2_plus, a2_minus : float
        What a pair changes, in the unit of the weight.
    a3_plus, a3_minus : float
        What a triplet changes beside it.
    tau_plus, tau_minus, tau_x, tau_y : float
        ms; of x and y, and of the slow traces.
    pairs : str
        "all" or "nearest".
    """

    a2_plus: float = 0.0
    a2_minus: float = 0.0071
    a3_plus: float = 0.0065
    a3_minus: float = 0.0
    tau_plus: float = 16.8
    tau_minus: float = 33.7
    tau_x: float = 101.0
    tau_y: float = 114.0
    pairs: str = "all"

    def on_pre(self, s: Synapse) -> None:
        """Depress."""
        y, slow = s.post(self.tau_minus, self._added), s.pre(self.tau_x, self._added)
        gain = s.amount("a2_minus", self.a2_minus) + s.amount("a3_minus", self.a3_minus) * slow
        s.w -= gain.factor() * y

    def on_post(self, s: Synapse) -> None:
        """Potentiate."""
        x, slow = s.pre(self.tau_plus, self._added), s.post(self.tau_y, self._added)
        gain = s.amount("a2_plus", self.a2_plus) + s.amount("a3_plus", self.a3_plus) * slow
        s.w += gain.factor() * x

    @property
    def _added(self) -> bool:
        return one_of(PAIRS, "pairs", self.pairs) == "all"
