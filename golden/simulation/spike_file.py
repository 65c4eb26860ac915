"""Spikes in files: what a run has recorded, and what is let into one.

An ``.npz`` that holds no pickle: ``steps`` or ``times`` (ms), and ``neurons`` of the same length.
What a run has recorded tells as well ``dt_ms``, the names of all ``populations`` and their
``sizes``; there neurons are counted through all populations.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from golden.builder.inputs import Input, SpikeTrain
from golden.builder.monitors.monitor import SpikeMonitor
from golden.builder.network import Network
from golden.command.archive import DAMAGE
from golden.network.blueprint import Blueprint

MOST_BYTES = 1 << 30
"""Of an array, unpacked."""


class SpikeFileError(ValueError):
    """A file of spikes that cannot be used; the text says why."""


def packed_spikes(blueprint: Blueprint, spikes: SpikeMonitor) -> bytes:
    """Return the file of what was recorded of all populations."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        steps=spikes.t,
        neurons=spikes.i,
        populations=np.array([group.name for group in blueprint.groups]),
        sizes=np.array([group.size for group in blueprint.groups]),
        dt_ms=np.array(blueprint.dt),
    )
    return buffer.getvalue()


def feed(net: Network, given: str) -> None:
    """Let an input of a network spike as a file says.

    Parameters
    ----------
    given : str
        ``FILE``, or ``NAME=FILE`` if the network has several inputs.

    Raises
    ------
    SpikeFileError
        If it is not clear which input, or the file cannot be used.
    OSError
        If the file cannot be read.
    """
    inputs = {p.name: p for p in net.populations.values() if isinstance(p.what, Input)}
    name, _, file = given.partition("=")
    if name not in inputs or not file:
        known = ", ".join(inputs) or "none, as there is no input"
        if file and "/" not in name and not Path(given).exists():
            raise SpikeFileError(f"NAME of --input NAME=FILE must be one of {known}, not {name}")
        if len(inputs) != 1:
            raise SpikeFileError(f"--input must be NAME=FILE with NAME one of {known}, not {given}")
        (name,), file = inputs, given
    path = Path(file)
    content = path.read_bytes()
    try:
        train = _train(content, net.dt)
        train.source(inputs[name].size, net.dt)
    except DAMAGE as error:
        raise SpikeFileError(f"{path} must hold spikes for {name}: {error}") from None
    net.feed(name, train)


def _train(content: bytes, dt: float) -> SpikeTrain:
    """Read a file of spikes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            if info.file_size > MOST_BYTES:
                raise SpikeFileError(f"{info.filename} must be at most {MOST_BYTES:,} bytes")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        if ("steps" in arrays) == ("times" in arrays):
            raise SpikeFileError("there must be steps or times, not both or none")
        if "times" in arrays:
            times = _numbers(arrays["times"], "times", "iuf")
        else:
            own = _numbers(np.atleast_1d(arrays.get("dt_ms", dt)), "dt_ms", "f")
            times = _numbers(arrays["steps"], "steps", "iu") * own
        neurons = _numbers(arrays["neurons"], "neurons", "iu") if "neurons" in arrays else None
    return SpikeTrain(times, neurons)


def _numbers(array: NDArray, name: str, kinds: str) -> NDArray:
    if array.ndim != 1 or array.dtype.kind not in kinds:
        what = "whole numbers" if "f" not in kinds else "numbers"
        raise SpikeFileError(f"{name} must be a row of {what}, not {array.dtype} {array.shape}")
    return array
