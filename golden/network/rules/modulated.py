"""Learning by three factors: STDP by pairs, times what is left of all rewards (spikelearn's).

::

    at an arrival    w <- w - m a_minus y
    at a post spike  w <- w + m a_plus x

x, y and m are traces of arrivals, posts and rewards, added up: a reward is a dose of what modulates
learning, and wears off.
"""

from dataclasses import dataclass

from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse


@dataclass(frozen=True, kw_only=True)
class ModulatedSTDP(Rule):
    """STDP by pairs, times a trace of rewards.

    Parameters
    ----------
    a_plus, a_minus : float
        What a pair changes while the trace of rewards is 1, in the unit of the weight.
    tau_plus, tau_minus, tau_m : float
        ms; of arrivals, posts and rewards.
    """

    a_plus: float = 0.01
    a_minus: float = 0.0105
    tau_plus: float = 20.0
    tau_minus: float = 20.0
    tau_m: float = 100.0

    def on_pre(self, s: Synapse) -> None:
        """Depress, if the trace of rewards is positive."""
        y, m = s.post(self.tau_minus), s.modulator(self.tau_m)
        s.w -= (s.amount("a_minus", self.a_minus) * y).factor() * m

    def on_post(self, s: Synapse) -> None:
        """Potentiate, if the trace of rewards is positive."""
        x, m = s.pre(self.tau_plus), s.modulator(self.tau_m)
        s.w += (s.amount("a_plus", self.a_plus) * x).factor() * m
