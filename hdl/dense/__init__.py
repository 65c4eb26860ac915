"""`golden.dense` in gates: one component a stage.

Beside the stages of the table in :mod:`golden` stand

========== ==========================================================================
oriented   the parts of the receptive field of that name
windows    who spiked how many steps ago
layout     addresses: what lies where in the memories, and how wide an index is
registers  the register map: every parameter that can be changed at run time
probe      the record of one clock cycle, which the lock-step compares
host       the host's access to registers and memories
sequencer  the phases of a presentation
core       wires the stages
datasheet  the head of exported Verilog
========== ==========================================================================
"""
