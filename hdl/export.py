# amaranth: UnusedElaboratable=no
"""Write the core as Verilog, its data sheet in front; or a folder with all that goes with it.

A core is made for all phases of a preset's recipe: what differs between them is
in registers, which hold the first phase's values after reset (theta_plus as for
the 60,000 training images of MNIST). With --model and no other option about the
core it is made for that model: it answers, and learns on as the model did last.
Weights, thresholds and gains are loaded over the bus; the data sheet says where
they lie. --out writes the Verilog alone.

--folder makes a new folder with the Verilog and, beside it: a template of an instance;
the model as a list of writes on the bus (bus_writes.mem) and as memories (weights.mem
and others), all for $readmemh; a core file for FuseSoC; and a test bench, which loads
the model, presents images without and with learning, reads all back and compares every
answer with golden's: PASS and exit status 0, or FAIL and 1. So:

  python -m hdl.export --model model.npz --folder handed
  cd handed && iverilog -g2012 -o tb goldspike.v goldspike_tb.v && vvp -n tb

With -DGOLDSPIKE_WEIGHTS='"weights.mem"' the weight memory holds the model from
the start, in simulation as in synthesis. Without --model the network is drawn,
not learned. docs/drop-in.md has it all.

--wrapper axi: AXI4-Stream and AXI4-Lite; wishbone or wishbone-pipelined: a Wishbone bus. The
data sheet has the addresses, the test bench goes through them.

With --network it is the network core, on the smallest chip that takes a network
of any cells, which sim.lockstep compares by the same options; whatever fits that
chip is loaded over its bus. The same options give the same bytes. Exit status:
0 done, 2 bad options or input; then nothing is written.

for example:
  python -m hdl.export --preset tiny | less
  python -m hdl.export --preset mnist100 --rule rstdp --out goldspike.v
  python -m hdl.export --neurons 50 --weight-bits 4 --set encoder=latency --out small.v
  python -m hdl.export --preset icebreaker --model model.npz --folder handed --dataset mnist
  python -m hdl.export --preset icebreaker --wrapper wishbone --out goldspike.v
  python -m hdl.export --network cuba --set size=200 --board ulx3s_25f --out cuba.v
"""

import argparse
import os
import shlex
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
from amaranth.lib import wiring

from golden.command.atomic import write_atomically
from golden.command.console import OK, InputError, judging, writing
from golden.command.frame import Command, Parser
from golden.command.options import whole, within
from golden.datasets import NAMES, load_dataset
from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from golden.dense.registers import envelope, values
from golden.training import model_file
from golden.training import recipe as recipes
from golden.training.model_file import Model, image_form
from golden.training.options import (
    add_data_dir_option,
    add_preset_option,
    add_rule_option,
    add_set_option,
    add_shape_options,
    assignment,
)
from hdl.dense.core import Core
from hdl.handover import expected, package
from hdl.handover.expected import BenchRun, LoadedNetwork, drawn
from hdl.handover.source import NAME, verilog
from hdl.network.core import NetworkCore
from hdl.wrappers.axi import AxiCore
from hdl.wrappers.bare import Bare, without_probe
from hdl.wrappers.wishbone import PipelinedWishboneCore, WishboneCore
from hdl.wrappers.wrapped import Wrapped
from sim.jobs.network_chip import add_chip_options, named, one_family, smallest

PRESET, RULE = "digits", "stdp"
"""Of the core that nobody has asked another for."""
DATASET, IMAGES, MOST_IMAGES = "digits", 10, 1000
"""What the test bench presents; golden takes a while for thousands."""
WRAPPERS = {"axi": AxiCore, "wishbone": WishboneCore, "wishbone-pipelined": PipelinedWishboneCore}
SHAPE = ("preset", "rule", "neurons", "weight_bits", "set")
"""Options that say what the dense core is made for."""
CHIP = ("fabric", "board", "seed")
DENSE_ONLY = ("preset", "rule", "neurons", "weight_bits", "model", "folder", "wrapper")
"""Options of one core alone."""


class BareNetwork(NetworkCore):
    """A network core without the port ``probe``, likewise."""

    @property
    def signature(self) -> wiring.Signature:
        """The other ports."""
        return without_probe(super().signature)


def add_options(parser: Parser) -> None:
    """Add what the core is made for, and what is written."""
    group = parser.add_argument_group("which dense core")
    add_preset_option(group, f"{PRESET}, or what the model is made for")
    add_shape_options(group)
    add_rule_option(group)
    parser.set_defaults(rule=None)
    add_set_option(group)
    group.add_argument("--model", type=Path, metavar="MODEL", help="model.npz of golden.train")
    add_chip_options(parser).add_argument(
        "--seed", type=whole, help="of the network (default: its own)"
    )
    group = parser.add_argument_group("what is written")
    group.add_argument(
        "--probe",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="keep the port that shows every cycle's record (default: leave it out)",
    )
    group.add_argument(
        "--wrapper",
        choices=list(WRAPPERS),
        help="behind AXI4-Stream and AXI4-Lite, or on a Wishbone bus, classic or pipelined",
    )
    group.add_argument("--out", type=Path, metavar="FILE", help="write here, not to stdout")
    group.add_argument(
        "--folder", type=Path, metavar="DIR", help="make this folder of all that goes with the core"
    )
    group = parser.add_argument_group("what the test bench of the folder presents")
    group.add_argument(
        "--dataset", help=f"images of {', '.join(NAMES)}, or of a folder (default: {DATASET})"
    )
    add_data_dir_option(group)
    group.add_argument(
        "--images",
        type=whole,
        help=f"so many are answered, and as many others learned (default: {IMAGES})",
    )


