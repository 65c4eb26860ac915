"""Run a spiking network by name or from a file, and show what it did.

A network is a Python file with a function network(seed) and a number DURATION;
--list prints those that come with Goldspike, in golden/examples: copy one. It
may also be a NIR file, or a built network that Plan.save has written. The output
folder then holds spikes.npz, metrics.json and report.html (open it in a
browser). The state hash at the end is the same on every machine, in every
engine.

Ctrl-C or a kill loses at most the work since the last checkpoint (every 5
seconds): the same command with --resume goes on to the very same result.
Exit status: 0 done, 1 failed, 2 bad options, input or output, 130 interrupted.

for example:
  python -m golden.simulate --list
  python -m golden.simulate izhikevich2003
  python -m golden.simulate izhikevich2003 --set noise=6 --seed 7 --duration 2000
  python -m golden.simulate my_network.py --steps 500 --engine golden
"""

import os
import shlex
import sys
import time
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from golden.builder.monitor import SpikeMonitor
from golden.builder.network import Network
from golden.builder.runner import ENGINES
from golden.builder.units import how_long
from golden.command.atomic import write_atomically
from golden.command.console import (
    FAILED,
    INTERRUPTED,
    OK,
    OUT,
    Display,
    InputError,
    Patience,
    judging,
    writing,
)
from golden.command.folder import begin, claimed
from golden.command.frame import Command, Parser, tell
from golden.command.options import whole
from golden.command.results import write_json
from golden.network.placement.parts import PARTS
from golden.simulation.metrics import metrics
from golden.simulation.named import network_file
from golden.simulation.samples import sample
from golden.simulation.scripts import NetworkFile, assigned, found, names
from golden.simulation.spike_file import feed, packed_spikes

