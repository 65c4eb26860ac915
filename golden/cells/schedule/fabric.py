"""What a family of parts is made of, as far as it decides what fits into a clock cycle."""

from dataclasses import dataclass

from golden.cells.schedule.blocks import LARGE, SMALL, Modes, columns

LEVEL = 100
"""A lookup table and the wire to it: the unit of all delays is a hundredth of it."""


@dataclass(frozen=True)
class Fabric:
    """Numbers of a family.

    ``dataclasses.replace`` changes them: 1200 is a good budget for 24 MHz on the UP5K, 450 for 48.
    """

    name: str
    operand_bits: int
    """Widest factor of a product, 16 or 18."""
    budget: int
    """What may follow itself within one cycle, in hundredths of a lookup table; an operation that
    takes longer stands alone in a cycle."""
    carry: int
    """What a bit of a carry chain takes, in hundredths of a lookup table."""
    product_cycles: int
    """From the operands of a multiplication to its product, with a multiplier of its own."""
    table_cycles: int
    """From the index of a table to its entry."""
    word_cycles: int = 2
    """From the address of a word of cells to the pipeline: 2 with a register behind the memory, or
    1."""
    ports: int = 2
    """How often a word may be read from its memory: again, instead of being kept."""
    port_bits: int = 40
    """Registers that a second port must save."""
    modes: Modes = ()
    """Of its block memories; large ones are cut into columns that suit them."""

    def columns(self, words: int, width: int) -> tuple[int, ...]:
        """Return the bits of the memories, side by side, that a memory is made of."""
        return columns(words, width, self.modes)


GENERIC = Fabric("generic", 18, 450, 10, 1, 1)
UP5K = Fabric("up5k", 16, 450, 10, 1, 1, modes=SMALL)
ICE40HX = Fabric("ice40hx", 16, 450, 10, 4, 1, modes=SMALL)
"""It has no multipliers: products are made of lookup tables."""
ECP5 = Fabric("ecp5", 18, 300, 3, 2, 2, modes=LARGE)
"""What its memories show comes late in the cycle: a register behind them."""
GOWIN = Fabric("gowin", 18, 300, 5, 2, 2, modes=LARGE)
FABRICS = {fabric.name: fabric for fabric in (GENERIC, UP5K, ICE40HX, ECP5, GOWIN)}
"""By name."""
