"""Inhibitory plasticity that holds a rate (T. P. Vogels et al., Science 334, 2011).

::

    at an arrival    w <- w + eta (y - alpha),    alpha = 2 target tau
    at a post spike  w <- w + eta x

x and y are traces of arrivals and posts of one time constant, of all spikes. Where inhibition is a
negative weight, eta is negative too.
"""

from dataclasses import dataclass

from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse


@dataclass(frozen=True, kw_only=True)
class InhibitorySTDP(Rule):
    """Symmetric plasticity with a target rate.

    Parameters
    ----------
    eta : float
        What a pair changes, in the unit of the weight.
    target : float
        Hz, of the postsynaptic neuron.
    tau : float
        ms.
    """

    eta: float = 0.01
    target: float = 5.0
    tau: float = 20.0

    def on_pre(self, s: Synapse) -> None:
        """Strengthen by the posts before, less what the target rate would leave of them."""
        alpha = 2 * self.target * self.tau / 1000
        s.w += s.amount("eta", self.eta) * s.post(self.tau) - s.amount("loss", self.eta * alpha)

    def on_post(self, s: Synapse) -> None:
        """Strengthen by the arrivals before."""
        s.w += s.amount("eta", self.eta) * s.pre(self.tau)