CHECKPOINT_SECONDS = 5.0
"""Of files that are no scripts."""
RESULTS = ("report.html", "metrics.json", "spikes.npz")


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be done."""

    script: NetworkFile
    net: Network
    steps: int
    engine: str
    spikes: SpikeMonitor


def add_options(parser: Parser) -> None:
    """Add which network, and for how long."""
    parser.add_argument(
        "network", nargs="?", help="a name of --list, FILE.py, FILE.nir or FILE.npz"
    )
    parser.add_argument("--list", action="store_true", help="print the names and what they show")
    group = parser.add_argument_group("the network")
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
        "--board", choices=PARTS, help="build it for this board's gates, and say if it fits"
    )
    group.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="[NAME=]FILE",
        help="let an input spike as an .npz says: steps or times (ms), and neurons",
    )
    group = parser.add_argument_group("the run")
    group.add_argument("--steps", type=whole, help="instead of the network's DURATION")
    group.add_argument("--duration", metavar="MS", help="the same in ms, or '2 s'")
    group.add_argument(
        "--engine", choices=ENGINES, default="numba", help="golden is the specification itself"
    )
    group.add_argument("--out", type=Path, help="output folder (default: runs/NETWORK-SEED)")
    group.add_argument("--resume", action="store_true", help="go on with an interrupted run")


def listed() -> int:
    """Print the names of networks; return the exit status."""
    width = max(map(len, names()))
    for name in names():
        OUT.print(f"{name:<{width}}  {found(name).headline}", markup=False)
    return OK


def simulate(args: Namespace) -> int:
    """Run a network and save what it did; return the exit status."""
    if args.list:
        return listed()
    home = Path.cwd()
    with judging():
        chosen = choose(args)
    # A script may have gone elsewhere; its results go where its user is.
    os.chdir(home)
    name = f"{Path(args.network).stem}-{chosen.net.seed}"
    with claimed(args.out or Path("runs") / name, args.resume) as folder:
        checkpoint = begin(folder, RESULTS, chosen.net.restore if args.resume else None)
        done = chosen.net.state.step
        if done > chosen.steps:
            raise InputError(f"a run must go on for {done} steps or more, not {chosen.steps}")
        OUT.print(str(chosen.net.build()), markup=False)
        problem = advance(chosen, checkpoint)
        if chosen.net.state.step < chosen.steps:
            OUT.print(
                f"interrupted after {chosen.net.state.step} of {chosen.steps} steps; "
                "the same command with --resume goes on"
            )
            return INTERRUPTED
        figures = metrics(args.network, chosen.net, args.engine)
        with writing(folder), OUT.status("drawing the report"):
            write(folder, chosen, figures, args.words)
            checkpoint.unlink(missing_ok=True)
    summary(folder, figures)
    return tell(problem, FAILED) if problem else OK


def choose(args: Namespace) -> Run:
    """Return what the options say, its network built.

    Raises
    ------
    ValueError
        If something is impossible.
    """
    if args.network is None:
        raise ValueError("a network must be named; --list prints those that there are")
    script = network_file(args.network)
    seed = script.seed if args.seed is None else args.seed
    changes = [*args.set, *([] if args.dt is None else [f"dt={args.dt}"])]
    net = script.network(seed, dict(assigned(script, text) for text in changes))
    for text in args.input:
        feed(net, text)
    if args.board:
        net.build(board=args.board)
    given = args.steps is not None or args.duration is not None
    steps = how_long(net.dt, args.duration if given else script.duration, args.steps)
    if steps < 1:
        raise ValueError(f"a run must have 1 step or more, not {steps}")
    if not net.populations:
        raise ValueError(f"{script.path} must make a network with a population")
    if net.state.step:
        raise ValueError(f"{script.path}: network() must return a network that has not run")
    first, *others = net.populations.values()
    spikes = net.record(sum(others, first[:]))
    sample(net)
    return Run(script, net, steps, args.engine, spikes)


def advance(chosen: Run, checkpoint: Path) -> OverflowError | None:
    """Run until the end or until the user stops it; nothing is lost. Return what overflowed."""
    net, before = chosen.net, chosen.net.state.step
    saved = time.monotonic()

    def save() -> float:
        with writing(checkpoint):
            net.save(checkpoint)
        return time.monotonic()

    with Patience() as patience, Display() as display:
        task = display.add_task("run", total=chosen.steps, completed=before)

        def told(done: int) -> bool:
            nonlocal saved
            display.tell(task, before + done, f"{chosen.spikes.kept:,} spikes")
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                saved = save()
            return not patience.asked_to_stop

        problem = None
        try:
            net.run(steps=chosen.steps - before, engine=chosen.engine, progress=told)
        except OverflowError as error:
            problem = error
    if net.state.step < chosen.steps:
        save()
    return problem


def write(folder: Path, chosen: Run, figures: dict[str, Any], words: list[str]) -> None:
    """Write the results: those of an earlier run stay until all are made."""
    # Matplotlib takes long to load: what is refused is refused without it.
    from golden.simulation.page import page

    again = ["python", "-m", "golden.simulate", *(word for word in words if word != "--resume")]
    report = page(chosen.script.text, shlex.join(again), chosen.net, chosen.spikes, figures)
    spikes = packed_spikes(chosen.net.build().blueprint, chosen.spikes)
    write_atomically(folder / "report.html", report.encode())
    write_atomically(folder / "spikes.npz", spikes)
    write_json(folder / "metrics.json", figures)


def summary(folder: Path, figures: dict[str, Any]) -> None:
    """Say what came out."""
    rates = ", ".join(f"{name} {rate:.2f} Hz" for name, rate in figures["rate_hz"].items())
    OUT.print(
        f"{figures['spikes']:,} spikes in {figures['steps'] * figures['dt_ms']:g} ms: {rates}\n"
        f"{figures['steps_per_second']:,.0f} steps/s\nstate {figures['state_sha256']}\n"
        f"see {', '.join(str(folder / name) for name in RESULTS)}",
        markup=False,
    )


main = Command("golden.simulate", __doc__, add_options, simulate)

if __name__ == "__main__":
    sys.exit(main())
