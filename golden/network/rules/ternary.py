"""Learning by three factors at once, as spikelearn's ternary synapses have three inputs.

::

    at a reward      w <- w + rate r x y

x and y are traces of the last arrival and the last post, and r is the reward of the target neuron,
its third input. Both orders of a pair count alike: all three must come close in time. With traces
that add up it is a product of `SumOfProducts`, ``(rate, ("r0", "x1", "y1"))``.
"""

from dataclasses import dataclass

from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse


@dataclass(frozen=True, kw_only=True)
class Ternary(Rule):
    """A product of arrivals, posts and a reward, whenever there is a reward.

    Parameters
    ----------
    rate : float
        What a reward of 1 changes if both traces are 1, in the unit of the weight.
    tau_pre, tau_post : float
        ms.
    """

    rate: float = 0.01
    tau_pre: float = 20.0
    tau_post: float = 20.0

    def on_reward(self, s: Synapse) -> None:
        """Move the weight by the product."""
        x, y = s.pre(self.tau_pre, added=False), s.post(self.tau_post, added=False)
        s.w += (s.amount("rate", self.rate) * s.reward).factor() * (x * y).factor()
