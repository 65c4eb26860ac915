"""A core on a board, or in simulation, whatever it is: its words are written and read back."""

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from boards.host import info as infos
from boards.host import memory
from boards.host.info import DeviceError
from boards.host.link import LinkError, LinkHost, LinkRequest, Reply
from boards.host.memory import Word
from boards.host.port import Port
from hdl.link.protocol import COUNTER_BYTES, PLACE, RESET_WORD, LinkMap, Op, Status

ROUNDS = 10
"""Of asking for answers that were lost, in which none comes."""
A = TypeVar("A")


class Driver:
    """A core that is written, read and reset; entering the context greets it.

    A core with requests of its own has a driver that derives from this.

    Parameters
    ----------
    port : Port
        Is closed with the context.
    places : LinkMap
        What lies where in the core.
    preset : str
        Name of its preset.

    Raises
    ------
    LinkError, boards.host.port.PortError
        From all methods, if the line fails for good.
    DeviceError
        If the device is another, or refuses a request.
    """

    ops: tuple[type[IntEnum], ...] = (Op,)
    """What may be asked for, with names."""
    statuses: tuple[type[IntEnum], ...] = (Status,)
    """What may be answered, with names."""

    def __init__(self, port: Port, places: LinkMap, preset: str):
        self.places, self.preset = places, preset
        self.link = LinkHost(port)

    def __enter__(self) -> Self:
        try:
            info = infos.read(self.link.hello())
            infos.check(info, self.places, self.preset)
        except BaseException:
            self.link.port.close()
            raise
        self.info = info
        self.link.open_window(info.queue)
        return self

    def __exit__(self, *exception) -> None:
        self.link.port.close()

    def reset(self) -> None:
        """Put registers and counters back to what they are after power-up; memories stay."""
        self.sure([LinkRequest(Op.RESET, RESET_WORD)])

    def counters(self) -> dict[str, int]:
        """Return the device's counters by name; they wrap at 32 bits."""
        names, first = self.places.counters, (0).to_bytes(PLACE - 1, "little")
        place = bytes((self.places.counter_region,)) + first + bytes((len(names),))
        (answer,) = self.sure([LinkRequest(Op.READ, place)])
        numbers = np.frombuffer(answer, dtype=f"<u{COUNTER_BYTES}").tolist()
        return dict(zip(names, numbers, strict=True))

    def transfer(self, words: Iterable[Word]) -> NDArray[np.int64]:
        """Write and read words; return what was read, (n,)."""
        places, most = self.places, self.link.most
        runs = [
            piece
            for run in memory.runs(places, words)
            for piece in memory.pieces(places, run, most)
        ]
        answers = self.sure([memory.request(places, run) for run in runs])
        read = [
            memory.unpacked(places, run, answer)
            for run, answer in zip(runs, answers, strict=True)
            if not run.write
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *read])

    def once(self, requests: list[LinkRequest]) -> Iterator[Reply]:
        """Do requests once each, in order; yield their replies, of which some may be lost.

        Raises
        ------
        DeviceError
            If the device refuses one.
        """
        for request, reply in zip(requests, self.link.ask(requests), strict=True):
            if reply.status not in (Status.OK, None):
                asked, said = _name(request.op, self.ops), _name(reply.status, self.statuses)
                raise DeviceError(f"the device must accept {asked}, not answer {said}")
            yield reply

    def sure(self, requests: list[LinkRequest]) -> list[bytes]:
        """Return all answers; what was lost is asked for again, which must change nothing."""

        def ask(missing: list[int]) -> Iterator[bytes | None]:
            for reply in self.once([requests[i] for i in missing]):
                yield None if reply.status is None else reply.answer

        return until_all(len(requests), ask)


def until_all(n: int, ask: Callable[[list[int]], Iterator[A | None]]) -> list[A]:
    """Return n answers, asking again for those that were lost as long as any more come.

    Parameters
    ----------
    ask : callable
        Yields the answers of these numbers, or None for a lost one.

    Raises
    ------
    LinkError
        If no more come.
    """
    found: dict[int, A] = {}
    fruitless = 0
    while len(found) < n:
        missing, had = [i for i in range(n) if i not in found], len(found)
        for i, answer in zip(missing, ask(missing), strict=True):
            if answer is not None:
                found[i] = answer
        fruitless = 0 if len(found) > had else fruitless + 1
        if fruitless == ROUNDS:
            raise LinkError(f"the device must answer {n} requests, not lose {n - had} answers")
    return [found[i] for i in range(n)]


def _name(number: int, kinds: tuple[type[IntEnum], ...]) -> str:
    names = {member.value: member.name for kind in kinds for member in kind}
    return names.get(number, f"{number:02x}h")
