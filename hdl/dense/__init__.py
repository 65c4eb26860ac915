"""`golden.dense` in gates: one component a stage.

Beside the stages of the table in :mod:`golden` stand

========== ==========================================================================
oriented   the parts of the receptive field of that name
windows    who spiked how many steps ago
registers  the registers: every parameter that can be changed at run time
host       the host's access to registers and memories
sequencer  the phases of a presentation
core       wires the stages
datasheet  the head of exported Verilog
========== ==========================================================================

Streams, record, regions and addresses are those of :mod:`golden.dense.interface`.
"""
