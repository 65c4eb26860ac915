"""What the host says over the bus to put a network into a core, and to read it back."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense.core import State
from golden.dense.params import Params
from hdl.dense.host import Region
from hdl.dense.layout import Layout, index_bits
from hdl.dense.registers import register_map, values

MASK = (1 << 32) - 1
SCALARS = ("offset", "lfsr", "presented")
"""What is in registers of a state; a core made without the offset has no register for it."""


class Request(NamedTuple):
    """One request of the host: payload of the core's stream ``bus``."""

    write: int
    region: int
    index: int  # pyright: ignore[reportIncompatibleMethodOverride]  # The word of the page.
    data: int = 0


def register_types(built: Params) -> list[tuple[str, int, bool]]:
    """Return name, bits and signedness of every register, by index."""
    return [(name, kind.width, kind.signed) for name, kind in register_map(built).items()]


def parameters(p: Params, built: Params) -> Iterator[Request]:
    """Write the registers and tables that make a core for ``built`` run ``p``.

    Raises
    ------
    ValueError
        If the core cannot run ``p``.
    """
    yield from _registers(built, values(p, built))
    for first, gains in ((0, p.a_plus), (built.ltp_window, p.a_late)):
        for index, gain in enumerate(gains):
            yield Request(1, Region.TABLE.value, first + index, gain)


def state(p: Params, built: Params, network: State) -> Iterator[Request]:
    """Write everything that learning changes.

    Raises
    ------
    ValueError
        If the core has no place for the common offset.
    """
    if network.offset and not built.offset_plus:
        raise ValueError(f"offset must be 0 in a core made without, not {network.offset}")
    yield from weights(built, 0, network.w)
    for neuron, theta in enumerate(network.theta.tolist()):
        yield Request(1, Region.THETA.value, _place(built, 0, neuron), theta)
    for axon, last in enumerate(network.last.tolist()):
        yield Request(1, Region.LAST.value, axon, last)
    scalars = {
        "offset": network.offset,
        "lfsr": network.lfsr,
        "presented": network.presented,
        "decay_count": network.presented % p.theta_decay_period,
    }
    yield from _registers(built, scalars)


def labels(
    built: Params, classes: NDArray[np.int64] | None, votes: NDArray[np.int64] | None
) -> Iterator[Request]:
    """Write the neurons' classes, (n_neurons,), and the tables of `golden.dense.classifier`."""
    at = Layout(built)
    if classes is not None and at.class_rows:
        yield from weights(built, at.class_row, _parts(built, classes[None], at.class_rows))
    if votes is not None:
        rows = np.moveaxis(votes, 1, 2).reshape(-1, built.n_neurons)
        yield from weights(built, at.vote_row, _parts(built, rows, at.vote_rows))


def weights(built: Params, first_row: int, rows: NDArray[np.int64]) -> Iterator[Request]:
    """Write rows of the weight memory, (n_rows, n_neurons)."""
    stored = (rows & ((1 << built.weight_bits) - 1)).tolist()
    for row, numbers in enumerate(stored, start=first_row):
        for neuron, number in enumerate(numbers):
            yield Request(1, Region.WEIGHTS.value, _place(built, row, neuron), number)


def readback(built: Params) -> Iterator[Request]:
    """Read everything that learning changes; `read` makes a state of the answers."""
    for axon in range(built.n_axons):
        for neuron in range(built.n_neurons):
            yield Request(0, Region.WEIGHTS.value, _place(built, axon, neuron))
    for neuron in range(built.n_neurons):
        yield Request(0, Region.THETA.value, _place(built, 0, neuron))
    for axon in range(built.n_axons):
        yield Request(0, Region.LAST.value, axon)
    names = list(register_map(built))
    for name in SCALARS:
        if name in names:
            yield Request(0, Region.REGISTERS.value, names.index(name))


def read(built: Params, answers: NDArray[np.int64]) -> State:
    """Return the state that the answers to `readback` tell."""
    n_weights = built.n_axons * built.n_neurons
    w, theta, last, scalars = np.split(
        answers.astype(np.int64),
        np.cumsum([n_weights, built.n_neurons, built.n_axons]),
    )
    names = [name for name in SCALARS if name in register_map(built)]
    found = dict.fromkeys(SCALARS, 0) | dict(zip(names, scalars.tolist(), strict=True))
    w = np.asarray(built.w.wrap(w)).reshape(built.n_axons, built.n_neurons)
    return State(w, theta, found["offset"], last, found["lfsr"], found["presented"])


def _registers(built, numbers):
    for index, name in enumerate(register_map(built)):
        if name in numbers:
            yield Request(1, Region.REGISTERS.value, index, numbers[name] & MASK)


def _place(built, row, neuron):
    """Return the index of a neuron's lane in a row."""
    word, lane = divmod(neuron, built.n_lanes)
    return (row * built.n_words + word) << index_bits(built.n_lanes) | lane


def _parts(built, rows, n_parts):
    """Split numbers into the rows that hold them, low bits first."""
    shifts = built.weight_bits * np.arange(n_parts)
    return (rows[:, None, :] >> shifts[None, :, None]).reshape(-1, built.n_neurons)
