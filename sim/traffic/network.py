"""Traffic for the network core: runs that wait for spikes to be fetched and for items to be fed."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import numpy as np

from golden.network.chip import Chip
from golden.network.interface import Region
from golden.network.timing.memories import Memories
from hdl.link.network.protocol import (
    MOST_SPIKES,
    Buffers,
    NetworkOp,
    NetworkStatus,
)
from hdl.link.protocol import END, RESET_WORD, Op, Status
from sim.device.line import escaped, request
from sim.device.network import network_device
from sim.traffic.bursts import Burst, Traffic
from sim.traffic.noise import pause
from sim.traffic.running import MOST_RUN, NetworkSource
from sim.traffic.source import Asking, place

Fill = Callable[[Chip, np.random.Generator], Memories]
"""Returns a core with anything in its memories that has a meaning."""
SETTLED, STEP = 1000, 500
"""Cycles after which something that was asked for has begun; and of a step, at most."""
FULL, TRIES = 100, 40
"""Steps of a run that shall fill the buffer of spikes, and how often that is tried."""
LONG, FEW = 5000, 10
"""Steps of a run in which nothing happens, and more cycles than each takes."""
EPISODES = "run"


class NetworkTraffic(Traffic):
    """Runs over a bad line; what comes of each is read back before it is loaded anew.

    Parameters
    ----------
    chip : Chip
        What the core is made for.
    preset : str
        Its name.
    buffers : Buffers
        As of `hdl.link.network.top.NetworkTop`.
    source : Random
        Of all choices.
    fill : Fill
        What is loaded.
    """

    requests: NetworkSource
    rare, episodes, legible = 0.2, EPISODES, False
    statuses = (Status, NetworkStatus)

    def __init__(self, chip: Chip, preset: str, buffers: Buffers, source: Random, fill: Fill):
        device = network_device(chip, preset, buffers)
        ear = network_device(chip, "", buffers)
        super().__init__(device, ear, NetworkSource(device, chip, source))
        self.chip, self.fill = chip, fill

    def kept(self) -> Any:
        """Return nothing: runs change all there is, and all of it is read back."""

    def told(self) -> str:
        """Return how many runs and steps there were."""
        done = self.device.requests.runs
        return f"{len(done):,} runs of {sum(done):,} steps: no hang, nothing done twice"

    def loading(self) -> Iterator[Burst]:
        """Yield bursts that fill all memories and registers."""
        contents = self.fill(self.chip, np.random.default_rng(self.random.getrandbits(32)))
        for region in self.requests.places.regions:
            words = contents.words(region).tolist()
            for chunk in self.requests.chunks(region):
                values = words[chunk[0] : chunk[-1] + 1]
                yield self.valid("load", [self.requests.write(region, chunk[0], values)])

    def episode(self) -> Iterator[Burst]:
        """Yield a run from its beginning to its end or until it is broken off, and what it leaves.

        Whenever something has been done that lets the run go on, nothing follows before it waits
        again or is over: so it is known what the next request finds.
        """
        asked = self.requests
        if self.random.random() < 0.5:
            yield from self._anew()
        heard = asked.register("listen", int(self.random.random() < 0.7))
        quiet = asked.register("quiet", self.random.choice((0, 0, 1)))
        yield self.valid(f"{EPISODES} set", [heard, quiet])
        if self.random.random() < 0.7:
            yield self._going("feed", asked.feed(asked.items(self.random.randint(0, 9), end=True)))
        yield self._going("begin", asked.run(self.random.choice((0, 1, 2, 5, MOST_RUN))))
        while asked.under_way:
            chance = self.random.random()
            if chance < 0.08:
                yield from self.broken_off(*self._host())
                return
            yield self._between() if chance < 0.5 else self._helped()
        yield from self.emptied()

    def emptied(self) -> Iterator[Burst]:
        """Yield requests for all spikes, and for everything that the run has left."""
        while self.requests.under_way or self.device.requests.spikes:
            yield self._fetched()
        yield self._fetched()
        yield from self.reading()

    def _anew(self) -> Iterator[Burst]:
        for burst in self.loading():
            yield burst._replace(kind=f"{EPISODES} load")

    def _going(self, kind: str, asked: Asking) -> Burst:
        """Ask for something that a run goes on with; now and then twice, or in a bad line."""
        self._seq = self.device.requests.expected
        before = [self._mutant()] if self.random.random() < 0.1 else []
        frame = escaped(self._frame(asked))
        times = 2 if self.random.random() < 0.15 else 1
        steps = int.from_bytes(asked[1], "little") if asked[0] == NetworkOp.RUN else 0
        settled = SETTLED + STEP * (self.device.requests.left + steps)
        items = [*before, *[frame] * times, pause(settled)]
        return Burst(f"{EPISODES} {kind}", items, len(items) - 1)

    def _helped(self) -> Burst:
        """Let a run go on that waits."""
        if self.device.requests.waiting or self.random.random() < 0.3:
            return self._fetched()
        return self._going("feed", self.requests.feed(self.requests.items(self._some())))

    def _some(self) -> int:
        return self.random.randint(1, self.device.requests.buffers.items)

    def _fetched(self) -> Burst:
        most = min(MOST_SPIKES, len(self.device.requests.spikes))
        behind = self.random.choice((most, most, self.random.randint(0, most)))
        return self._going("fetch", self.requests.fetch(behind))

    def _between(self) -> Burst:
        """Return a burst that a run does not heed."""
        self._seq = self.device.requests.expected
        kinds = (self._one, self._mutated, self._stale, self._repeated, self._noisy, self._mixed)
        return (made := self.random.choice(kinds)())._replace(kind=f"{EPISODES} and {made.kind}")

    def _host(self) -> Asking:
        return self.random.choice(((Op.RESET, RESET_WORD), (Op.HELLO, b"host")))

    def broken_off(self, op: int, payload: bytes) -> Iterator[Burst]:
        """Yield another host that begins so, finds nothing, and loads what a step has spoilt."""
        frame = escaped(request(self.random.randrange(256), op, payload))
        before = self.device.requests.begin.to_bytes(2, "little")
        yield Burst(f"{EPISODES} broken off", [frame], 1)
        yield self._going("position", (NetworkOp.FETCH, before))
        yield self._going("fetch", self.requests.fetch(0))
        yield from self._anew()
        yield from self.reading()

    def full(self) -> Iterator[Burst]:
        """Yield runs that nobody fetches spikes of, until one waits as there is no more room.

        Items are there, too, that nobody takes.

        Raises
        ------
        RuntimeError
            If no network that is loaded spikes so much.
        """
        asked = self.requests
        for _ in range(TRIES):
            yield from self._anew()
            yield self.valid(f"{EPISODES} set", [asked.register("listen", 0)])
            yield self._going("feed", asked.feed(asked.items(2)))
            yield self._going("begin", asked.run(FULL))
            if asked.under_way:
                # An answer does not hold all, and then again the rest.
                yield self._going("fetch", asked.fetch(0))
                yield self._going("fetch", asked.fetch(MOST_SPIKES // 2))
                return
            while self.device.requests.spikes:
                yield self._fetched()
        raise RuntimeError(f"one of {TRIES} networks must fill the buffer of spikes")

    def measured(self) -> Iterator[Burst]:
        """Yield a run whose cycles are known; frames are lost meanwhile, and behind it."""
        asked, lost = self.requests, b"lost" + bytes((END,))
        for name in ("listen", "groups", "length"):
            yield self.valid(f"{EPISODES} set", [asked.register(name, 0)])
        self._seq = self.device.requests.expected
        frame = escaped(self._frame(asked.run(LONG)))
        yield Burst(f"{EPISODES} begin", [frame, lost, pause(FEW * LONG)], 2)
        yield Burst("lost", [lost], 1)
        yield self._fetched()

    def waiting(self) -> Iterator[Burst]:
        """Yield a run of a step that waits for items, of which some have come."""
        asked = self.requests
        heard = asked.register("listen", 1), asked.register("quiet", 0)
        yield self.valid(f"{EPISODES} set", heard)
        yield self._going("begin", asked.run(1))
        yield self._going("feed", asked.feed([0, 1, 2]))
        more = asked.run(1), asked.register("step", 5), (Op.READ, place(Region.SCRIPT, 0) + b"\1")
        yield self.valid(f"{EPISODES} and more", more)
