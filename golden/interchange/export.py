"""Networks as NIR graphs: weights as they are in integers, delays as Delay nodes.

A spike is later by a step in every layer than in tools without delays; of a delay of d steps, d - 1
become a Delay node. A current that always flows is the bias of an Affine that nothing arrives at.
Learning, short-term plasticity, other currents, noise and gap junctions have no words in NIR: a
network that has them is refused, so that nobody runs another one unawares. Several connections of
two populations become one, whose weights are added up.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import nir
import numpy as np

from golden.builder.network import Network
from golden.builder.population import Population
from golden.cells import IF, LIF, CubaLIF, Delta, McCullochPitts, StepCurrent
from golden.cells.program import Receptor
from golden.command.atomic import write_atomically
from golden.interchange.notes import CELLS, INLETS, described, text
from golden.interchange.safety import refuse_hostile
from golden.network.blueprint import Blueprint, Rows


def write(path: Path, net: Network) -> None:
    """Write a network to a file, whole or not at all.

    Raises
    ------
    ValueError
        If NIR has no words for something in it, or the file would be too large to be read.
    OSError
        If the file cannot be written.
    """
    graph = exported(net)
    temporary = path.with_name(f".{path.name}.new")
    try:
        nir.write(temporary, graph)
        with h5py.File(temporary, "r") as file:
            refuse_hostile(file)
        write_atomically(path, temporary.read_bytes())
    finally:
        temporary.unlink(missing_ok=True)


def exported(net: Network) -> nir.NIRGraph:
    """Return a network as a graph."""
    blueprint = net.build().blueprint
    _refuse(blueprint)
    nodes: dict[str, Any] = {}
    edges: list[tuple[str, str]] = []
    gains: dict[str, Any] = {}
    for population in net.populations.values():
        nodes[population.name], gains[population.name] = _node(blueprint, population)
    links: dict[tuple[int, int], list[Rows]] = {}
    for rows in blueprint.rows:
        links.setdefault((rows.source, rows.target), []).append(rows)
    for population in net.populations.values():
        if blueprint.groups[population.number].program is None:
            continue
        shown = _fresh(nodes, f"{population.name} out")
        nodes[shown] = nir.Output({"output": np.array([population.size])})
        edges.append((population.name, shown))
        _add_constant(blueprint, population, gains[population.name], nodes, edges)
    for pair, rows in links.items():
        _add_link(blueprint, pair, rows, gains, nodes, edges)
    names = [group.name for group in blueprint.groups]
    metadata = {
        "reading": {"dt": blueprint.dt / 1000},
        "order": names,
        "links": [(names[source], names[target]) for source, target in links],
    }
    # Unchecked, as nir gives an Input to every layer into which nothing leads.
    return nir.NIRGraph(nodes, edges, metadata=text(metadata), type_check=False)


def _refuse(blueprint: Blueprint) -> None:
    """Refuse what NIR has no words for."""
    steady = all(d.deviation is None and d.changes.tolist() == [0] for d in blueprint.drives)
    changing = any(r.release or r.learning for r in blueprint.rows)
    if not steady or blueprint.gaps or changing or blueprint.rewards:
        raise ValueError(
            "a network for NIR must have no currents but those that always flow, no noise, gap "
            "junctions, short-term plasticity or learning"
        )
    for group in blueprint.groups:
        if set(group.name) & set("/\0") or not group.name.strip("."):
            raise ValueError(f"name of a population must have no / for NIR, not {group.name!r}")


def _fresh(nodes: Mapping[str, Any], name: str) -> str:
    """Return a name that no node has."""
    while name in nodes:
        name += "'"
    return name


def _target(blueprint: Blueprint, population: Population) -> str:
    """Return the one receptor at which a population's synapses and currents end."""
    group = blueprint.groups[population.number]
    ends = {r.receptor for r in blueprint.rows if r.target == population.number}
    ends |= {d.receptor for d in blueprint.drives if d.group == population.number}
    if len(ends) > 1:
        raise ValueError(
            f"synapses and currents of {population.name} must end at one receptor for NIR, not at "
            f"{' and '.join(sorted(ends))}"
        )
    return ends.pop() if ends else group.receptor(None).name


def _node(blueprint: Blueprint, population: Population) -> tuple[Any, Any]:
    """Return a node, and of each neuron what a weight is divided by to be one of NIR."""
    n = population.size
    if blueprint.groups[population.number].program is None:
        return nir.Input({"input": np.array([n])}), None
    cell: Any = population.what
    if type(cell) not in CELLS.values() or population.winners is not None:
        raise ValueError(
            f"{population.name} must have cells of {', '.join(CELLS)} without competition for NIR"
        )
    receptor = _target(blueprint, population)
    gain = _gain(cell, receptor, population.name, blueprint.dt)
    node = _translated(cell, n, blueprint.dt / 1000)
    node.metadata = described(cell, gain, receptor)
    return node, np.broadcast_to(gain, (n,))


