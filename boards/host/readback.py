"""A whole model from what a device holds: parameters, state, classes and votes."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boards.host.dense import DenseDriver
from boards.host.info import DeviceError
from golden.dense import program
from golden.dense.interface import BusRequest, MemoryMap, Region
from golden.dense.params import Params
from golden.dense.registers import params, register_map
from golden.dense.reward import in_turns
from golden.training.model_file import Model


def model(device: DenseDriver, about: dict[str, Any]) -> Model:
    """Read everything back.

    Raises
    ------
    DeviceError
        If the device holds no network: it has been switched on and not loaded.
    """
    state = device.state()
    try:
        p = _params(device)
        state.check(p)
        classes, votes = _labels(device, p)
        p.vote.check(votes)
    except (ValueError, OverflowError) as error:
        raise DeviceError(f"the device must hold a network: {error}") from error
    return Model(p, state, classes, votes, about)


def _params(device: DenseDriver) -> Params:
    """Return what the registers and the table of gains say, else what the core is made for."""
    built, kinds = device.built, register_map(device.built)
    words = _read(device, Region.REGISTERS, range(len(kinds)))
    held = {name: kind.wrap(word) for (name, kind), word in zip(kinds.items(), words, strict=True)}
    table = _read(device, Region.TABLE, range(MemoryMap(built).n_gains))
    return params(built, held, table)


def _read(device: DenseDriver, region: Region, indices: Iterable[int]) -> list[int]:
    return device.transfer(BusRequest(0, region, index) for index in indices).tolist()


def _labels(device: DenseDriver, p: Params) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the classes of the neurons and the vote tables."""
    at = MemoryMap(device.built)
    classes = np.zeros(p.n_neurons, dtype=np.int64)
    votes = np.zeros((p.vote_spikes, p.n_neurons, p.n_classes), dtype=np.int64)
    held_classes = _held(device, program.labels(device.built, classes, None), at.class_parts)
    rows = _held(device, program.labels(device.built, None, votes), at.vote_parts)
    tables = np.moveaxis(rows.reshape(p.vote_spikes, p.n_classes, p.n_neurons), 1, 2)
    # A model file holds arrays in C order.
    votes = np.ascontiguousarray(tables)
    return (held_classes[0] if at.class_parts else in_turns(p)), votes


def _held(device: DenseDriver, writes: Iterable[BusRequest], n_parts: int) -> NDArray[np.int64]:
    """Read numbers from where they would be written, (n, n_neurons); low bits lie first."""
    answers = device.transfer(request._replace(write=0) for request in writes)
    parts = answers.reshape(-1, max(1, n_parts), device.built.n_neurons)
    bits = n_parts * device.built.weight_bits
    return MemoryMap(device.built).join(np.moveaxis(parts, 1, 0), bits)
