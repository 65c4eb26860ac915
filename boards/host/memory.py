"""Words of a core's memories, gathered into as few requests of the link as possible."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from boards.host.info import DeviceError
from boards.host.link import Request
from golden.dense.interface import BusRequest, Region
from golden.dense.params import Params
from golden.numbers.formats import index_bits
from hdl.link.protocol import MOST, MOST_ANSWER, Op, value_bits

PLACE = 4
"""Bytes of a region with an index."""
BYTE = 8
NIBBLE = 4


class Run(NamedTuple):
    """Words that follow each other in one region."""

    write: int
    region: int
    first: int
    values: list[int]
    """To be written, or as many zeros as are read."""


def runs(built: Params, requests: Iterable[BusRequest]) -> Iterator[Run]:
    """Yield the same requests, neighbours together."""
    run, follows = None, None
    for request in requests:
        if run is None or (request.write, request.region, request.index) != follows:
            if run:
                yield run
            run = Run(request.write, request.region, request.index, [])
        run.values.append(request.data)
        follows = (request.write, request.region, successor(built, request.region, request.index))
    if run:
        yield run


def successor(built: Params, region: int, index: int) -> int:
    """Return the index after this one: lanes need not fill their bits."""
    if region in (Region.WEIGHTS, Region.THETA):
        bits = index_bits(built.n_lanes)
        word, lane = divmod(index, 1 << bits)
        if lane == built.n_lanes - 1:
            return (word + 1) << bits
    return index + 1


def pieces(built: Params, run: Run, most_bytes: int) -> Iterator[Run]:
    """Divide a run so that no request has a longer payload, and its answer fits a frame."""
    bits = value_bits(built)[run.region]
    read = min(MOST, MOST_ANSWER * BYTE // bits)
    most = (most_bytes - PLACE) * BYTE // bits if run.write else read
    index = run.first
    for at in range(0, len(run.values), most):
        values = run.values[at : at + most]
        yield Run(run.write, run.region, index, values)
        for _ in values:
            index = successor(built, run.region, index)


def request(built: Params, run: Run) -> Request:
    """Return the request for words that fit a frame."""
    place = bytes((run.region,)) + run.first.to_bytes(PLACE - 1, "little")
    if run.write:
        return Request(Op.WRITE, place + packed(value_bits(built)[run.region], run.values))
    return Request(Op.READ, place + bytes((len(run.values),)))


def packed(bits: int, values: list[int]) -> bytes:
    """Return values as bytes, low ones first; of two half bytes the first is the low one."""
    if bits == NIBBLE:
        even = np.array(values + [0] * (len(values) % 2), dtype=np.uint8)
        return (even[::2] | even[1::2] << NIBBLE).astype(np.uint8).tobytes()
    return np.array(values, dtype=np.uint64).astype(f"<u{bits // BYTE}").tobytes()


def unpacked(built: Params, run: Run, answer: bytes) -> NDArray[np.int64]:
    """Return the values that an answer holds.

    Raises
    ------
    DeviceError
        If they are not as many as were asked for.
    """
    bits, count = value_bits(built)[run.region], len(run.values)
    expected = -(-count * bits // BYTE)
    if len(answer) != expected:
        raise DeviceError(f"an answer to READ must have {expected} bytes, not {len(answer)}")
    if bits == NIBBLE:
        pairs = np.frombuffer(answer, dtype=np.uint8)
        return np.stack((pairs & 0xF, pairs >> NIBBLE), axis=1).ravel()[:count].astype(np.int64)
    return np.frombuffer(answer, dtype=f"<u{bits // BYTE}").astype(np.int64)