def _translated(cell: Any, n: int, seconds: float) -> Any:
    """Return NIR's node for a cell; of a CubaLIF one whose r w_in is 1 after Euler steps."""

    def each(value: Any) -> np.ndarray:
        return np.broadcast_to(np.asarray(value, np.float64), (n,)).copy()

    if isinstance(cell, McCullochPitts):
        return nir.Threshold(each(cell.threshold))
    limits: dict[str, Any] = {"v_threshold": each(cell.threshold), "v_reset": each(cell.reset)}
    if isinstance(cell, IF):
        return nir.IF(each(1000 / np.asarray(cell.capacitance)), **limits)
    if isinstance(cell, LIF):
        tau = each(np.asarray(cell.tau) / 1000)
        return nir.LIF(tau=tau, r=each(cell.resistance), v_leak=each(cell.rest), **limits)
    return nir.CubaLIF(
        tau_syn=each(seconds / np.asarray(cell.du)),
        tau_mem=each(seconds / np.asarray(cell.dv)),
        r=each(1 / np.asarray(cell.dv)),
        v_leak=each(cell.rest),
        w_in=each(1 / np.asarray(cell.du)),
        **limits,
    )


def _gain(cell: Any, receptor: str, name: str, dt: float) -> Any:
    """Return what NIR's weight is multiplied by: of a current 1, of a jump what it lifts v by."""
    inlets = {x.name: x for x in getattr(cell, INLETS, ())}
    inlet = inlets.get(receptor)
    if isinstance(cell, McCullochPitts) or isinstance(cell, CubaLIF) and receptor == "synapse":
        return 1.0
    if isinstance(inlet, StepCurrent):
        return 1.0
    if isinstance(inlet, Delta) and isinstance(cell, LIF):
        return cell.leak(dt) * np.asarray(cell.resistance)
    if isinstance(inlet, Delta) and isinstance(cell, IF):
        return dt / np.asarray(cell.capacitance)
    raise ValueError(f"receptor {receptor} of {name} must be a jump or a current of a step for NIR")


def _real(
    receptor: Receptor, gain: np.ndarray, total: np.ndarray, post: np.ndarray, between: str
) -> np.ndarray:
    """Return sums of integers in NIR's unit; what comes back must fit a word."""
    most = (1 << (receptor.width - 1)) - 1
    if (np.abs(total) > most).any():
        limit = np.min(receptor.scale.quantity(most))
        raise ValueError(f"weights of {between} must add up to at most {limit:g} for NIR")
    return receptor.scale.quantity(total, post) / gain[post]


def _add_constant(
    blueprint: Blueprint,
    population: Population,
    gain: Any,
    nodes: dict[str, Any],
    edges: list[tuple[str, str]],
) -> None:
    """Add what always flows into a population, behind weights of 0 of its own spikes."""
    drives = [d for d in blueprint.drives if d.group == population.number]
    if not drives:
        return
    name, size = population.name, population.size
    total = np.zeros(size, np.int64)
    for drive in drives:
        total[drive.first : drive.first + drive.levels.shape[1]] += drive.levels[0]
    receptor = blueprint.groups[population.number].receptor(drives[0].receptor)
    bias = _real(receptor, gain, total, np.arange(size), f"currents into {name}")
    nothing = _fresh(nodes, f"{name} nothing")
    nodes[nothing] = nir.Linear(np.zeros((1, size)))
    constant = _fresh(nodes, f"{name} constant")
    nodes[constant] = nir.Affine(np.zeros((size, 1)), bias)
    edges += [(name, nothing), (nothing, constant), (constant, name)]


def _add_link(
    blueprint: Blueprint,
    pair: tuple[int, int],
    connections: list[Rows],
    gains: dict[str, Any],
    nodes: dict[str, Any],
    edges: list[tuple[str, str]],
) -> None:
    """Add a Linear node for each delay between two populations, and a Delay behind it."""
    source, target = (blueprint.groups[k] for k in pair)
    receptor = target.receptor(connections[0].receptor)
    neurons = np.arange(source.size)
    pre = np.concatenate([np.repeat(neurons, np.diff(r.start)) for r in connections])
    post, weight, delays = (
        np.concatenate([getattr(r, what).astype(np.int64) for r in connections])
        for what in ("post", "weight", "delay")
    )
    between = f"{source.name} to {target.name}"
    for delay in np.unique(delays):
        due = delays == delay
        total = np.zeros((target.size, source.size), np.int64)
        np.add.at(total, (post[due], pre[due]), weight[due])
        ends = np.nonzero(total)
        real = np.zeros(total.shape)
        real[ends] = _real(receptor, gains[target.name], total[ends], ends[0], between)
        name = _fresh(nodes, f"{between} {delay}")
        nodes[name] = nir.Linear(real)
        edges.append((source.name, name))
        if delay > 1:
            wait = (int(delay) - 1) * blueprint.dt / 1000
            later = _fresh(nodes, f"{name} wait")
            nodes[later] = nir.Delay(np.full(target.size, wait))
            edges.append((name, later))
            name = later
        edges.append((name, target.name))
