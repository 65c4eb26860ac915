"""When a pipeline does what: a program of one step, laid out in clock cycles.

========== =====================================================================================
`fabric`   what a family of parts is made of, in numbers
`blocks`   its block memories, and how wide memories are cut into columns of bits
`dataflow` operations as gates do them, and how they hang together
`lowering` a program turned into operations
`rounding` roundings that become the carry of an adder
`delays`   how long an operation takes, in hundredths of a lookup table
`planner`  where every operation stands
`registers` what it costs to keep values until they are used
`schedule` the result: what the cycle model and gates are made from
========== =====================================================================================

Everything is Python integers, so that the same program gives the same pipeline on every machine.
"""

from golden.cells.schedule.fabric import ECP5, FABRICS, GENERIC, GOWIN, ICE40HX, UP5K, Fabric
from golden.cells.schedule.schedule import Schedule, Word, scheduled

__all__ = [
    "ECP5",
    "FABRICS",
    "GENERIC",
    "GOWIN",
    "ICE40HX",
    "UP5K",
    "Fabric",
    "Schedule",
    "Word",
    "scheduled",
]
