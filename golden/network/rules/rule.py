"""What a rule is: parameters, and texts that say what happens to a synapse at an event."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from golden.network.rules.synapse import Synapse
    from golden.network.rules.words import Variable


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How the synapses of a connection learn; given to `Network.connect`.

    A rule is a frozen dataclass whose fields are its parameters: numbers. `on_pre` and `on_post`
    are written with operators on `golden.cells.value.Value`; what they may read and write is said
    in `golden.network.rules.synapse`.

    Parameters
    ----------
    w_min, w_max : float
        Within which the weight stays, in the unit of the target's receptor.
    bits : int
        Of the weight while it learns, 2 to 18, its sign with them: the larger of the two bounds
        fills them. What it transmits is rounded to the receptor's format.
    rounding : str
        Of the weight when it is written: "nearest", or "random", by a random word.
    every : float
        ms from one epoch to the next; 0: there are none.
    norm : float
        What the magnitudes of a target's weights add up to after each epoch, in the unit of the
        weight; 0: whatever they have come to.
    """

    w_min: float = 0.0
    w_max: float = 1.0
    bits: int = 16
    rounding: str = "nearest"
    every: float = 0.0
    norm: float = 0.0

    variables: ClassVar[tuple["Variable", ...]] = ()
    """What a synapse keeps beside its weight."""

    def kept(self) -> tuple["Variable", ...]:
        """Return ``variables``; a rule whose parameters say what they are returns its own."""
        return self.variables

    @property
    def acts_at_rewards(self) -> bool:
        """Whether a reward is an event of its synapses, at which `on_reward` does something."""
        return type(self).on_reward is not Rule.on_reward

    def on_pre(self, s: "Synapse") -> None:
        """Say what a presynaptic spike does when it arrives, before the weight is transmitted."""

    def on_post(self, s: "Synapse") -> None:
        """Say what a postsynaptic spike does."""

    def on_reward(self, s: "Synapse") -> None:
        """Say what a reward does to every synapse, before the arrivals of its step."""

    def on_epoch(self, s: "Synapse") -> None:
        """Say what is done to every synapse in the last step of each epoch, after arrivals."""
