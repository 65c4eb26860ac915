"""Potentials for the report: what the network records itself, or the begin of the run once more."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from golden.builder.monitors.monitor import LIMIT, SpikeMonitor, StateMonitor
from golden.builder.monitors.recording import monitored
from golden.builder.network import Network
from golden.builder.population import Part, Population
from golden.builder.runner import Runner
from golden.network.state import NetworkState
from golden.pictures.alone import single, threshold
from golden.pictures.chart import Picture
from golden.pictures.potentials import potentials
from golden.simulation.samples import shown_steps

MOST_TRACES = 20


@dataclass(frozen=True, slots=True)
class Traces:
    """A drawing and what it shows."""

    picture: Picture
    caption: str


def traces(net: Network, spikes: SpikeMonitor, engine: str) -> list[Traces]:
    """Return drawings of state variables; none if there is no cell.

    Parameters
    ----------
    spikes : SpikeMonitor
        Of all neurons, from the begin of the run.
    """
    own = [m for m in net.monitors if isinstance(m, StateMonitor) and len(m.t) > 1]
    if own:
        return [
            Traces(m.plot(spikes), f"{m.label}, as it was recorded.")
            for m in own
            if len(m.tap.neurons) <= MOST_TRACES
        ]
    steps = min(net.state.step, shown_steps(net))
    chosen = _chosen(net, spikes, steps)
    if not chosen or steps < 2:
        return []
    return [
        Traces(
            _again(net, spikes, chosen, steps, engine),
            f"Potentials of some neurons in the first {steps * net.dt:g} ms, with the thresholds "
            "that spikes reach.",
        )
    ]


def _chosen(net: Network, spikes: SpikeMonitor, steps: int) -> list[tuple[Population, int]]:
    """Return neurons of every population with a potential, among those that spike if some do."""
    groups = net.build().blueprint.groups
    programs = {p: groups[p.number].program for p in net.populations.values()}
    cells = [p for p, program in programs.items() if program and program.potential][:MOST_TRACES]
    each = max(1, 6 // len(cells)) if cells else 0
    ends = np.cumsum([p.size for p in net.populations.values()])
    firsts = {p.name: int(ends[p.number]) - p.size for p in net.populations.values()}
    early = np.unique(spikes.i[spikes.t < steps])
    found = []
    for cell in cells:
        here = early[(early >= firsts[cell.name]) & (early < firsts[cell.name] + cell.size)]
        known = here - firsts[cell.name] if len(here) else np.arange(cell.size)
        places = np.unique(np.linspace(0, len(known) - 1, min(each, len(known))).astype(int))
        found += [(cell, int(known[place])) for place in places]
    return found


def _again(
    net: Network,
    spikes: SpikeMonitor,
    chosen: list[tuple[Population, int]],
    steps: int,
    engine: str,
) -> Picture:
    """Run the begin once more, which gives the same bits, and record potentials."""
    blueprint = net.build().blueprint
    programs = {cell.number: blueprint.groups[cell.number].program for cell, _ in chosen}
    monitors = [
        monitored(
            (Part(cell, k, 1),), [0], program.potential, 1, net.dt, LIMIT, program.operand_bits
        )
        for cell, k in chosen
        if (program := programs[cell.number])
    ]
    with suppress(OverflowError):
        # The run itself has told.
        Runner(blueprint, NetworkState.start(blueprint), monitors, engine).run(steps)
    seen = [m for m in monitors if isinstance(m, StateMonitor)]
    ends = [spikes.of(cell, k) for cell, k in chosen]
    return potentials(
        seen[0].times,
        np.concatenate([m.values for m in seen], axis=1),
        [cell.label(k) for cell, k in chosen],
        [times[times < steps * net.dt] for times in ends],
        [threshold(single(program, k)) for cell, k in chosen if (program := programs[cell.number])],
        _axis(seen),
    )


def _axis(monitors: list[StateMonitor]) -> str:
    """Return what potentials are called, if all are called the same."""
    names = {m.scale.axis(m.tap.variable) for m in monitors}
    return names.pop() if len(names) == 1 else "potential"
