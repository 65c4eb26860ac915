"""Learning by error (spikelearn's MSERule): a reward is what the trace of posts should have been.

::

    at a reward      w <- w + rate (r - y) x

x and y are traces of arrivals and posts, added up, and r is the reward of the target neuron.
"""

from dataclasses import dataclass

from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse


@dataclass(frozen=True, kw_only=True)
class MSE(Rule):
    """Descent of the squared error of a trace, whenever a reward says what it should be.

    Parameters
    ----------
    rate : float
        What an error of 1 changes for a trace of 1, in the unit of the weight.
    tau_pre, tau_post : float
        ms.
    """

    rate: float = 0.01
    tau_pre: float = 20.0
    tau_post: float = 20.0

    def on_reward(self, s: Synapse) -> None:
        """Move the weight by the error."""
        error = (s.reward - s.post(self.tau_post)).factor()
        s.w += (s.amount("rate", self.rate) * s.pre(self.tau_pre)).factor() * error
