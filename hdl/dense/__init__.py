"""`golden.dense` in gates: one component a stage.

Beside the stages of the table in :mod:`golden` stand

========== ==========================================================================
gradient   length and direction of an image's gradient, for the field of oriented cells
oriented   the cells of that field
windows    who spiked how many steps ago
registers  the registers: every parameter that can be changed at run time
host       the host's access to registers and memories
rule       whether a pixel spikes in a step, by the rule of the encoder
sequencer  the phases of a presentation
core       wires the stages
datasheet  the head of exported Verilog
========== ==========================================================================

Streams, record, regions and addresses are those of :mod:`golden.dense.interface`.
"""
