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
  python -m golden.simulate spnet --steps 2000 --save learned.npz
  python -m golden.simulate spnet --steps 4000 --load learned.npz
"""

import os
import shlex
import sys
import time
from argparse import Namespace
from pathlib import Path

from golden.builder.runner import ENGINES
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
from golden.network.placement.parts import PARTS
from golden.simulation.asked import (
    AskedRun,
    add_length_options,
    add_network_options,
    add_state_options,
    choose,
)
from golden.simulation.metrics import metrics
from golden.simulation.results import RESULTS, summary, write
from golden.simulation.scripts import found, names

CHECKPOINT_SECONDS = 5.0


def add_options(parser: Parser) -> None:
    """Add which network, and for how long."""
    parser.add_argument(
        "network", nargs="?", help="a name of --list, FILE.py, FILE.nir or FILE.npz"
    )
    parser.add_argument("--list", action="store_true", help="print the names and what they show")
    group = parser.add_argument_group("the network")
    add_network_options(group)
    group.add_argument(
        "--board", choices=PARTS, help="build it for this board's gates, and say if it fits"
    )
    group = parser.add_argument_group("the run")
    add_length_options(group)
    group.add_argument(
        "--engine", choices=ENGINES, default="numba", help="golden is the specification itself"
    )
    group.add_argument("--out", type=Path, help="output folder (default: runs/NETWORK-SEED)")
    group.add_argument("--resume", action="store_true", help="go on with an interrupted run")
    add_state_options(group)


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
        if args.load and args.resume:
            raise InputError("--load must be left out with --resume, which has its own state")
        chosen = choose(args, args.board)
        chosen.go_on(args.load)
    # A script may have gone elsewhere; its results go where its user is.
    os.chdir(home)
    name = f"{Path(args.network).stem}-{chosen.net.seed}"
    with claimed(args.out or Path("runs") / name, args.resume) as folder:
        checkpoint = begin(folder, RESULTS, chosen.net.restore if args.resume else None)
        done = chosen.net.state.step
        if done > chosen.steps:
            raise InputError(f"a run must go on for {done} steps or more, not {chosen.steps}")
        OUT.print(str(chosen.net.build()), markup=False)
        problem = advance(chosen, args.engine, checkpoint)
        if chosen.net.state.step < chosen.steps:
            OUT.print(
                f"interrupted after {chosen.net.state.step} of {chosen.steps} steps; "
                "the same command with --resume goes on"
            )
            return INTERRUPTED
        figures = metrics(args.network, chosen.net, args.engine)
        with judging():
            said = chosen.script.results(chosen.net)
        figures |= {"results": said} if said else {}
        with writing(folder), OUT.status("drawing the report"):
            words = (word for word in args.words if word != "--resume")
            again = shlex.join(["python", "-m", "golden.simulate", *words])
            write(folder, chosen, figures, again)
            checkpoint.unlink(missing_ok=True)
        chosen.keep(args.save)
    summary(folder, figures, chosen.net)
    return tell(problem, FAILED) if problem else OK


def advance(chosen: AskedRun, engine: str, checkpoint: Path) -> OverflowError | None:
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
            net.run(steps=chosen.steps - before, engine=engine, progress=told)
        except OverflowError as error:
            problem = error
    if net.state.step < chosen.steps:
        save()
    return problem


main = Command("golden.simulate", __doc__, add_options, simulate)

if __name__ == "__main__":
    sys.exit(main())
