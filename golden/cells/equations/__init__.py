"""Cells from equation strings.

A text goes through these files in this order: `lines` (statements), `parse` (expressions and their
dimensions), `dynamics` (names and units checked), `integrate` (an integrator for each variable),
`formats` (bits for each variable), `algebra`, `compile` and `lookup` (expressions as operations and
tables),
`write` (a step), `report` (what was lost). `floats` is the same in float64.
"""

from golden.cells.equations.equations import Equations

__all__ = ["Equations"]
