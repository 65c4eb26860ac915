"""Digits, learned by Shikhargupta's rule with its faults repaired.

As `shikhargupta`, and:

- A pixel that spikes after its cell leads the weight towards the lower bound, as was meant.
- Pixels that spike with their cell, or in the step before, are learned from, too.
- Whom the winner has silenced is not set free when something lowers them further.
- Who just reaches the threshold does not spike, as it does not win.
- That alone would silence all cells, as far more is taken from weights than is added. So a pixel
  after a spike takes an eighth of what it did, and one that has not spiked a quarter.
- A winner tires: it starts 2 lower from then on, of which it forgets a 64th part whenever an image
  begins. Else few cells win all.

Layers above the first see one axon at a time, that of a winner, so all is less in them.
"""

from dataclasses import dataclass, replace

from golden.builder import Network
from golden.cells.trace import Trace
from golden.cells.value import Value, select
from golden.datasets import load_dataset
from golden.examples.plastic.shikhargupta import (
    DURATION,
    Competitors,
    Integrates,
    Judges,
    Windowed,
    last,
    layers_of,
)

__all__ = ["DURATION", "layers", "network"]


@dataclass(frozen=True, kw_only=True)
class Tires(Integrates):
    """A cell that starts lower for every time that it has won."""

    strict: bool = True
    releases: bool = False
    tires: float = 2.0

    def rest(self, trace: Trace, wins: Value, begins: Value) -> Value:
        """Return minus how tired it is: word ``tired``, in the unit of ``p``."""
        tired = trace.state("tired", 26, 17, 0)
        tired = select(wins, tired + trace.constant("tires", self.tires, 12), tired)
        tired = select(begins, tired - tired.times2(-6).rounded(17), tired)
        trace.write("tired", tired)
        return trace.number(0) - tired.rounded(12)


RULE = Windowed(toward=-1.2, a_minus=0.1, silent=0.015, nearest=0)
FIRST = Competitors(Tires(), Judges(), RULE)
ABOVE = Competitors(Tires(share=10, tires=0.02), Judges(share=10), replace(RULE, silent=0.002))
"""What layers above the first are made of."""


def network(seed: int = 1, cells: str = "16", images: int = 10) -> Network:
    """Make it; ``cells`` are those of each layer, the first one first."""
    digits = load_dataset("digits", size=(28, 28)).train_images[:images]
    return last(layers(seed, cells), digits)


def layers(seed: int, cells: str) -> list[Network]:
    """Return the layers, which nobody shows anything."""
    return layers_of(seed, cells, FIRST, ABOVE)
