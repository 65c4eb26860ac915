"""NIR files: any graph of the neuromorphic intermediate representation as a network.

Everything between two layers of neurons becomes synapses (`golden.interchange.linear`), every layer
a population (`golden.interchange.neurons`). A spike takes one step from layer to layer, so that
layer n behind the input is n steps late (`Imported.latency`); NIR itself has no such delay.

What `golden.interchange.export` wrote comes back with the same integers.
"""

import pathlib
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import h5py
import nir
import numpy as np

from golden.builder.connectors import Connector, Pairs
from golden.builder.inputs import SpikeTrain
from golden.builder.network import Network
from golden.builder.population import Population
from golden.interchange.linear import Path
from golden.interchange.links import Links, taken_apart
from golden.interchange.neurons import Layer, Reading, layer
from golden.interchange.notes import KEY, note, noted, ordered, sense
from golden.interchange.safety import NirFileError, refuse_hostile

TRAINED_ZEROS = 0.01
"""Share of trained weights that may become 0."""
Spikes = tuple[Any, Any]
"""Steps and neurons."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A network from a NIR file."""

    net: Network
    populations: Mapping[str, Population]
    """By the name of the node."""
    latency: Mapping[str, int]
    """Steps by which a layer is later than in a simulator without delays."""
    outputs: Mapping[str, str]
    """Which layer an Output shows."""


def read(path: pathlib.Path) -> nir.NIRGraph:
    """Read a file.

    Raises
    ------
    ValueError
        If it is none, truncated, too large, or says what is impossible.
    """
    try:
        with h5py.File(path, "r") as file:
            refuse_hostile(file)
            # In a file of ours are all Inputs: nir must not add others.
            own = f"node/metadata/{KEY}" in file
        return nir.read(path, type_check=not own)
    except NirFileError as error:
        raise ValueError(f"{path}: {error}") from None
    except OSError as error:
        if not path.is_file():
            raise ValueError(f"{path} must be a file that can be read") from error
        raise ValueError(f"{path} must be a NIR file, not damaged or of another kind") from error
    except Exception as error:  # nir asserts, indexes and unpacks what a file says, unchecked
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise ValueError(f"{path} must be a NIR graph that makes sense: {said}") from error


def imported(
    graph: nir.NIRGraph,
    reading: Reading | None = None,
    spikes: Mapping[str, Spikes] | None = None,
    seed: int = 1,
) -> Imported:
    """Turn a graph into a network.

    Parameters
    ----------
    reading : Reading or None
        None: as the file's metadata say, if Goldspike wrote it.
    spikes : mapping from Inputs to (steps, neurons)
        What they send; nothing if it is left out.

    Raises
    ------
    ValueError
        If something in the graph cannot be done.
    """
    reading = reading or _reading(graph)
    links = taken_apart(graph, reading.dt)
    net = Network(dt=reading.dt * 1000, seed=seed, any_step=True)
    links.layers, links.paths = ordered(links.layers, links.paths, graph)
    made = _populations(net, links, reading, spikes or {})
    for (source, target), path in links.paths.items():
        if isinstance(links.layers[source], nir.Input):
            _refuse_mixed(links, source)
        _connect(net, made[source][0], made[target], path)
    populations = {name: population for name, (population, _) in made.items()}
    return Imported(net, populations, _latencies(links), dict(links.outputs))


def _reading(graph: nir.NIRGraph) -> Reading:
    """Return how the file is to be understood, from what Goldspike wrote into it."""
    if KEY not in graph.metadata:
        raise ValueError("dt must be given: a NIR file does not say it")
    with sense():
        return Reading(**note(graph)["reading"])


def _refuse_mixed(links: Links, source: str) -> None:
    if source in links.outputs.values():
        raise ValueError(f"Input {source} must lead to neurons, not at once to an Output too")


def _drive(links: Links, name: str) -> float:
    """Return the largest sum of absolute weights, and constants, of a neuron."""
    total: Any = np.abs(links.constants.get(name, 0.0))
    for (_, target), path in links.paths.items():
        if target == name:
            for matrix in path.values():
                total = total + np.asarray(abs(matrix).sum(axis=1)).ravel()
    return float(np.max(total))


def _populations(
    net: Network, links: Links, reading: Reading, spikes: Mapping[str, Spikes]
) -> dict[str, tuple[Population, Layer | None]]:
    made: dict[str, tuple[Population, Layer | None]] = {}
    for name in spikes:
        if not isinstance(links.layers.get(name), nir.Input):
            inputs = ", ".join(n for n, x in links.layers.items() if isinstance(x, nir.Input))
            raise ValueError(f"spikes must be for one of {inputs}, not for {name}")
    for name, node in links.layers.items():
        if isinstance(node, nir.Input):
            steps, neurons = spikes.get(name, ([], []))
            times = np.asarray(steps, np.float64) * net.dt
            size = int(np.prod(node.input_type["input"]))
            made[name] = net.input(size, SpikeTrain(times, neurons), name), None
            continue
        size = int(np.prod(node.output_type["output"]))
        found = noted(node) or layer(node, name, reading, _drive(links, name))
        made[name] = net.population(size, found.cell, name), found
        if name in links.constants:
            amount = np.broadcast_to(links.constants[name] * found.gain / found.pulse, (size,))
            net.current(made[name][0], amount, receptor=found.receptor)
    return made


def _connect(
    net: Network, source: Population, target: tuple[Population, Layer | None], path: Path
) -> None:
    """Make synapses of a way, whatever their delays."""
    population, found = target
    if found is None:
        raise ValueError(f"{population.name} must be a layer of neurons")
    entries = {delay: matrix.tocoo() for delay, matrix in sorted(path.items())}
    post, pre = np.concatenate([m.coords for m in entries.values()], axis=1)
    late = np.repeat([delay + 1 for delay in entries], [m.nnz for m in entries.values()])
    value = np.concatenate([m.data for m in entries.values()])
    there = value != 0
    if not there.any():
        return
    pre, post, late = pre[there].astype(np.int64), post[there].astype(np.int64), late[there]
    weight = value[there] * np.broadcast_to(found.gain, (population.size,))[post]
    ends = Connector(f"NIR ({len(pre)} pairs)", lambda *_: Pairs(pre, post))
    net.connect(
        source, population, ends, weight, late * net.dt, found.receptor, zeros=TRAINED_ZEROS
    )


def _latencies(links: Links) -> dict[str, int]:
    """Return how many steps the shortest way from an Input takes."""
    after = defaultdict(list)
    for source, target in links.paths:
        after[source].append(target)
    late = {n: 0 for n, x in links.layers.items() if isinstance(x, nir.Input)}
    waiting = deque(late)
    while waiting:
        name = waiting.popleft()
        for target in after[name]:
            if target not in late:
                late[target] = late[name] + 1
                waiting.append(target)
    return late
