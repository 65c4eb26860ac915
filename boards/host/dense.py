"""A dense core on a board, or in simulation: load it, let it learn and classify, read it back."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from boards.host.driver import Driver, until_all
from boards.host.link import LinkError, LinkRequest
from boards.host.port import Port
from golden.dense import program
from golden.dense.core import State
from golden.dense.params import Params
from hdl.link.dense.protocol import ImageOp, ImageStatus, link_map
from hdl.link.protocol import COUNTER_BITS, MOST, Op, Status

LABEL, SPIKES, CYCLES = slice(0, 1), slice(1, 4), slice(4, 8)
"""Bytes of the answer to PRESENT."""
ZEROS = re.compile(rb"\0{1,255}")


def _unheard() -> None:
    """Nobody watches the progress."""


class Answer(NamedTuple):
    """What a device says about one image."""

    label: int
    n_spikes: int
    cycles: int


class DenseDriver(Driver):
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
    LinkError, DeviceError, boards.host.port.PortError
        As of `Driver`.
    """

    ops = (Op, ImageOp)
    statuses = (Status, ImageStatus)

    def __init__(self, port: Port, built: Params, preset: str):
        super().__init__(port, link_map(built), preset)
        self.built = built
        self.presented = 0
        """Learning presentations of what was loaded, and of what it has learned since."""
        self._readback = list(program.readback(built))

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
        self.presented = state.presented

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
        """Read the learned state back; a core that does not count presentations has this count."""
        return program.read(self.built, self.transfer(self._readback), self.presented)

    def learn(
        self,
        images: NDArray[np.uint8],
        labels: NDArray[np.int64],
        advance: Callable[[], None] = _unheard,
        answered: bool = False,
    ) -> list[Answer | None]:
        """Learn from images (n, height * width), once each.

        Parameters
        ----------
        advance : callable
            Is called for every image.
        answered : bool
            Return an answer an image, None where it was lost. The device then waits for the line
            between two images. Else it learns while the next image comes in, and all are None.

        Raises
        ------
        LinkError
            If the device has presented more or less of them.
        """
        before = self.counters()["presentations"]
        answers = []
        op = ImageOp.PRESENT if answered else ImageOp.START
        for answer in self._present(op, images, labels.tolist()):
            answers.append(answer)
            advance()
        learned = (self.counters()["presentations"] - before) % (1 << COUNTER_BITS)
        self.presented = self.built.presented.wrap(self.presented + learned)
        if learned != len(images):
            raise LinkError(f"the device must have learned {len(images)} images, not {learned}")
        return answers

    def classify(
        self, images: NDArray[np.uint8], advance: Callable[[], None] = _unheard
    ) -> list[Answer]:
        """Answer images (n, height * width), without learning; ``advance`` is called after each."""

        def ask(missing: list[int]) -> Iterator[Answer | None]:
            for answer in self._present(ImageOp.PRESENT, images[missing], None):
                if answer is not None:
                    advance()
                yield answer

        return until_all(len(images), ask)

    def _present(
        self, op: ImageOp, images: NDArray[np.uint8], labels: list[int] | None
    ) -> Iterator[Answer | None]:
        """Present images one after the other; learn if there are labels."""
        requests = []
        for i, image in enumerate(images):
            payloads = pixel_payloads(image.tobytes(), self.link.most)
            requests += [LinkRequest(ImageOp.PIXELS, payload) for payload in payloads]
            how = (0, 0) if labels is None else (1, labels[i])
            requests.append(LinkRequest(op, bytes(how)))
        for request, reply in zip(requests, self.once(requests), strict=True):
            if request.op == op:
                yield _answer(reply.answer) if reply.answer else None


def _answer(data: bytes) -> Answer:
    parts = (int.from_bytes(data[part], "little") for part in (LABEL, SPIKES, CYCLES))
    return Answer(*parts)


def pixel_payloads(pixels: bytes, most: int = MOST) -> list[bytes]:
    """Return the payloads of the requests that send an image, zeros shortened."""
    runs = ZEROS.sub(lambda zeros: bytes((0, len(zeros[0]))), pixels)
    payloads = []
    while runs:
        # The count of a run is never 0, so a 0 is the first half of a pair, which stays whole.
        end = most - 1 if len(runs) > most and not runs[most - 1] else most
        payloads.append(runs[:end])
        runs = runs[end:]
    return payloads
