"""A lock-step of the network core from options to result."""

from argparse import Namespace
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from golden.builder.units import how_long
from golden.command.console import OUT, InputError, judging
from golden.command.folder import CHECKPOINT, begin, claimed
from golden.command.frame import Parser
from golden.command.options import whole, within
from golden.command.results import write_json
from golden.network.placement import Placement
from sim.jobs.job import Stalls, compared
from sim.jobs.lock_step import MAX_STALLS, keep_waves, recipe_options, report_mismatch
from sim.jobs.network import NetworkFigures, NetworkJob
from sim.jobs.network_checkpoint import NetworkCheckpoint
from sim.jobs.network_chip import add_chip_options, named, one_family, smallest
from sim.jobs.taught import told_in_advance
from sim.records.comparison import Comparison
from sim.targets.target import open_target

SECOND = 1000
"""Of ms."""


@dataclass(frozen=True)
class NetworkLockStep:
    """What is compared, and where that is told."""

    network: str
    changes: tuple[str, ...]
    """``NAME=VALUE`` of the network's parameters."""
    seed: int | None
    """None: the network's own."""
    steps: int | None
    """None: as long as the network says."""
    every: int | None
    """None: a second."""
    fabric: str | None
    board: str | None
    """Whose family of parts and kinds of memories it is made for."""
    simulator: str
    share: float
    """Of the cycles in which each stream stands still."""
    waves: Path | None
    json: Path | None
    out: Path | None
    """Folder of the checkpoint, if there is to be one."""
    resume: bool

    @property
    def stalls(self) -> Stalls:
        """How the streams stand still."""
        return Stalls(self.share, self.seed or 1)


@dataclass(frozen=True)
class Chosen:
    """What options ask for."""

    placement: Placement
    steps: int
    every: int
    learning: tuple[bool, ...]
    """Of all rows whether they learn."""


def add_network_options(parser: Parser) -> None:
    """Add what `network_ordered` reads."""
    group = add_chip_options(parser)
    group.add_argument("--steps", type=whole, help="default: as long as the network says")
    group.add_argument(
        "--hash-every", type=whole, help="steps after which the state is read back (default: 1 s)"
    )
    group.add_argument(
        "--out", type=Path, help="folder of a checkpoint, which is written with every hash"
    )
    group.add_argument("--resume", action="store_true", help="go on with the checkpoint of --out")


def network_ordered(args: Namespace, simulator: str) -> NetworkLockStep:
    """Return what the options ask for.

    Raises
    ------
    InputError
        If a number is out of range, or an option is of the other core.
    """
    for option, value in [("--model", args.model), *recipe_options(args)]:
        if value is not None and option != "--set":
            raise InputError(f"{option} must be of the dense core, not with --network")
    for name in ("steps", "hash_every"):
        if getattr(args, name) is not None:
            within(f"--{name.replace('_', '-')}", getattr(args, name), 1)
    if not 0 <= args.stalls <= MAX_STALLS:
        raise InputError(f"--stalls must be 0 to {MAX_STALLS}, not {args.stalls}")
    one_family(args)
    if args.resume and not args.out:
        raise InputError("--resume must have --out")
    return NetworkLockStep(
        args.network,
        tuple(args.set),
        args.seed,
        args.steps,
        args.hash_every,
        args.fabric,
        args.board,
        simulator,
        args.stalls,
        args.waves,
        args.json,
        args.out,
        args.resume,
    )


def network_chosen(order: NetworkLockStep) -> Chosen:
    """Build the network, and place it on the smallest chip.

    Raises
    ------
    ValueError
        If that is impossible.
    """
    script, net = named(order.network, order.seed, order.changes)
    steps = how_long(net.dt, None if order.steps else script.duration, order.steps)
    placement = told_in_advance(net, smallest(net, order.fabric, order.board), steps)
    every = order.every or max(1, round(SECOND / net.dt))
    return Chosen(placement, steps, every, net.who_learns())


def network_compared(order: NetworkLockStep) -> dict[str, Any]:
    """Compare, tell and write how it went; return it.

    Raises
    ------
    InputError
        If that is impossible.
    """
    with judging():
        chosen = network_chosen(order)
        job = NetworkJob(chosen.placement, chosen.steps, chosen.every, learning=chosen.learning)
    OUT.print(_headline(order, chosen), markup=False)
    with claimed(order.out, order.resume) if order.out else nullcontext() as folder:
        if folder:
            _keep_in(folder, job, order.resume)
        opened = partial(open_target, order.simulator)
        comparison = compared(job, order.stalls, order.simulator, opened)
        return _conclude(order, chosen, job, comparison)


