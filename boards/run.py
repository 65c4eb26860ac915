"""Use a core on a board, or the same design in simulation, over its serial line.

train lets the device learn a recipe image by image, exactly as golden.train
would: the state hash at the end is the same. It leaves a model.npz that
golden.classify opens, and metrics.json. After every batch the network is read
back into a checkpoint; after Ctrl-C, a kill or a lost cable the same command
with --resume goes on from there to the very same result. classify loads a model
and answers images; load only loads it, dump reads back what the device holds.
simulate runs a network of golden.simulate on the board's network chip, or on
one made for it (boards.build --network), and writes what golden.simulate does;
what it has learned is kept with --save, and goes on with --load.

PORT is the board's serial port, or sim: the built top level in compiled C++.
Exit status: 0 done, 1 failed or not equal, 2 bad options, input or device,
130 interrupted.

for example:
  python -m boards.run icebreaker --port /dev/ttyUSB1 train --dataset mnist
  python -m boards.run icebreaker --port /dev/ttyUSB1 classify model.npz 7.png
  python -m boards.run icebreaker --port /dev/ttyUSB1 dump learned.npz
  python -m boards.run icebreaker --port sim --preset tiny train --images 50 --verify
  python -m boards.run icebreaker --port sim simulate neurapse-drn --steps 200 --verify
"""

import sys
from argparse import Namespace

from boards.host.info import DeviceError
from boards.host.link import LinkError
from boards.host.port import PortError
from boards.parts.board import BOARDS
from boards.sessions import models, simulation, training
from boards.sessions.session import SIM, choose_device
from golden.command.frame import Command, Parser
from golden.training.options import add_preset_option

COMMANDS = {
    "classify": (models.add_classify_options, models.classify, choose_device),
    "train": (training.add_options, training.train, choose_device),
    "dump": (models.add_dump_options, models.dump, choose_device),
    "load": (models.add_load_options, models.load, choose_device),
    "simulate": (simulation.add_options, simulation.simulate, simulation.choose_network),
}
"""By name: what adds options, what is done, and what it is done with."""


def add_options(parser: Parser) -> None:
    """Add the device, and what is done with it."""
    parser.add_argument("board", metavar="BOARD", help=", ".join(BOARDS))
    parser.add_argument("--port", required=True, help=f"serial port, or {SIM}")
    add_preset_option(parser, "the board's")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (add_options, command, chooser) in COMMANDS.items():
        text = command.__doc__ or ""
        part = commands.add_parser(name, text=text, help=text.partition(";")[0].lower())
        add_options(part)
        part.set_defaults(command=command, chooser=chooser)


def use(args: Namespace) -> int:
    """Do with the device what is asked for; return the exit status."""
    return args.command(args, args.chooser(args))


main = Command(
    "boards.run", __doc__, add_options, use, failures=(LinkError, DeviceError, PortError)
)
"""What fails after the device was greeted is a failure; before that it is bad input."""

if __name__ == "__main__":
    sys.exit(main())
