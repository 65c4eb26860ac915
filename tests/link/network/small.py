"""A chip for tests of the link: what it is made for, and nothing behind it."""

from golden.cells import Izhikevich
from golden.cells.schedule import GENERIC
from golden.network.chip import Chip, Kind

PROGRAM = Izhikevich().program(1.0)
CHIP = Chip(
    kinds=(Kind("cell", PROGRAM, slots=20, inlet_bits=(24,) * len(PROGRAM.receptors)),),
    fabric=GENERIC,
    script_words=32,
    axons=300,
    runs=64,
    synapses=256,
    queue=16,
    count_bits=4,
    gap_bits=4,
    family_bits=2,
    weight_bits=8,
    family_weight_bits=0,
)
