"""Random lives of the battery's network cores: other contents, starts, spikes and requests."""

from dataclasses import replace

import numpy as np

from golden.network.timing.memories import CELLS
from sim.battery.chip_case import ChipCase, case_of
from sim.battery.chips import random_contents
from sim.battery.cores import CORES, arrange, chip, rest


def network_life(name: str, number: int) -> ChipCase:
    """Return a life of a core: always the same one.

    A core whose cells begin at rest has its own groups, and nobody writes into its cells: what
    follows stays within what their programs are proved for.
    """
    core, random = CORES[name], np.random.default_rng([number, CORES[name].seed, 8])
    contents = random_contents(chip(name), random)
    if not core.rested:
        return case_of(contents, number, random)
    arrange(contents, core.groups)
    rest(contents)
    made = case_of(contents, number, random)
    apart = [request for request in made.asked if request.region < CELLS or not request.write]
    return replace(made, asked=tuple(apart))