def export(args: Namespace) -> int:
    """Write the file or the folder; return the exit status."""
    check(args)
    with judging():
        model = model_file.load(args.model) if args.model else None
    if args.folder:
        return hand_over(args, model)
    with judging():
        core = chosen(args, model)
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


def hand_over(args: Namespace, model: Model | None) -> int:
    """Write the folder; return the exit status."""
    with judging():
        # What is refused must be refused before there is a component, which may not go unused.
        done = course(args, parameters(args, model), model)
        core = chosen(args, model)
    texts = package.files(NAME, verilog(core, command(args)), core, done)
    with writing(args.folder):
        package.write(args.folder, texts)
    return OK


def check(args: Namespace) -> None:
    """Refuse options of the other core, and those that have no meaning without another.

    Raises
    ------
    InputError
        With the first of them.
    """
    others = CHIP if args.network is None else DENSE_ONLY
    for name in others:
        if getattr(args, name) not in (None, []):
            option = f"--{name.replace('_', '-')}"
            if args.network is None:
                raise InputError(f"{option} must be with --network, not with the dense core")
            raise InputError(f"{option} must be of the dense core, not with --network")
    one_family(args)
    if args.wrapper and args.probe:
        raise InputError("--wrapper must be without --probe")
    if args.folder is None:
        for name in ("dataset", "data_dir", "images"):
            if getattr(args, name) is not None:
                raise InputError(f"--{name.replace('_', '-')} must be with --folder")
        return
    if args.out or args.probe:
        raise InputError("--folder must be alone, not with --out or --probe")
    if args.folder.exists() and not (args.folder.is_dir() and not any(args.folder.iterdir())):
        raise InputError(f"{args.folder} must be new or an empty folder, not one with files")


def chosen(args: Namespace, model: Model | None) -> Core | NetworkCore | Wrapped:
    """Return the core that the options ask for.

    Raises
    ------
    ValueError, TypeError
        If it is impossible, or cannot run the model.
    """
    if args.wrapper:
        return WRAPPERS[args.wrapper](parameters(args, model))
    if args.network is None:
        return (Core if args.probe else Bare)(parameters(args, model))
    _, net = named(args.network, args.seed, args.set)
    return (NetworkCore if args.probe else BareNetwork)(smallest(net, args.fabric, args.board).chip)


def parameters(args: Namespace, model: Model | None = None) -> Params:
    """Return what the core is made for.

    Raises
    ------
    ValueError, TypeError
        If it is impossible, or cannot run the model.
    """
    changes: dict[str, Any] = dict(assignment(text) for text in args.set)
    given = {"n_neurons": args.neurons, "weight_bits": args.weight_bits}
    changes |= {name: value for name, value in given.items() if value is not None}
    if model and not about_core(args):
        phases = [model.params]
    else:
        phases = recipes.all_phases(args.preset or PRESET, args.rule or RULE, **changes)
    p = envelope(phases)
    # What these refuse must be refused here, too.
    MemoryMap(p)
    values(model.params if model else p, p)
    return p


def course(args: Namespace, built: Params, model: Model | None) -> BenchRun:
    """Return what the test bench does: with test images, then with training images.

    Raises
    ------
    ValueError, InputError
        If there are no such images, or not so many.
    """
    p = model.params if model else built
    name = args.dataset or DATASET
    form = None if name in NAMES or model is None else image_form(args.model, model)
    images = load_dataset(name, args.data_dir, (p.height, p.width), form)
    most = min(MOST_IMAGES, len(images.test_images), len(images.train_images))
    n = min(IMAGES, most) if args.images is None else within("--images", args.images, 1, most)
    answered = [image.ravel().astype(np.int64) for image in images.test_images[:n]]
    learned = [
        (image.ravel().astype(np.int64), int(label) % p.n_classes)
        for image, label in zip(images.train_images[:n], images.train_labels[:n], strict=True)
    ]
    loaded = LoadedNetwork(*model[:4]) if model else drawn(built)
    return expected.course(built, loaded, answered, learned)


def command(args: Namespace) -> str:
    """Return the command that makes the same file, on one line, without folders."""
    words = ["python", "-m", "hdl.export"]
    if args.network is None:
        words += _words_of_dense(args)
    else:
        words += ["--network", os.path.basename(args.network)]
    for name in ("fabric", "board", "seed", "neurons", "weight_bits", "wrapper"):
        if (value := getattr(args, name)) is not None:
            words += [f"--{name.replace('_', '-')}", str(value)]
    for text in args.set:
        words += ["--set", " ".join(text.split())]
    return shlex.join([*words, "--probe"] if args.probe else words)


def _words_of_dense(args):
    words = ["--model", os.path.basename(args.model)] if args.model else []
    if args.model and not about_core(args):
        return words
    preset = args.preset or PRESET
    preset = "#".join(os.path.basename(part) for part in preset.rsplit("#", 1))
    return [*words, "--preset", preset, "--rule", args.rule or RULE]


def about_core(args: Namespace) -> bool:
    """Tell whether any option says what the dense core is made for, but for a model."""
    return any(getattr(args, name) not in (None, []) for name in SHAPE)


main = Command("hdl.export", __doc__, add_options, export)

if __name__ == "__main__":
    sys.exit(main())
