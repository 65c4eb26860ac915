"""The toy core in integers: what it does, and what its record shows in every cycle."""

import numpy as np
from numpy.typing import NDArray

from golden.cycles.grid import Grid
from golden.cycles.stimulus import Feed, Stimulus, following
from golden.cycles.track import Track
from golden.numbers.fields import dtype
from tests.toy.interface import GAIN, SUM, Phase, ToyParams, ToyRegion, record


class ToyModel:
    """Registers and tape."""

    def __init__(self, p: ToyParams):
        self.p = p
        self.step = 0
        """Of the record, as the run before left it."""
        self.words = {ToyRegion.REGISTERS: [1, 0], ToyRegion.TAPE: [0] * p.length}

    def serve(self, write: int, region: int, index: int, data: int) -> int:
        """Read or write a word; return what the bus is answered with."""
        words = self.words[ToyRegion(region)]
        if write:
            words[index] = data & (0xFFFF if region == ToyRegion.REGISTERS else 0xFF)
        return words[index]

    def fold(self, count: int) -> list[int]:
        """Fold bytes; return the sums."""
        registers, sums = self.words[ToyRegion.REGISTERS], []
        for byte in self.words[ToyRegion.TAPE][:count]:
            turned = (registers[SUM] << 1 | registers[SUM] >> 15) & 0xFFFF
            registers[SUM] = ((turned ^ byte) + registers[GAIN]) & 0xFFFF
            sums.append(registers[SUM])
        return sums


def predicted(model: ToyModel, stimulus: Stimulus) -> NDArray[np.void]:
    """Return the record of a run that begins in IDLE; the model is changed."""
    n_cycles = stimulus.n_cycles
    track = Track(Grid(dtype(record(model.p))))
    bus, go = Feed(stimulus, "bus"), Feed(stimulus, "go")
    taken = {name: following(stimulus.go[name]) for name in ("response", "done")}
    track.step = model.step
    track.grid.show("sum", 0, model.words[ToyRegion.REGISTERS][SUM])

    def wait(phase: Phase, last: int, **fields: int) -> None:
        """Stay in a phase up to a cycle."""
        start = track.spend(phase, min(last, n_cycles - 1) + 1 - track.now)
        track.grid.span(start, track.now, **fields)

    while track.now < n_cycles:
        begun, cycle = track.now, min(max(track.now, bus.valid), max(track.now, go.valid))
        wait(Phase.IDLE, cycle)
        track.grid.span(begun, track.now, bus_ready=1)
        track.grid.span(begun, min(track.now, bus.valid), go_ready=1)
        if cycle >= n_cycles:
            break
        if bus.valid <= cycle:
            answer = model.serve(*bus.head)
            bus.accept(cycle)
            track.grid.show("sum", track.now, model.words[ToyRegion.REGISTERS][SUM])
            if track.now < n_cycles:
                last = taken["response"](track.now)
                wait(Phase.RESPOND, last, response_valid=1, response=answer)
            continue
        (count,) = go.head
        go.accept(cycle)
        for track.step, total in enumerate(model.fold(count)):
            at = track.spend(Phase.FOLD, 1)
            track.grid.mark(at, folding=1, byte=model.words[ToyRegion.TAPE][track.step])
            track.grid.show("sum", at + 1, total)
        track.step = count
        if track.now < n_cycles:
            wait(Phase.DONE, taken["done"](track.now), done_valid=1)
    model.step = track.step
    return track.grid.finish(n_cycles)
