"""Cells: a cell is a program of integer operations, its states and its parameters."""

from golden.cells.equations import Equations
from golden.cells.izhikevich import Izhikevich

__all__ = ["Equations", "Izhikevich"]
