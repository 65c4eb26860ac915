"""`python -m boards.run BOARD --port PORT simulate`: a network runs on the device."""

import shlex
from argparse import Namespace
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from boards.host.info import DeviceError
from boards.host.link import LinkError
from boards.host.network import NetworkDriver
from boards.host.placed import BoardModel
from boards.host.port import PortError
from boards.parts.board import board
from boards.parts.chips import CHIPS
from boards.parts.description import Board
from boards.parts.fit import refuse_large
from boards.parts.network import NetworkBuild, home_of
from boards.sessions.session import SIM, ChosenDevice, open_port
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
from golden.command.frame import Parser, tell
from golden.network.blueprint import Blueprint
from golden.network.engine.engine import Engine
from golden.network.placement import Placement
from golden.network.placement.able import timely
from golden.network.placement.learned import learning_words
from golden.network.state import NetworkState
from golden.network.taps import Tap
from golden.numbers.formats import Array
from golden.simulation.asked import (
    AskedRun,
    add_length_options,
    add_network_options,
    add_state_options,
    choose,
)
from golden.simulation.metrics import metrics
from golden.simulation.results import RESULTS, summary, write


class PlacedRun(NamedTuple):
    """What is run, where."""

    here: ChosenDevice
    """``built`` is a `NetworkBuild`."""
    asked: AskedRun
    placement: Placement
    begun: NetworkState
    """From where on."""


def add_options(parser: Parser) -> None:
    """Add the options of `simulate`."""
    parser.add_argument("network", help="a name of golden.simulate --list, or a file")
    add_network_options(parser.add_argument_group("the network"))
    group = parser.add_argument_group("the run")
    add_length_options(group)
    add_state_options(group)
    group.add_argument("--out", type=Path, help="output folder (default: runs/BOARD-NETWORK-SEED)")
    group.add_argument(
        "--verify", action="store_true", help="let the engine run the same, and compare"
    )


def networked(name: str) -> Board:
    """Return the board of a name that has a network chip.

    Raises
    ------
    ValueError
        If there is none.
    """
    if name not in CHIPS:
        raise ValueError(f"board must be one of {', '.join(CHIPS)}, not {name!r}")
    return board(name)


def choose_network(args: Namespace) -> PlacedRun:
    """Return what is run, and the device that it is placed on.

    Raises
    ------
    InputError
        If there is no such board or network, or it does not fit.
    """
    with judging():
        plain = networked(args.board)
        if args.preset is not None:
            raise InputError("--preset must be left out for a network, which makes its own chip")
        asked = choose(args)
        plan = CHIPS[plain.name]
        name, placement = home_of(plan, plain.name, asked.net, Path(args.network).stem)
        asked.go_on(args.load)
        begun = asked.net.beginning()
        built = NetworkBuild(placement.chip, plan.buffers)
        here = replace(plain.clocked(plan.clock_hz), core="network", preset=name)
        refuse_large(here, built)
        timely(placement.chip, asked.steps)
        if placement.chip.learner:
            # Refuses that of one run some synapses learn and others do not.
            learning_words(placement, begun)
    return PlacedRun(ChosenDevice(here, args.port, name, built), asked, placement, begun)


def simulate(args: Namespace, run: PlacedRun) -> int:
    """Run a network; its spikes, state and figures come back."""
    here, asked = run.here, run.asked
    name = f"{here.board.name}-{Path(args.network).stem}-{asked.net.seed}"
    with claimed(args.out or Path("runs") / name, False) as folder:
        begin(folder, RESULTS, None)
        with opened(here) as device:
            OUT.print(_headline(run), markup=False)
            problem, model = advance(device, run)
            asked.keep(args.save)
            if asked.net.state.step < asked.steps:
                OUT.print(f"interrupted after {asked.net.state.step} of {asked.steps} steps")
                return INTERRUPTED
            told = {"board": here.board.name, "chip": here.name, "cycles": model.cycles}
            told |= {"recoveries": device.link.recoveries}
        figures = metrics(args.network, asked.net, here.board.name) | told
        same = not args.verify or equal(run, model)
        with writing(folder), OUT.status("drawing the report"):
            write(folder, asked, figures, shlex.join(["python", "-m", "boards.run", *args.words]))
    summary(folder, figures, asked.net)
    if problem:
        return tell(problem, FAILED)
    return OK if same else FAILED


@contextmanager
def opened(here: ChosenDevice) -> Generator[NetworkDriver]:
    """Within this context the device is there, greeted, and known to be the right one.

    Raises
    ------
    InputError
        If it is not.
    """
    built: NetworkBuild = here.built
    with ExitStack() as stack:
        try:
            device = NetworkDriver(open_port(here), built.chip, here.name, built.buffers)
            stack.enter_context(device)
        except (LinkError, DeviceError, PortError) as error:
            raise InputError(str(error)) from error
        yield device


def _headline(run: PlacedRun) -> str:
    board, blueprint = run.here.board, run.placement.blueprint
    where = "simulation" if run.here.port == SIM else run.here.port
    begun = f", {run.begun.step:,} of them done" if run.begun.step else ""
    return (
        f"{board.title} in {where}, chip {run.here.name}: {blueprint.neurons:,} neurons, "
        f"{blueprint.synapses:,} synapses, {run.asked.steps:,} steps of {blueprint.dt:g} ms{begun}"
    )


def advance(device: NetworkDriver, run: PlacedRun) -> tuple[OverflowError | None, BoardModel]:
    """Run until the end, or until the user stops it; return what overflowed, and what ran it."""
    models: list[BoardModel] = []

    def engine(_: Blueprint, state: NetworkState, taps: Sequence[Tap]) -> BoardModel:
        models.append(BoardModel(device, run.placement, state, taps))
        return models[-1]

    asked, before, problem = run.asked, run.begun.step, None
    with Patience() as patience, Display() as display:
        task = display.add_task("run", total=asked.steps, completed=before)

        def told(done: int) -> bool:
            display.tell(task, before + done, f"{asked.spikes.kept:,} spikes")
            return not patience.asked_to_stop

        try:
            asked.net.run(steps=asked.steps - before, engine=engine, progress=told)
        except OverflowError as error:
            problem = error
    return problem, models[0]


def equal(run: PlacedRun, model: BoardModel) -> bool:
    """Let the engine run the same, with the same rewards; tell whether spikes and state are."""
    asked, begun = run.asked, run.begun
    when, who, engine = expected(run, model)
    found, wanted = asked.net.state, engine.state()
    spikes = found.spikes == wanted.spikes
    if not asked.spikes.lost:
        new = asked.spikes.t >= begun.step
        spikes &= np.array_equal(asked.spikes.t[new], when)
        spikes &= np.array_equal(asked.spikes.i[new], who)
    if found.sha256() != wanted.sha256():
        OUT.print(f"not equal: state {found.sha256()}, expected {wanted.sha256()}")
    elif not spikes:
        OUT.print("not equal: the states are, and spikes differ")
    else:
        OUT.print("equal: spikes and state are the engine's")
    return spikes and found.sha256() == wanted.sha256()


def expected(run: PlacedRun, model: BoardModel) -> tuple[Array, Array, Engine]:
    """Return steps and neurons of the engine's spikes, and the engine behind the last step."""
    engine = Engine(run.asked.net.build().blueprint, run.begun)
    parts, step = [engine.spikes(0)], run.begun.step
    for at, group, amounts in model.given:
        parts.append(engine.spikes(at - step))
        engine.give(group, amounts)
        step = at
    parts.append(engine.spikes(run.asked.steps - step))
    when, who = (np.concatenate(column) for column in zip(*parts, strict=True))
    return when, who, engine
