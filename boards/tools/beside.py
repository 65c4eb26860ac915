"""The netlist of a pipeline, to be simulated beside golden.

It is made as the board's own builds are, products that are found in the logic included, and needs
the models of cells that come with yosys. They have none of the ECP5's multiplier, which is why one
stands here.
"""

from collections import Counter
from pathlib import Path

from amaranth.back import rtlil
from amaranth.lib import wiring

from boards.parts.design import platform
from boards.parts.families import TOP
from boards.tools import netlist
from boards.tools.alone import PARTS, PipelineOrder
from boards.tools.toolchain import ToolError

MULTIPLIERS = {"up5k": "SB_MAC16", "ecp5": "MULT18X18D"}


def made(order: PipelineOrder, design: wiring.Component, folder: Path) -> str:
    """Synthesise a pipeline with what is around it; return Verilog.

    Raises
    ------
    ToolError
        If a tool fails, or the multipliers are not those of the schedule.
    """
    part = PARTS[order.part]
    il = rtlil.convert(design, name=TOP, platform=platform(part.board), emit_src=False)
    verilog = netlist.netlist(part.board, il, folder, netlist.MODULE)
    kind, wanted = MULTIPLIERS[order.part], order.schedule.multipliers
    if (found := instances(verilog)[kind]) != wanted:
        raise ToolError(f"yosys must keep {wanted} {kind}, not {found}")
    return verilog + (multiplier() if order.part == "ecp5" else "")


def instances(verilog: str) -> Counter:
    """Count the cells of a netlist in Verilog by type."""
    words = (line.split() for line in verilog.splitlines())
    return Counter(line[0] for line in words if line)


def multiplier() -> str:
    """Return the ECP5's multiplier in Verilog, as far as `hdl.cells.product` uses it."""
    pins = [f"{name}{k}" for name in "AB" for k in range(18)]
    pins += [f"{name}{k}" for name in ("CE", "RST") for k in range(4)]
    pins += ["CLK0", "SIGNEDA", "SIGNEDB", "SOURCEA", "SOURCEB"]
    places = ("INPUTA", "INPUTB", "PIPELINE", "OUTPUT")
    parameters = [f"REG_{place}_{what}" for place in places for what in ("CLK", "CE", "RST")]
    parameters += ["GSR", "RESETMODE"]
    a, b, product = (
        ", ".join(f"{name}{k}" for k in reversed(range(size)))
        for name, size in (("A", 18), ("B", 18), ("P", 36))
    )
    outputs = ", ".join(f"P{k}" for k in range(36))
    return f"""
module MULT18X18D(input {", ".join(pins)}, output {outputs});
  parameter {", ".join(f'{name} = "NONE"' for name in parameters)};
  reg signed [17:0] a, b;
  reg signed [35:0] middle, last;
  wire signed [17:0] a_in = {{{a}}}, b_in = {{{b}}};
  wire signed [17:0] a_now = REG_INPUTA_CLK == "NONE" ? a_in : a;
  wire signed [17:0] b_now = REG_INPUTB_CLK == "NONE" ? b_in : b;
  wire signed [35:0] whole = a_now * b_now;
  wire signed [35:0] after = REG_PIPELINE_CLK == "NONE" ? whole : middle;
  always @(posedge CLK0) begin
    a <= a_in;
    b <= b_in;
    middle <= whole;
    last <= after;
  end
  assign {{{product}}} = REG_OUTPUT_CLK == "NONE" ? after : last;
endmodule
"""
