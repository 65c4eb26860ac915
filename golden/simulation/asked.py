"""Which network a command is asked to run, and for how long."""

from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from golden.builder.monitors.monitor import SpikeMonitor
from golden.builder.network import Network
from golden.builder.units import how_long
from golden.command.console import writing
from golden.command.options import to_write, whole
from golden.simulation.named import network_file
from golden.simulation.samples import sample
from golden.simulation.scripts import NetworkFile, assigned
from golden.simulation.spike_file import feed


@dataclass(frozen=True, slots=True)
class AskedRun:
    """What is to be done."""

    script: NetworkFile
    net: Network
    steps: int
    spikes: SpikeMonitor
    """Of all neurons."""

    def keep(self, path: Path | None) -> None:
        """Write what the network knows into a file, if there is one: whole, or not at all."""
        if path:
            with writing(path):
                self.net.save(path)

    def go_on(self, path: Path | None) -> None:
        """Let the network go on from a file of `Network.save`, if there is one.

        Raises
        ------
        ValueError
            If the file is of another network, damaged or impossible, or has all the steps.
        OSError
            If it cannot be read.
        """
        if path is None:
            return
        self.net.restore(path)
        if (done := self.net.state.step) >= self.steps:
            raise ValueError(f"--steps must be more than the {done} of {path}, not {self.steps}")


def add_network_options(group: Any) -> None:
    """Add how the network is made."""
    group.add_argument(
        "--seed", type=whole, help="of all that is random (default: 1, or that of FILE.npz)"
    )
    group.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a parameter of the function network(); may be repeated",
    )
    group.add_argument(
        "--dt", metavar="MS", help="the step, if network() has a parameter dt; a NIR file needs it"
    )
    group.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="[NAME=]FILE",
        help="let an input spike as an .npz says: steps or times (ms), and neurons",
    )


def add_length_options(group: Any) -> None:
    """Add how long it runs."""
    group.add_argument("--steps", type=whole, help="instead of the network's DURATION")
    group.add_argument("--duration", metavar="MS", help="the same in ms, or '2 s'")


def add_state_options(group: Any) -> None:
    """Add where weights, and all else that a network knows, come from and go to."""
    group.add_argument(
        "--load",
        type=Path,
        metavar="FILE",
        help="go on from the weights and states that --save has left, on a board or not",
    )
    group.add_argument(
        "--save", type=to_write, metavar="FILE", help="leave weights and states here at the end"
    )


def made(args: Namespace, name: str) -> tuple[NetworkFile, Network]:
    """Return the network of a name or file, as the options change it.

    Raises
    ------
    ValueError
        If something is impossible.
    """
    script = network_file(name)
    seed = script.seed if args.seed is None else args.seed
    changes = [*args.set, *([] if args.dt is None else [f"dt={args.dt}"])]
    net = script.network(seed, dict(assigned(script, text) for text in changes))
    for text in args.input:
        feed(net, text)
    refuse_unready(script, net)
    return script, net


def refuse_unready(script: NetworkFile, net: Network) -> None:
    """Refuse a network without neurons, or one that is not at its beginning.

    Raises
    ------
    ValueError
        With the file that makes it.
    """
    if not net.populations:
        raise ValueError(f"{script.path} must make a network with a population")
    if net.begun:
        raise ValueError(
            f"{script.path}: network() must return a network that has not run, nor been given a "
            "reward, which at=0 tells in advance"
        )


def choose(args: Namespace, board: str | None = None) -> AskedRun:
    """Return what the options say, its network built; for a board's gates if one is named.

    Raises
    ------
    ValueError
        If something is impossible.
    """
    if args.network is None:
        raise ValueError("a network must be named; --list prints those that there are")
    script, net = made(args, args.network)
    if board:
        net.build(board=board)
    given = args.steps is not None or args.duration is not None
    steps = how_long(net.dt, args.duration if given else script.duration, args.steps)
    if steps < 1:
        raise ValueError(f"a run must have 1 step or more, not {steps}")
    first, *others = net.populations.values()
    spikes = net.record(sum(others, first[:]))
    sample(net)
    return AskedRun(script, net, steps, spikes)
