"""Pipelines made from programs of cells: `golden.cells.schedule` says when, this room says how.

========== ===================================================================
`pipeline` the component: ports, registers, phases
`logic`    what an operation is in gates
`product`  a multiplier: an instance where the part has one
`tables`   memories that are only read
========== ===================================================================
"""

from hdl.cells.pipeline import Pipeline

__all__ = ["Pipeline"]
