"""From a blueprint to a chip, and to what a host writes into it.

============= ===================================================================================
`extras`      currents and sources of spikes as parts of programs
`ranges`      ranges of values, proved again after a receptor's was narrowed
`kinds`       which groups run on one pipeline
`tenants`     groups in slots of kinds
`chains`      rows as chains of runs, and the widths that take the fewest bits
`junctions`   gap junctions as words
`able`        what no core can do
`placement`   who lies where; what is missing is said
`sizing`      the smallest chip that takes a network
`learned`     what synapses learn as words
`contents`    memories as arrays of words
`loading`     a state of the network as words, and back
`events`      what a host writes and sends from step to step
`flight`      how many places of the queue a run takes
`parts`       the parts of six boards
`report`      memory and cycles that a network needs, and whether a board's part takes it
============= ===================================================================================
"""

from golden.network.placement.placement import Placement
from golden.network.placement.sizing import Room, placed

__all__ = ["Placement", "Room", "placed"]
