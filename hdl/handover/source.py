# amaranth: UnusedElaboratable=no
"""The core as one file of Verilog, its data sheet in front."""

from hdl.dense.core import Core
from hdl.dense.datasheet import datasheet
from hdl.network.core import NetworkCore
from hdl.network_sheet import network_sheet
from hdl.verilog import emit
from hdl.wrappers.sheet import wrapper_sheet
from hdl.wrappers.wrapped import Wrapped

NAME = "goldspike"
"""Of the module."""
HEADER = """\
goldspike: {what}.

Made by: {command}
All ports belong to one clock. A stream moves its payload in every cycle in which valid and ready
are both 1. The single-port {memory}, if there is one, is described by its behaviour.
{page} says what happens in every cycle.

"""
DENSE = {
    "what": "a spiking neural network that learns by spike-timing-dependent plasticity",
    "memory": "weight memory",
    "page": "docs/hardware.md",
}
NETWORK = {
    "what": "a core for spiking neural networks of any cells",
    "memory": "memory of synapses",
    "page": "docs/network-hardware.md",
}
LINT_OFF = ("CASEOVERLAP", "DECLFILENAME", "UNUSED", "WIDTH")
"""Verilator's warnings about how yosys writes what it means: `when one of these bits`, any name of
the file, whole buses of which a bit is used, and operands extended by the rules of Verilog."""


def verilog(core: Core | NetworkCore | Wrapped, made_by: str) -> str:
    """Return the file.

    Parameters
    ----------
    made_by : str
        The command that makes it.
    """
    if isinstance(core, NetworkCore):
        about, sheet = NETWORK, network_sheet(core)
    else:
        is_wrapped = isinstance(core, Wrapped)
        about, sheet = DENSE, wrapper_sheet(core) if is_wrapped else datasheet(core, core.p)
    header = HEADER.format(command=made_by, **about) + sheet
    comment = "".join(f"// {line}".rstrip() + "\n" for line in header.split("\n"))
    lint = "".join(f"/* verilator lint_off {name} */\n" for name in LINT_OFF)
    return f"{comment}\n{lint}\n{emit(core, NAME)}"
