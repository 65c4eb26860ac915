"""Write the core as one Verilog file, its data sheet in front.

A core is made for all phases of a preset's recipe: what differs between them is
in registers, which hold the first phase's values after reset (theta_plus as for
the 60,000 training images of MNIST). Weights, thresholds and gains are loaded
over the bus; the data sheet says where they lie. The same options give the same
bytes. Exit status: 0 done, 2 bad options or input.

for example:
  python -m hdl.export --preset tiny | less
  python -m hdl.export --preset mnist100 --rule rstdp --out goldspike.v
  python -m hdl.export --preset tiny --set n_neurons=8 --set encoder=latency
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
from golden.command.console import OK, judging, writing
from golden.command.frame import Command, Parser
from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from golden.dense.registers import envelope, values
from golden.training import recipe as recipes
from golden.training.options import add_preset_option, add_rule_option, add_set_option, assignment
from hdl.dense.core import Core
from hdl.dense.datasheet import datasheet
from hdl.verilog import emit

NAME = "goldspike"
"""Of the module."""
HEADER = """\
goldspike: a spiking neural network that learns by spike-timing-dependent plasticity.

Made by: {command}
All ports belong to one clock. A stream moves its payload in every cycle in which valid and ready
are both 1. The single-port weight memory, if there is one, is described by its behaviour.
docs/hardware.md says what happens in every cycle.

"""
LINT_OFF = ("CASEOVERLAP", "DECLFILENAME", "UNUSED", "WIDTH")
"""Verilator's warnings about how yosys writes what it means: `when one of these bits`, any name of
the file, whole buses of which a bit is used, and operands extended by the rules of Verilog."""


class Bare(Core):
    """A core without the port ``probe``; what only the record needs is left out by yosys."""

    @property
    def signature(self) -> wiring.Signature:
        """The other ports."""
        members = super().signature.members
        return wiring.Signature({name: members[name] for name in members if name != "probe"})


def add_options(parser: Parser) -> None:
    """Add what the core is made for, and what is written."""
    add_preset_option(parser, "digits")
    parser.set_defaults(preset="digits")
    add_rule_option(parser)
    add_set_option(parser)
    parser.add_argument(
        "--probe",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="keep the port that shows every cycle's record (default: leave it out)",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write here, not to stdout")


def export(args: Namespace) -> int:
    """Write the file; return the exit status."""
    with judging():
        p = parameters(args)
        core = (Core if args.probe else Bare)(p)
    text = verilog(core, p, command(args))
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


def parameters(args: Namespace) -> Params:
    """Return what the core is made for.

    Raises
    ------
    ValueError, TypeError
        If it is impossible.
    """
    changes: dict[str, Any] = dict(assignment(text) for text in args.set)
    p = envelope(recipes.all_phases(args.preset, args.rule, **changes))
    # What these refuse must be refused before there is a component, which may not go unused.
    MemoryMap(p)
    values(p, p)
    return p


def command(args: Namespace) -> str:
    """Return the command that makes the same file, on one line, without folders."""
    preset = "#".join(os.path.basename(part) for part in args.preset.rsplit("#", 1))
    words = ["python", "-m", "hdl.export", "--preset", preset, "--rule", args.rule]
    for text in args.set:
        words += ["--set", " ".join(text.split())]
    return shlex.join([*words, "--probe"] if args.probe else words)


def verilog(core: Core, p: Params, made_by: str) -> str:
    """Return the file."""
    header = HEADER.format(command=made_by) + datasheet(core, p)
    comment = "".join(f"// {line}".rstrip() + "\n" for line in header.split("\n"))
    lint = "".join(f"/* verilator lint_off {name} */\n" for name in LINT_OFF)
    return f"{comment}\n{lint}\n{emit(core, NAME)}"


main = Command("hdl.export", __doc__, add_options, export)

if __name__ == "__main__":
    sys.exit(main())
