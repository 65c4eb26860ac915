"""Random lives of the battery's network cores: other contents, starts, spikes and requests."""

from dataclasses import replace

import numpy as np

from golden.network.interface import COUNTER_BITS, registers
from golden.network.timing.memories import CELLS, Memories
from sim.battery.chip_case import ChipCase, case_of
from sim.battery.chips import random_contents
from sim.battery.cores import CORES, chip, rest
from sim.battery.groups import arrange


def network_life(name: str, number: int) -> ChipCase:
    """Return a life of a core: always the same one.

    A core whose cells begin at rest has its own groups, and nobody writes into its cells: what
    follows stays within what their programs are proved for.
    """
    core, random = CORES[name], np.random.default_rng([number, CORES[name].seed, 8])
    contents = random_contents(chip(name), random)
    _near_powers(contents, np.random.default_rng([number, core.seed, 9]))
    if not core.rested:
        return case_of(contents, number, random)
    arrange(contents, core.groups)
    rest(contents)
    made = case_of(contents, number, random)
    apart = [request for request in made.asked if request.region < CELLS or not request.write]
    return replace(made, asked=tuple(apart))


def _near_powers(contents: Memories, random: np.random.Generator) -> None:
    """Let half of the counters be where the next case carries over many bits, or none fits."""
    for name, bits in registers(contents.chip).items():
        if bits == COUNTER_BITS and random.integers(2):
            contents.registers[name] = (1 << int(random.integers(COUNTER_BITS + 1))) - 1
