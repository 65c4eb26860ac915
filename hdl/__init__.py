"""The same network in gates: Amaranth components, one a stage, with golden's names and symbols.

``docs/hardware.md`` says what happens in every clock cycle. The stages are those of the table in
:mod:`golden`; beside them stand

========== ==========================================================================
formats    `golden.numbers.formats` on Amaranth values
oriented   the parts of the receptive field of that name
windows    who spiked how many steps ago
layout     addresses: what lies where in the memories, and how wide an index is
registers  the register map: every parameter that can be changed at run time
memory     the weight memory's two forms, block RAM and the UP5K's single-port SPRAM
probe      the record of one clock cycle, which the lock-step compares
host       the host's access to registers and memories
sequencer  the phases of a presentation
core       wires the stages
export     ``python -m hdl.export``: Verilog
========== ==========================================================================
"""
