"""The PLLs of the parts as instances, with the same arguments; see `boards.parts.clocks.Clock`."""

from amaranth.hdl import Const, Instance, Module, Signal
from amaranth.lib import io

from boards.parts.clocks import Dividers

FILTER_RANGES = (17, 26, 44, 66, 101)
"""MHz at the comparator of an iCE40 from which the next filter is used."""


def ice40_core(m: Module, platform, dividers: Dividers, clock: Signal, locked: Signal) -> None:
    """Feed an SB_PLL40_CORE from the fabric: any input pin will do."""
    m.submodules.buffer = buffer = io.Buffer("i", platform.request(platform.default_clk, dir="-"))
    m.submodules.pll = Instance(
        "SB_PLL40_CORE", i_REFERENCECLK=buffer.i, **_ice40(dividers, clock, locked)
    )


def ice40_pad(m: Module, platform, dividers: Dividers, clock: Signal, locked: Signal) -> None:
    """Feed an SB_PLL40_PAD from its own pin, which cannot be an input then."""
    pin = platform.request(platform.default_clk, dir="-")
    m.submodules.pll = Instance(
        "SB_PLL40_PAD", i_PACKAGEPIN=pin.io, **_ice40(dividers, clock, locked)
    )


def _ice40(dividers, clock, locked):
    compared = dividers.compared_hz / 1_000_000
    return {
        "p_FEEDBACK_PATH": "SIMPLE",
        "p_DIVR": Const(dividers.reference - 1, 4),
        "p_DIVF": Const(dividers.feedback - 1, 7),
        "p_DIVQ": Const(dividers.output.bit_length() - 1, 3),
        "p_FILTER_RANGE": Const(1 + sum(compared >= limit for limit in FILTER_RANGES), 3),
        "i_RESETB": Const(1),
        "i_BYPASS": Const(0),
        "o_PLLOUTGLOBAL": clock,
        "o_LOCK": locked,
    }


def ecp5(m: Module, platform, dividers: Dividers, clock: Signal, locked: Signal) -> None:
    """Use an EHXPLLL with its main output fed back."""
    m.submodules.buffer = buffer = io.Buffer("i", platform.request(platform.default_clk, dir="-"))
    m.submodules.pll = Instance(
        "EHXPLLL",
        a_ICP_CURRENT="12",
        a_LPF_RESISTOR="8",
        a_MFG_ENABLE_FILTEROPAMP="1",
        a_MFG_GMCREF_SEL="2",
        p_CLKI_DIV=dividers.reference,
        p_CLKFB_DIV=dividers.feedback,
        p_CLKOP_DIV=dividers.output,
        p_CLKOP_ENABLE="ENABLED",
        p_CLKOP_CPHASE=(dividers.output - 1) // 2,
        p_FEEDBK_PATH="CLKOP",
        i_CLKI=buffer.i,
        i_CLKFB=clock,
        i_RST=Const(0),
        i_STDBY=Const(0),
        i_PLLWAKESYNC=Const(0),
        i_PHASESEL0=Const(0),
        i_PHASESEL1=Const(0),
        i_PHASEDIR=Const(1),
        i_PHASESTEP=Const(1),
        i_PHASELOADREG=Const(1),
        i_ENCLKOP=Const(0),
        o_CLKOP=clock,
        o_LOCK=locked,
    )


def gowin(m: Module, platform, dividers: Dividers, clock: Signal, locked: Signal) -> None:
    """Use an rPLL with its output fed back inside."""
    m.submodules.buffer = buffer = io.Buffer("i", platform.request(platform.default_clk, dir="-"))
    in_hz = dividers.compared_hz * dividers.reference
    zeros = {f"i_{name}": Const(0, 6) for name in ("FBDSEL", "IDSEL", "ODSEL")}
    zeros |= {f"i_{name}": Const(0, 4) for name in ("PSDA", "DUTYDA", "FDLY")}
    zeros |= {f"i_{name}": Const(0) for name in ("RESET", "RESET_P", "CLKFB")}
    m.submodules.pll = Instance(
        "rPLL",
        p_DEVICE=platform.family,
        p_FCLKIN=f"{float(in_hz) / 1e6:g}",
        p_IDIV_SEL=dividers.reference - 1,
        p_FBDIV_SEL=dividers.feedback - 1,
        p_ODIV_SEL=dividers.output,
        p_DYN_IDIV_SEL="false",
        p_DYN_FBDIV_SEL="false",
        p_DYN_ODIV_SEL="false",
        p_DYN_SDIV_SEL=2,
        p_DYN_DA_EN="false",
        p_PSDA_SEL="0000",
        p_DUTYDA_SEL="1000",
        p_CLKFB_SEL="internal",
        p_CLKOUT_BYPASS="false",
        p_CLKOUTP_BYPASS="false",
        p_CLKOUTD_BYPASS="false",
        p_CLKOUTD_SRC="CLKOUT",
        p_CLKOUTD3_SRC="CLKOUT",
        **zeros,
        i_CLKIN=buffer.i,
        o_CLKOUT=clock,
        o_LOCK=locked,
    )
