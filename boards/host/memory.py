"""Words of a core's memories, gathered into as few requests of the link as possible."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from boards.host.info import DeviceError
from boards.host.link import LinkRequest
from golden.numbers.fields import BYTE
from hdl.link.protocol import MOST, MOST_ANSWER, PLACE, LinkMap, Op

NIBBLE = 4


Word = tuple[int, int, int, int]
"""Whether to write or read; region, index, and what is written: a request on a core's bus."""


class WordRun(NamedTuple):
    """Words that follow each other in one region."""

    write: int
    region: int
    first: int
    values: list[int]
    """To be written, or as many zeros as are read."""


def runs(places: LinkMap, words: Iterable[Word]) -> Iterator[WordRun]:
    """Yield the same words, neighbours together."""
    run, follows = None, None
    for write, region, index, data in words:
        if run is None or (write, region, index) != follows:
            if run:
                yield run
            run = WordRun(write, region, index, [])
        run.values.append(data)
        follows = (write, region, places.successor(region, index))
    if run:
        yield run


def pieces(places: LinkMap, run: WordRun, most_bytes: int) -> Iterator[WordRun]:
    """Divide a run so that no request has a longer payload, and its answer fits a frame."""
    bits = places.extents[run.region].bits
    read = min(MOST, MOST_ANSWER * BYTE // bits)
    most = (most_bytes - PLACE) * BYTE // bits if run.write else read
    index = run.first
    for begin in range(0, len(run.values), most):
        values = run.values[begin : begin + most]
        yield WordRun(run.write, run.region, index, values)
        for _ in values:
            index = places.successor(run.region, index)


def request(places: LinkMap, run: WordRun) -> LinkRequest:
    """Return the request for words that fit a frame."""
    place = bytes((run.region,)) + run.first.to_bytes(PLACE - 1, "little")
    if run.write:
        bits = places.extents[run.region].bits
        return LinkRequest(Op.WRITE, place + packed(bits, run.values))
    return LinkRequest(Op.READ, place + bytes((len(run.values),)))


def packed(bits: int, values: list[int]) -> bytes:
    """Return values as bytes, low ones first; of two half bytes the first is the low one."""
    if bits == NIBBLE:
        even = np.array(values + [0] * (len(values) % 2), dtype=np.uint8)
        return (even[::2] | even[1::2] << NIBBLE).astype(np.uint8).tobytes()
    return np.array(values, dtype=np.uint64).astype(f"<u{bits // BYTE}").tobytes()


def unpacked(places: LinkMap, run: WordRun, answer: bytes) -> NDArray[np.int64]:
    """Return the values that an answer holds.

    Raises
    ------
    DeviceError
        If they are not as many as were asked for.
    """
    bits, count = places.extents[run.region].bits, len(run.values)
    expected = -(-count * bits // BYTE)
    if len(answer) != expected:
        raise DeviceError(f"an answer to READ must have {expected} bytes, not {len(answer)}")
    if bits == NIBBLE:
        pairs = np.frombuffer(answer, dtype=np.uint8)
        return np.stack((pairs & 0xF, pairs >> NIBBLE), axis=1).ravel()[:count].astype(np.int64)
    return np.frombuffer(answer, dtype=f"<u{bits // BYTE}").astype(np.int64)
