"""Boards: bitstreams of the core behind its link, and the driver that talks to it.

From a board to its bitstream, ``python -m boards.build``, in `parts` (the first six) and `tools`:

==================== ========================================================
``board``            the boards by name; a small file a board says what it is
``description``      what such a file says
``dense``            what a dense core is made for, and its top level
``network``          what a network core is made for, and its top level
``chips``            the network chips of the boards
``fit``              whether a network's chip fits a part's memories
``families``         tools, cells and memories of a family of parts
``clocks``, ``plls`` dividers, and the clock behind a PLL
``design``           the core and its link between the pins
``size``             an estimate of the memories, before any tool has run
``toolchain``        where the tools are, and how they are run
``flow``             synthesis, place and route, packing
``speed``            images per second, by the cycle model
``report``           what was found out
``budget``           what a board may take
``estimate``         what a core would take, from what was built before
``bitstream``        all of these, for one board
``network``          the same for a network's chip
==================== ========================================================

From a board to what synthesis makes of it, ``python -m boards.gates``, in `tools` and `sessions`:

==================== ========================================================
``netlist``          the core, or all between the pins, as Verilog of cells
``lesson``           a device learns and answers beside golden
==================== ========================================================

From a cell to its pipeline alone, ``python -m boards.cells``, in `tools`:

==================== ========================================================
``harness``          memories around a pipeline, and four pins
``alone``            it is placed and counted
``beside``           it becomes a netlist, to be compared with golden
==================== ========================================================

From a board to what it has learned, ``python -m boards.run``, in `host` and `sessions`:

==================== ========================================================
``port``             a serial port, or anything that bytes go through
``simulated``        a built top level in simulation, as a port
``frames``           bytes of requests and replies
``link``             requests over a line that loses bytes, each done once
``info``             what a device says of itself
``memory``           words gathered into requests
``driver``           a device with any core: written, read, reset
``dense``            one with a dense core: load, learn, classify, read back
``network``          one with a network core: run, hear its spikes
``placed``           a network on it, which runs as an engine does
``readback``         a whole model from what a device holds
``session``          which device a command is about
``simulation``       the command `simulate`
``models``           the commands `classify`, `load` and `dump`
``training``         the command `train`
``progress``         how far it has come, in a checkpoint
==================== ========================================================
"""
