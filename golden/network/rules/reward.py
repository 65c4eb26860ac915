"""Learning by reward (R. V. Florian, Neural Computation 19, 2007; BindsNET's MSTDP and MSTDPET).

::

    MSTDP, at an arrival        w <- w - r a_minus y
           at a post spike      w <- w + r a_plus x

    MSTDPET, at an arrival      e <- e - a_minus y
             at a post spike    e <- e + a_plus x
             at a reward        w <- w + r e

x and y are traces of arrivals and posts, added up, and r is the last reward. Between its events e
decays with its own time constant. MSTDP multiplies each pair by the reward that is in force when
it is completed, MSTDPET by all that come later.
"""

from dataclasses import dataclass

from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse
from golden.network.rules.words import Variable


@dataclass(frozen=True, kw_only=True)
class MSTDP(Rule):
    """STDP by pairs, times the last reward.

    Parameters
    ----------
    a_plus, a_minus : float
        What a pair changes for a reward of 1, in the unit of the weight.
    tau_plus, tau_minus : float
        ms.
    """

    a_plus: float = 0.01
    a_minus: float = 0.0105
    tau_plus: float = 20.0
    tau_minus: float = 20.0

    def on_pre(self, s: Synapse) -> None:
        """Depress, if the reward is positive."""
        y = s.post(self.tau_minus)
        s.w -= (s.amount("a_minus", self.a_minus) * y).factor() * s.reward

    def on_post(self, s: Synapse) -> None:
        """Potentiate, if the reward is positive."""
        x = s.pre(self.tau_plus)
        s.w += (s.amount("a_plus", self.a_plus) * x).factor() * s.reward


@dataclass(frozen=True, kw_only=True)
class MSTDPET(Rule):
    """STDP by pairs into an eligibility ``e``, which a reward turns into weight.

    Parameters
    ----------
    a_plus, a_minus : float
        What a pair changes in ``e``, and a reward of 1 at once in the weight, in its unit.
    tau_plus, tau_minus, tau_e : float
        ms.
    e_max : float
        Largest magnitude of ``e``.
    """

    a_plus: float = 0.01
    a_minus: float = 0.0105
    tau_plus: float = 20.0
    tau_minus: float = 20.0
    tau_e: float = 200.0
    e_max: float = 1.0

    def kept(self) -> tuple[Variable, ...]:
        """Return the eligibility."""
        return (Variable("e", -self.e_max, self.e_max, bits=18, tau=self.tau_e),)

    def on_pre(self, s: Synapse) -> None:
        """Lower the eligibility."""
        s["e"] -= s.amount("a_minus", self.a_minus, "e") * s.post(self.tau_minus)

    def on_post(self, s: Synapse) -> None:
        """Raise the eligibility."""
        s["e"] += s.amount("a_plus", self.a_plus, "e") * s.pre(self.tau_plus)

    def on_reward(self, s: Synapse) -> None:
        """Move the weight."""
        s.w += s.reward * s["e"].factor()
