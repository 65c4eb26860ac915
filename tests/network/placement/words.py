"""Words cut into fields."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from golden.cells.program import Program


def fields(word: int, *widths: int) -> tuple[int, ...]:
    """Return the fields of a word, low bits first, unsigned."""
    found, at = [], 0
    for width in widths:
        found.append(int(word) >> at & ((1 << width) - 1))
        at += width
    return tuple(found)


def signed(word, width: int):
    """Return what a two's-complement word stands for."""
    sign = 1 << (width - 1)
    return ((np.asarray(word, np.int64) & ((1 << width) - 1)) ^ sign) - sign


def programmed(program: Program, constants: Mapping) -> Program:
    """Return a program with other constants; each must be within the program's range."""
    for name, held in program.formats.items():
        values = np.asarray(constants[name])
        assert held.low <= values.min() <= values.max() <= held.high, name
    held = [replace(c, values=np.asarray(constants[c.name])) for c in program.constants]
    return replace(program, constants=tuple(held))
