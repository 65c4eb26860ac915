"""Simulation: the hardware against the model, in every clock cycle.

========== ================================================================================
room       what is in it
========== ================================================================================
`targets`  simulators that run a core, all alike
`records`  what is compared, and how a difference is shown
`jobs`     what is run: of any core, and a network that is loaded, learns, and is read back
`battery`  what faults are sought with
`mutation` random faults in a netlist, and what becomes of them
`device`   a device in Python, written from ``docs/link.md``
`traffic`  what is sent over a line to break it
========== ================================================================================

At the top stand the commands: `lockstep`, `networks`, `chips`, `zoo`, `epoch`, `faults`, `mutants`,
`fuzz`.
"""
