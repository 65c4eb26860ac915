"""What every clock cycle of the network core shows, in arrays: the other writing of the cycle page.

=========== ====================================================================================
`memories`  what the core holds: memories and registers, as a host reads and writes them
`record`    the grid that the record is laid on, or a tally of phases where nobody wants a record
`queue`     entries of what is still to arrive: rows that are pushed
`releases`  with which efficacy plastic axons are
`walk`      WALK, run by run and synapse by synapse
`junctions` JUNCTIONS: what flows through gap junctions
`learning`  a learner: WALK with it, REPLAY, EPOCH, SETTLE, notes
`script`    records of groups, each with what belongs to it in the memories
`cells`     RUN of one group
`step`      one step, phase after phase; LOAD, ELECT, EMIT, EXTERNAL among them
`requests`  many requests of the host at once
`timeline`  a whole run on the grid: idle cycles, requests of the host, starts
`count`     cycles of steps without a record
=========== ====================================================================================

All is written from `docs/network-hardware.md`; values of cells are those of `golden.cells.evaluate`
on what the memories hold, whatever that is.
"""
