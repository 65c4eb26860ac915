"""Write the core as one Verilog file, its data sheet in front.

A core is made for all phases of a preset's recipe: what differs between them is
in registers, which hold the first phase's values after reset (theta_plus as for
the 60,000 training images of MNIST). Weights, thresholds and gains are loaded
over the bus; the data sheet says where they lie. With --network it is the network
core, on the smallest chip that takes a network of any cells, which sim.lockstep
compares by the same options; whatever fits that chip is loaded over its bus. The
same options give the same bytes. Exit status: 0 done, 2 bad options or input.

for example:
  python -m hdl.export --preset tiny | less
  python -m hdl.export --preset mnist100 --rule rstdp --out goldspike.v
  python -m hdl.export --preset tiny --set n_neurons=8 --set encoder=latency
  python -m hdl.export --network cuba --set size=200 --board ulx3s_25f --out cuba.v
"""

import argparse
import os
import shlex
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from amaranth.lib import wiring

from golden.command.atomic import write_atomically
from golden.command.console import OK, InputError, judging, writing
from golden.command.frame import Command, Parser
from golden.command.options import whole
from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from golden.dense.registers import envelope, values
from golden.training import recipe as recipes
from golden.training.options import add_preset_option, add_rule_option, add_set_option, assignment
from hdl.dense.core import Core
from hdl.dense.datasheet import datasheet
from hdl.network.core import NetworkCore
from hdl.network_sheet import network_sheet
from hdl.verilog import emit
from sim.jobs.network_chip import add_chip_options, named, one_family, smallest

NAME = "goldspike"
"""Of the module."""
PRESET, RULE = "digits", "stdp"
"""Of the core that nobody has asked another for."""
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


class Bare(Core):
    """A core without the port ``probe``; what only the record needs is left out by yosys."""

    @property
    def signature(self) -> wiring.Signature:
        """The other ports."""
        return without_probe(super().signature)


class BareNetwork(NetworkCore):
    """A network core without the port ``probe``, likewise."""

    @property
    def signature(self) -> wiring.Signature:
        """The other ports."""
        return without_probe(super().signature)


def without_probe(signature: wiring.Signature) -> wiring.Signature:
    """Return the other ports."""
    return wiring.Signature({k: port for k, port in signature.members.items() if k != "probe"})


def add_options(parser: Parser) -> None:
    """Add what the core is made for, and what is written."""
    add_preset_option(parser, PRESET)
    add_rule_option(parser)
    parser.set_defaults(rule=None)
    add_set_option(parser)
    add_chip_options(parser).add_argument(
        "--seed", type=whole, help="of the network (default: its own)"
    )
    parser.add_argument(
        "--probe",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="keep the port that shows every cycle's record (default: leave it out)",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write here, not to stdout")


def export(args: Namespace) -> int:
    """Write the file; return the exit status."""
    check(args)
    with judging():
        core = chosen(args)
    text = verilog(core, command(args))
    if args.out:
        with writing(args.out):
            write_atomically(args.out, text.encode())
        return OK
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; what is left in the buffer must not be an error at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK


def check(args: Namespace) -> None:
    """Refuse options of the other core.

    Raises
    ------
    InputError
        With the first of them.
    """
    if args.network is None:
        for name in ("fabric", "board", "seed"):
            if getattr(args, name) is not None:
                raise InputError(f"--{name} must be with --network, not with the dense core")
        return
    for name in ("preset", "rule"):
        if getattr(args, name) is not None:
            raise InputError(f"--{name} must be of the dense core, not with --network")
    one_family(args)


def chosen(args: Namespace) -> Core | NetworkCore:
    """Return the core that the options ask for.

    Raises
    ------
    ValueError, TypeError
        If it is impossible.
    """
    if args.network is None:
        return (Core if args.probe else Bare)(parameters(args))
    _, net = named(args.network, args.seed, args.set)
    return (NetworkCore if args.probe else BareNetwork)(smallest(net, args.fabric, args.board).chip)


def parameters(args: Namespace) -> Params:
    """Return what the core is made for.

    Raises
    ------
    ValueError, TypeError
        If it is impossible.
    """
    changes: dict[str, Any] = dict(assignment(text) for text in args.set)
    p = envelope(recipes.all_phases(args.preset or PRESET, args.rule or RULE, **changes))
    # What these refuse must be refused before there is a component, which may not go unused.
    MemoryMap(p)
    values(p, p)
    return p


def command(args: Namespace) -> str:
    """Return the command that makes the same file, on one line, without folders."""
    words = ["python", "-m", "hdl.export"]
    if args.network is None:
        preset = args.preset or PRESET
        preset = "#".join(os.path.basename(part) for part in preset.rsplit("#", 1))
        words += ["--preset", preset, "--rule", args.rule or RULE]
    else:
        words += ["--network", os.path.basename(args.network)]
        for name in ("fabric", "board", "seed"):
            if (value := getattr(args, name)) is not None:
                words += [f"--{name}", str(value)]
    for text in args.set:
        words += ["--set", " ".join(text.split())]
    return shlex.join([*words, "--probe"] if args.probe else words)


def verilog(core: Core | NetworkCore, made_by: str) -> str:
    """Return the file."""
    dense = isinstance(core, Core)
    sheet = datasheet(core, core.p) if dense else network_sheet(core)
    header = HEADER.format(command=made_by, **(DENSE if dense else NETWORK)) + sheet
    comment = "".join(f"// {line}".rstrip() + "\n" for line in header.split("\n"))
    lint = "".join(f"/* verilator lint_off {name} */\n" for name in LINT_OFF)
    return f"{comment}\n{lint}\n{emit(core, NAME)}"


main = Command("hdl.export", __doc__, add_options, export)

if __name__ == "__main__":
    sys.exit(main())
