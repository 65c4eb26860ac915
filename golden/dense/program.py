"""What the host says over the bus to put a network into a core, and to read it back."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from golden.dense.core import State
from golden.dense.declaration import DATA
from golden.dense.interface import BusRequest, MemoryMap, Region
from golden.dense.params import Params
from golden.dense.registers import STATE, register_map, values

SCALARS = [name for name in STATE if name in State._fields]
"""What is in registers of a state, if the core has them: see `golden.dense.registers.STATE`."""


def register_types(built: Params) -> list[tuple[str, int, bool]]:
    """Return name, bits and signedness of every register, by index."""
    return [(name, kind.width, kind.signed) for name, kind in register_map(built).items()]


def parameters(p: Params, built: Params) -> Iterator[BusRequest]:
    """Write the registers and tables that make a core for ``built`` run ``p``.

    Raises
    ------
    ValueError
        If the core cannot run ``p``.
    """
    yield from _registers(built, values(p, built))
    for first, gains in ((0, p.a_plus), (built.ltp_window, p.a_late)):
        for index, gain in enumerate(gains):
            yield BusRequest(1, Region.TABLE, first + index, gain)


def state(p: Params, built: Params, network: State) -> Iterator[BusRequest]:
    """Write everything that learning changes.

    Raises
    ------
    ValueError
        If the core has no place for the common offset.
    """
    place = MemoryMap(built).place
    if network.offset and not built.offset_plus:
        raise ValueError(f"offset must be 0 in a core made without, not {network.offset}")
    yield from weights(built, 0, network.w)
    for neuron, theta in enumerate(network.theta.tolist()):
        yield BusRequest(1, Region.THETA, place(0, neuron), theta)
    for axon, last in enumerate(network.last.tolist()):
        yield BusRequest(1, Region.LAST, axon, last)
    yield from _registers(built, scalars(p, network))


def scalars(p: Params, network: State) -> dict[str, int]:
    """Return what the registers of `golden.dense.registers.STATE` hold."""
    kept = {name: getattr(network, name) for name in SCALARS}
    return kept | {"decay_count": network.presented % p.theta_decay_period}


def labels(
    built: Params, classes: NDArray[np.int64] | None, votes: NDArray[np.int64] | None
) -> Iterator[BusRequest]:
    """Write the neurons' classes, (n_neurons,), and the tables of `golden.dense.classifier`."""
    places = MemoryMap(built)

    def rows(numbers, parts):
        return np.moveaxis(places.split(numbers, parts), 0, 1).reshape(-1, built.n_neurons)

    if classes is not None and places.class_parts:
        yield from weights(built, places.class_row, rows(classes[None], places.class_parts))
    if votes is not None:
        tables = np.moveaxis(votes, 1, 2).reshape(-1, built.n_neurons)
        yield from weights(built, places.vote_row, rows(tables, places.vote_parts))


def weights(built: Params, first_row: int, rows: NDArray[np.int64]) -> Iterator[BusRequest]:
    """Write rows of the weight memory, (n_rows, n_neurons)."""
    place = MemoryMap(built).place
    stored = (rows & ((1 << built.weight_bits) - 1)).tolist()
    for row, numbers in enumerate(stored, start=first_row):
        for neuron, number in enumerate(numbers):
            yield BusRequest(1, Region.WEIGHTS, place(row, neuron), number)


def readback(built: Params) -> Iterator[BusRequest]:
    """Read everything that learning changes; `read` makes a state of the answers."""
    place = MemoryMap(built).place
    for axon in range(built.n_axons):
        for neuron in range(built.n_neurons):
            yield BusRequest(0, Region.WEIGHTS, place(axon, neuron))
    for neuron in range(built.n_neurons):
        yield BusRequest(0, Region.THETA, place(0, neuron))
    for axon in range(built.n_axons):
        yield BusRequest(0, Region.LAST, axon)
    names = list(register_map(built))
    for name in SCALARS:
        if name in names:
            yield BusRequest(0, Region.REGISTERS, names.index(name))


def read(built: Params, answers: NDArray[np.int64], presented: int = 0) -> State:
    """Return the state that the answers to `readback` tell.

    Parameters
    ----------
    presented : int
        Learning presentations, if the core does not count them: nothing that it does depends on it.
    """
    n_weights = built.n_axons * built.n_neurons
    w, theta, last, kept = np.split(
        answers.astype(np.int64),
        np.cumsum([n_weights, built.n_neurons, built.n_axons]),
    )
    names = [name for name in SCALARS if name in register_map(built)]
    found = {"offset": 0, "presented": presented} | dict(zip(names, kept.tolist(), strict=True))
    w = np.asarray(built.w.wrap(w)).reshape(built.n_axons, built.n_neurons)
    return State(w, theta, found["offset"], last, found["lfsr"], found["presented"])


def _registers(built, numbers):
    for index, name in enumerate(register_map(built)):
        if name in numbers:
            yield BusRequest(1, Region.REGISTERS, index, DATA.wrap(numbers[name]))
