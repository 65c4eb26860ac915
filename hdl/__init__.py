"""The same networks in gates: Amaranth components, one a stage, with golden's names and symbols.

========== ===============================================================================
room       what is in it
========== ===============================================================================
`numbers`  `golden.numbers` on Amaranth values
`parts`    components that know of no core
`cells`    pipelines made from programs of cells
`dense`    the stages of the table in :mod:`golden`, the same stems; see there for the rest
`network`  a core for networks of any cells
`link`     a core behind a serial line
`wrappers` the dense core behind AXI or Wishbone
`handover` the Verilog, and what goes with it to a hardware engineer
`verilog`  RTLIL and Verilog of any component
========== ===============================================================================

At the top stands the command `export`; `network_sheet` is the data sheet of a network core.
``docs/hardware.md`` and ``docs/network-hardware.md`` say what happens in every clock cycle.
"""
