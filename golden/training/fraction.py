"""How many places ``theta`` needs behind its point, so that a rise is not rounded away.

``theta_plus`` is a whole number of ``2**-theta_shift``. Few bits of a weight and few neurons make
it small, and rounding then makes one rise twice as high as another. So a recipe for fewer of them
has a finer ``theta``.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from golden.dense.params import Params
from golden.training.recipe_file import DECLARED, RECIPE_BITS, PhaseFile, RecipeFile

N_IMAGES = 60_000
"""Training images of an epoch, MNIST's, where a core is made before there is a data set: the first
value of its ``theta_plus`` follows from them, and its ``theta_shift``."""
FINE = 16
"""What ``theta_plus`` should at least be: rounding changes that by one part in 32 at most."""


def places(files: Iterable[RecipeFile], shape: dict[str, Any], fixed: dict[str, Any]) -> int:
    """Return the ``theta_shift`` of a preset with changes, the same for all of its recipes.

    The least with which no phase's ``theta_plus`` is below `FINE`, if an epoch has `N_IMAGES`. A
    ``theta_plus`` that a recipe names need not be larger than with 8 bits, where it is exact. A
    preset that names ``theta_shift`` is content with what its own numbers, without changes, give
    with it: less than that its ``theta_plus`` need not be either, nor is it.

    Parameters
    ----------
    files
        The preset's recipes.
    shape, fixed
        What the preset says, without changes and with them. Epochs are the recipes' own: a core is
        made before anybody says how long it will learn.
    """
    stated = shape.get("theta_shift")
    found, most = stated or 0, DECLARED["theta_shift"].range()[1]
    for file in files:
        for phase in file.phases:
            asked = _asked(file, phase, fixed)
            enough = Fraction(FINE)
            if phase.rise is None:
                enough = min(enough, Fraction(phase.values.get("theta_plus", 0)))
            if stated is not None:
                own = _asked(file, phase, shape)
                enough = min(enough, own * (1 << stated))
            while asked and asked * (1 << found) < enough and found < most:
                found += 1
    return found


def _asked(file: RecipeFile, phase: PhaseFile, shape: dict[str, Any]) -> Fraction:
    """Return what a phase asks ``theta_plus`` to be, in weight steps, not rounded."""
    step = Fraction(2) ** (shape["weight_bits"] - RECIPE_BITS)
    if phase.rise is None:
        return step * phase.values.get("theta_plus", 0)
    presentations = Fraction(
        N_IMAGES * file.epochs * phase.share, sum(p.share for p in file.phases)
    )
    n_neurons = shape.get("n_neurons", Params.__dataclass_fields__["n_neurons"].default)
    return Fraction(step * phase.rise * n_neurons, presentations)
