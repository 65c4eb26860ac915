"""Networks as NIR graphs: weights as they are in integers, delays as Delay nodes.

A spike is later by a step in every layer than in tools without delays; of a delay of d steps, d - 1
become a Delay node. Learning, short-term plasticity, currents, noise and gap junctions have no
words in NIR: a network that has them is refused, so that nobody runs another one unawares.
"""

from pathlib import Path
from typing import Any

import nir
import numpy as np

from golden.builder.network import Network
from golden.builder.population import Population
from golden.cells import IF, LIF, CubaLIF, Delta, McCullochPitts, StepCurrent
from golden.command.atomic import write_atomically
from golden.interchange.notes import CELLS, INLETS, described, text
from golden.network.blueprint import Blueprint, Rows


def write(path: Path, net: Network) -> None:
    """Write a network to a file, whole or not at all.

    Raises
    ------
    ValueError
        If NIR has no words for something in it.
    OSError
        If the file cannot be written.
    """
    graph = exported(net)
    temporary = path.with_name(f".{path.name}.new")
    try:
        nir.write(temporary, graph)
        write_atomically(path, temporary.read_bytes())
    finally:
        temporary.unlink(missing_ok=True)


def exported(net: Network) -> nir.NIRGraph:
    """Return a network as a graph."""
    blueprint = net.build().blueprint
    if blueprint.drives or blueprint.gaps or any(r.release for r in blueprint.rows):
        raise ValueError(
            "a network for NIR must have no currents, noise, gap junctions or short-term plasticity"
        )
    nodes: dict[str, Any] = {}
    edges: list[tuple[str, str]] = []
    gains: dict[str, Any] = {}
    for population in net.populations.values():
        nodes[population.name], gains[population.name] = _node(blueprint, population)
        if not isinstance(nodes[population.name], nir.Input):
            nodes[f"{population.name} out"] = nir.Output({"output": np.array([population.size])})
            edges.append((population.name, f"{population.name} out"))
    for number, rows in enumerate(blueprint.rows):
        _add_rows(blueprint, rows, number, gains, nodes, edges)
    reading = {"dt": blueprint.dt / 1000}
    order = [p.name for p in net.populations.values()]
    return nir.NIRGraph(nodes, edges, metadata=text({"reading": reading, "order": order}))


def _target(blueprint: Blueprint, population: Population) -> str:
    """Return the one receptor at which a population's synapses end."""
    group = blueprint.groups[population.number]
    ends = {r.receptor for r in blueprint.rows if r.target == population.number}
    if len(ends) > 1:
        raise ValueError(
            f"synapses of {population.name} must end at one receptor for NIR, not at "
            f"{' and '.join(sorted(ends))}"
        )
    return ends.pop() if ends else group.receptor(None).name


def _node(blueprint: Blueprint, population: Population) -> tuple[Any, Any]:
    """Return a node, and what a weight here is divided by to be one of NIR."""
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
    return node, gain


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
        return cell.leak(dt) * cell.resistance
    if isinstance(inlet, Delta) and isinstance(cell, IF):
        return dt / np.asarray(cell.capacitance)
    raise ValueError(f"receptor {receptor} of {name} must be a jump or a current of a step for NIR")


def _add_rows(
    blueprint: Blueprint,
    rows: Rows,
    number: int,
    gains: dict[str, Any],
    nodes: dict[str, Any],
    edges: list[tuple[str, str]],
) -> None:
    """Add a connection: a Linear node for each of its delays, and a Delay behind it."""
    source, target = blueprint.groups[rows.source], blueprint.groups[rows.target]
    scale = target.receptor(rows.receptor).scale
    pre = np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start))
    gain = np.broadcast_to(np.asarray(gains[target.name]), (target.size,))
    for delay in np.unique(rows.delay):
        due = rows.delay == delay
        weight = np.zeros((target.size, source.size))
        real = scale.quantity(rows.weight[due], rows.post[due]) / gain[rows.post[due]]
        np.add.at(weight, (rows.post[due], pre[due]), real)
        name = f"{source.name} to {target.name} {number} {delay}"
        nodes[name] = nir.Linear(weight)
        edges.append((source.name, name))
        if delay > 1:
            wait = (int(delay) - 1) * blueprint.dt / 1000
            nodes[f"{name} wait"] = nir.Delay(np.full(target.size, wait))
            edges.append((name, f"{name} wait"))
            name = f"{name} wait"
        edges.append((name, target.name))
