"""A core on a board, or in simulation: load it, let it learn and classify, read it back."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from boards.host import info as infos
from boards.host import memory
from boards.host.frames import pixel_payloads
from boards.host.info import DeviceError
from boards.host.link import Link, LinkError, Reply, Request
from boards.host.port import Port
from golden.dense import program
from golden.dense.core import State
from golden.dense.interface import BusRequest, Region
from golden.dense.params import Params
from golden.dense.registers import register_map
from hdl.link.protocol import COUNTER_BYTES, COUNTER_REGION, RESET_WORD, Counter, Op, Status

LABEL, SPIKES, CYCLES = slice(0, 1), slice(1, 4), slice(4, 8)
"""Bytes of the answer to PRESENT."""
ROUNDS = 10
"""Of asking for answers that were lost, in which none comes."""
A = TypeVar("A")


def _unheard() -> None:
    """Nobody watches the progress."""


class Answer(NamedTuple):
    """What a device says about one image."""

    label: int
    n_spikes: int
    cycles: int


class Device:
    """A core that is loaded, taught and asked; entering the context greets it.

    Parameters
    ----------
    port : Port
        Is closed with the context.
    built : Params
        What the core is made for.
    preset : str
        Name of its preset.

    Raises
    ------
    LinkError, boards.host.port.PortError
        From all methods, if the line fails for good.
    DeviceError
        If the device is another, or refuses a request.
    """

    def __init__(self, port: Port, built: Params, preset: str):
        self.built, self.preset = built, preset
        self.link = Link(port)
        self._readback: list[BusRequest] | None = None

    def __enter__(self) -> "Device":
        try:
            info = infos.read(self.link.hello())
            infos.check(info, self.built, self.preset)
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
        self._sure([Request(Op.RESET, RESET_WORD)])

    def counters(self) -> dict[Counter, int]:
        """Return the device's counters; they wrap at 32 bits."""
        place = bytes((COUNTER_REGION, 0, 0, 0, len(Counter)))
        (answer,) = self._sure([Request(Op.READ, place)])
        numbers = np.frombuffer(answer, dtype=f"<u{COUNTER_BYTES}").tolist()
        return dict(zip(Counter, numbers, strict=True))

    def load(
        self,
        p: Params,
        state: State,
        classes: NDArray[np.int64] | None = None,
        votes: NDArray[np.int64] | None = None,
    ) -> None:
        """Write a network: its parameters, its state, the neurons' classes and their votes.

        Raises
        ------
        ValueError
            If the core cannot run ``p``.
        """
        self.transfer([
            *program.parameters(p, self.built),
            *program.state(p, self.built, state),
            *program.labels(self.built, classes, votes),
        ])

    def label(self, classes: NDArray[np.int64], votes: NDArray[np.int64]) -> None:
        """Write the neurons' classes and their votes alone."""
        self.transfer(program.labels(self.built, classes, votes))

    def configure(self, p: Params) -> None:
        """Write parameters alone, as they change from phase to phase.

        Raises
        ------
        ValueError
            If the core cannot run ``p``.
        """
        self.transfer(program.parameters(p, self.built))

    def state(self) -> State:
        """Read the learned state back."""
        if self._readback is None:
            self._readback = list(program.readback(self.built))
        return program.read(self.built, self.transfer(self._readback))

    def transfer(self, requests: Iterable[BusRequest]) -> NDArray[np.int64]:
        """Write and read words; return what was read, (n,)."""
        runs = memory.runs(self.built, requests)
        runs = [piece for run in runs for piece in memory.pieces(self.built, run, self.link.most)]
        answers = self._sure([memory.request(self.built, run) for run in runs])
        read = [
            memory.unpacked(self.built, run, answer)
            for run, answer in zip(runs, answers, strict=True)
            if not run.write
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *read])

    def learn(
        self,
        images: NDArray[np.uint8],
        labels: NDArray[np.int64],
        advance: Callable[[], None] = _unheard,
    ) -> list[Answer | None]:
        """Learn from images (n, height * width), once each; None where the answer was lost.

        Parameters
        ----------
        advance : callable
            Is called after every image.

        Raises
        ------
        LinkError
            If the device has learned from more or less of them.
        """
        before = self._presented()
        answers = []
        for answer in self._present(images, labels.tolist()):
            answers.append(answer)
            advance()
        learned = (self._presented() - before) % (1 << self.built.presented.width)
        if learned != len(images):
            raise LinkError(f"the device must have learned {len(images)} images, not {learned}")
        return answers

    def classify(
        self, images: NDArray[np.uint8], advance: Callable[[], None] = _unheard
    ) -> list[Answer]:
        """Answer images (n, height * width), without learning; ``advance`` is called after each."""

        def ask(missing: list[int]) -> Iterator[Answer | None]:
            for answer in self._present(images[missing], None):
                if answer is not None:
                    advance()
                yield answer

        return _all(len(images), ask)

    def _presented(self) -> int:
        index = list(register_map(self.built)).index("presented")
        (count,) = self.transfer([BusRequest(0, Region.REGISTERS, index)])
        return int(count)

    def _present(
        self, images: NDArray[np.uint8], labels: list[int] | None
    ) -> Iterator[Answer | None]:
        """Present images one after the other; learn if there are labels."""
        requests = []
        for i, image in enumerate(images):
            payloads = pixel_payloads(image.tobytes(), self.link.most)
            requests += [Request(Op.PIXELS, payload) for payload in payloads]
            how = (0, 0) if labels is None else (1, labels[i])
            requests.append(Request(Op.PRESENT, bytes(how)))
        for request, reply in zip(requests, self.link.ask(requests), strict=True):
            _accept(request, reply)
            if request.op == Op.PRESENT:
                yield None if reply.status is None else _answer(reply.answer)

    def _sure(self, requests: list[Request]) -> list[bytes]:
        """Return all answers; what was lost is asked for again, which changes nothing."""

        def ask(missing: list[int]) -> Iterator[bytes | None]:
            asked = [requests[i] for i in missing]
            for request, reply in zip(asked, self.link.ask(asked), strict=True):
                _accept(request, reply)
                yield None if reply.status is None else reply.answer

        return _all(len(requests), ask)


def _all(n: int, ask: Callable[[list[int]], Iterator[A | None]]) -> list[A]:
    """Return n answers, asking again for those that were lost as long as any more come."""
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


def _accept(request: Request, reply: Reply) -> None:
    """Raise DeviceError if a request was refused."""
    if reply.status not in (Status.OK, None):
        names = {status.value: status.name for status in Status}
        said = names.get(reply.status, f"status {reply.status}")
        raise DeviceError(f"the device must accept {request.op.name}, not answer {said}")


def _answer(data: bytes) -> Answer:
    parts = (int.from_bytes(data[part], "little") for part in (LABEL, SPIKES, CYCLES))
    return Answer(*parts)
