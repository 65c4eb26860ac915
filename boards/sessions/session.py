"""What all subcommands of `boards.run` share: which device it is, and how to get at it."""

from argparse import Namespace
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from boards.host.dense import DenseDriver
from boards.host.info import DeviceError
from boards.host.link import LinkError
from boards.host.port import Port, PortError, SerialPort
from boards.parts.board import board
from boards.parts.dense import core_params
from boards.parts.description import Board
from golden.command.console import OUT, InputError, judging
from golden.dense.params import Params
from golden.dense.registers import values

SIM = "sim"
"""Instead of a port: the built top level in compiled C++."""


class ChosenDevice(NamedTuple):
    """The device that was chosen."""

    board: Board
    port: str
    preset: str
    """As it was given, which may be FILE#NAME."""
    built: Any
    """What its core is made for: parameters of a dense core, a `NetworkBuild` of another."""

    @property
    def name(self) -> str:
        """What the device says that it is made for."""
        return self.preset.rpartition("#")[2]

    def must_run(self, params: Iterable[Params]) -> None:
        """Refuse what the device's core cannot run.

        Raises
        ------
        InputError
            If there is anything.
        """
        with judging():
            for p in params:
                values(p, self.built)


def choose_device(args: Namespace) -> ChosenDevice:
    """Return the device of the options.

    Raises
    ------
    InputError
        If there is no such board or preset.
    """
    with judging():
        found = board(args.board)
        preset = args.preset or found.preset
        return ChosenDevice(found, args.port, preset, core_params(preset, found.rule))


@contextmanager
def opened(chosen: ChosenDevice) -> Generator[DenseDriver]:
    """Within this context the device is there, greeted, and known to be the right one.

    Raises
    ------
    InputError
        If it is not.
    """
    with ExitStack() as stack:
        try:
            device = DenseDriver(open_port(chosen), chosen.built, chosen.name)
            stack.enter_context(device)
        except (LinkError, DeviceError, PortError) as error:
            raise InputError(str(error)) from error
        yield device


def open_port(chosen: ChosenDevice) -> Port:
    """Return the line to the device that was chosen.

    Raises
    ------
    InputError, boards.host.port.PortError
        If there is none.
    """
    if chosen.port != SIM:
        return SerialPort(chosen.port, chosen.board.baud)
    # Loads Amaranth, which a board does not need.
    from boards.host.simulated import SimPort, compiled
    from sim.targets.target import SimulatorError, missing

    if text := missing("cxxrtl"):
        raise InputError(text)
    try:
        with judging(), OUT.status("building the simulation, which takes a minute once"):
            shape = chosen.board.divisor, chosen.board.queue
            top = chosen.board.made_by.top(chosen.built, chosen.name, *shape)
            return SimPort(chosen.board, compiled(top))
    except SimulatorError as error:
        raise InputError(str(error)) from error