def _keep_in(folder: Path, job: NetworkJob, resume: bool) -> None:
    """Let a job go on from a checkpoint, and keep how far it comes."""
    checkpoint = NetworkCheckpoint(folder / CHECKPOINT, job.placement)
    begin(folder, (), (lambda _: job.go_on(checkpoint.load())) if resume else None)
    job.keep = checkpoint.save


def _headline(order: NetworkLockStep, chosen: Chosen) -> str:
    """Return what is compared, on one line."""
    blueprint, chip = chosen.placement.blueprint, chosen.placement.chip
    kinds = ", ".join(kind.name for kind in chip.kinds)
    return (
        f"{order.network}: {blueprint.neurons:,} neurons, {blueprint.synapses:,} synapses; kinds "
        f"{kinds} for {chip.fabric.name}; {chosen.steps:,} steps of {blueprint.dt:g} ms; seed "
        f"{blueprint.seed}; {order.simulator}"
    )


def _conclude(
    order: NetworkLockStep, chosen: Chosen, job: NetworkJob, comparison: Comparison[NetworkFigures]
) -> dict[str, Any]:
    """Tell and write how it went; return it."""
    result = _outcome(order, chosen, job, comparison)
    if order.json:
        write_json(order.json, result)
    _report(result, comparison)
    keep_waves(order.waves, comparison)
    return result


def _outcome(
    order: NetworkLockStep, chosen: Chosen, job: NetworkJob, comparison: Comparison[NetworkFigures]
) -> dict[str, Any]:
    figures, last = comparison.figures, job.checks[-1] if job.checks else None
    walking, running = figures.phases["WALK"], figures.phases["RUN"]
    return {
        "equal": not comparison.mismatch and last is not None and last.equal,
        "simulator": order.simulator,
        "network": order.network,
        "changes": list(order.changes),
        "seed": chosen.placement.blueprint.seed,
        "neurons": chosen.placement.blueprint.neurons,
        "synapses": chosen.placement.blueprint.synapses,
        "kinds": len(chosen.placement.chip.kinds),
        "fabric": chosen.placement.chip.fabric.name,
        "stalls": order.share,
        "steps": last.step if last else 0,
        "queue": chosen.placement.chip.queue,
        "lost": last.lost if last else 0,
        "cycles": figures.cycles,
        "cycles_of_loading": figures.loading,
        "cycles_per_second": round(comparison.speed),
        "arrivals": figures.arrivals,
        "spikes": figures.spikes,
        "phases": dict(figures.phases),
        "walk_with_an_arrival": round(figures.arrivals / max(1, walking), 4),
        "run_with_a_neuron_entering": round(figures.entered / max(1, running), 4),
        "state_sha256": last and last.got,
        "expected_state_sha256": last and last.expected,
        "mismatch": asdict(comparison.mismatch) if comparison.mismatch else None,
    }


def _report(result: dict[str, Any], comparison: Comparison[NetworkFigures]) -> None:
    phases = ", ".join(f"{name} {cycles:,}" for name, cycles in result["phases"].items() if cycles)
    OUT.print(
        f"{result['cycles']:,} cycles equal, {result['cycles_per_second']:,} a second; "
        f"{result['arrivals']:,} arrivals, {result['spikes']:,} spikes; "
        f"{result['walk_with_an_arrival']:.1%} of WALK has an arrival, "
        f"{result['run_with_a_neuron_entering']:.1%} of RUN a neuron entering\n"
        f"cycles: loading {result['cycles_of_loading']:,}, {phases}",
        markup=False,
    )
    if comparison.mismatch:
        report_mismatch(comparison)
    elif result["equal"]:
        OUT.print(f"equal; state {result['state_sha256']}", markup=False)
    elif result["lost"]:
        OUT.print(
            f"not equal after step {result['steps']}: the queue of {result['queue']:,} places has "
            f"lost {result['lost']:,} spikes on their way",
            markup=False,
        )
    else:
        OUT.print(
            f"not equal after step {result['steps']}: state {result['state_sha256']}, expected "
            f"{result['expected_state_sha256']}",
            markup=False,
        )
