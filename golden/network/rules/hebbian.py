"""Hebb's rule by traces, as BindsNET has it: whatever comes close in time strengthens.

::

    at an arrival    w <- w + nu_pre y
    at a post spike  w <- w + nu_post x
"""

from dataclasses import dataclass

from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse


@dataclass(frozen=True, kw_only=True)
class Hebbian(Rule):
    """Strengthening only; the weight ends at ``w_max``.

    Parameters
    ----------
    nu_pre, nu_post : float
        What a pair changes, in the unit of the weight.
    tau : float
        ms, of both traces, which are set to 1 by a spike.
    """

    nu_pre: float = 0.01
    nu_post: float = 0.01
    tau: float = 20.0

    def on_pre(self, s: Synapse) -> None:
        """Strengthen by the last post."""
        s.w += s.amount("nu_pre", self.nu_pre) * s.post(self.tau, added=False)

    def on_post(self, s: Synapse) -> None:
        """Strengthen by the last arrival."""
        s.w += s.amount("nu_post", self.nu_post) * s.pre(self.tau, added=False)
