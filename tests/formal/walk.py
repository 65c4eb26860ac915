"""The claim that WALK ends, whatever is in the queue: a number that falls in every cycle of it."""

from dataclasses import replace
from types import MethodType

from amaranth.asserts import AnyConst
from amaranth.hdl import Array, Assert, Assume, Cat, Fragment, Module, Mux, Signal, Value

from golden.network.chip import Chip
from golden.network.interface import Phase
from hdl.network.core import NetworkCore
from hdl.network.fetch import RunWord
from tests.formal.control import anything
from tests.formal.network import CHIP
from tests.formal.prove import drive, signals
from tests.formal.stages import delayed

CHAINS = replace(CHIP, runs=4, synapses=4, count_bits=2)
"""Up to four runs that are due in one step, each of one to four synapses."""
PLASTIC_CHAINS = replace(CHAINS, plastic_axons=2, releases=1, decays=300)
"""With two more cycles from a synapse to its arrival."""
LOOSE = ("host", "registers", "ring", "rows", "script", "intake", "synapses", "families", "release")
"""Parts that may do anything at all; of the others, only the runs are not as they are."""
LOOK, OFFER, GO_ON = range(3)
"""What `hdl.network.fetch` does with an entry."""


class Walked:
    """A core in a module, of which what walks is real; its signals."""

    def __init__(self, m: Module, chip: Chip):
        core = NetworkCore(chip)
        word = RunWord(chip)
        self.parts, self.runs = core.parts, [word(AnyConst(word.size)) for _ in range(chip.runs)]
        for name, part in vars(core.parts).items():
            if name in LOOSE:
                part.elaborate = MethodType(anything, part)
        self.parts.runs.elaborate = MethodType(self._standing, self.parts.runs)
        drive(m, core)
        m.submodules.core = fragment = Fragment.get(core, None)
        self.inside = {name: signals(part) for part, name, _ in fragment.subfragments}

    def _standing(self, memory, platform):
        """Elaborate a memory that nobody writes, as the host does between runs only."""
        m = Module()
        m.d.sync += memory.word.eq(self.word(memory.address))
        return m

    def word(self, run: Value) -> Value:
        """Return what stands in the memory of runs."""
        return Array(each.as_value() for each in self.runs)[run]

    @property
    def chained(self) -> list[Value]:
        """Of each run, whether the next one is due in the same step."""
        return [run.more & (run.gap == 0) for run in self.runs]

    @property
    def goes_on(self) -> Value:
        """Whether the run before the one that fetch addresses is followed in its step."""
        n = len(self.runs)
        return Array(self.chained[(run - 1) % n] for run in range(n))[self.parts.fetch.address]

    def following(self, run: Value) -> Value:
        """Return how many runs are due in the same step, from one on."""
        n, chained = len(self.runs), self.chained
        lengths = []
        for first in range(n):
            linked = [chained[(first + k) % n] for k in range(n - 1)]
            lengths.append(1 + sum(Cat(linked[: k + 1]).all() for k in range(n - 1)))
        return Array(lengths)[run]


def walk_ends(m: Module, chip: Chip = CHAINS):
    """Claim: from WALK's second cycle on a number falls in every cycle, until it is over.

    It is made of entries that are not looked at yet, of runs of the chain that is due, of synapses
    of runs that were taken, and of the way to the last arrival. WALK is not over before all of
    them have come to nothing.
    """
    walked = Walked(m, chip)
    s, fetch = walked.parts, walked.inside["fetch"]
    at, walker = fetch["at"], s.walker
    walking, opening = s.sequencer.phase == Phase.WALK, s.sequencer.opening
    waits, left = Signal(), Signal(16)
    m.d.sync += waits.eq(~walker.i.ready | walker.i.valid)
    way = [walker.issue]
    for _ in range(5 if chip.plastic_axons else 3):
        way.append(delayed(m, way[-1]))
    m.d.comb += [
        # Chains end: not every run is followed by one that is due in the same step.
        Assume(~Cat(walked.chained).all()),
        left.eq(_left(walked, chip, waits, way[1:])),
        Assert(~(walking & delayed(m, walking & ~opening)) | (left < delayed(m, left))),
        # Before it, and after it, nothing is left.
        Assert(walking & ~opening | (left == 0)),
        Assert(~s.fetch.o.valid | s.fetch.left),
        # Invariants: an entry that is dealt with is left; its run is shown; what comes is seen.
        Assert((at <= GO_ON) & ((at == LOOK) | (fetch["entries"] != 0))),
        Assert((at != OFFER) | (s.runs.word == walked.word(s.fetch.address))),
        Assert((at != GO_ON) | ((fetch["more"] & ~fetch["later"]) == walked.goes_on)),
        Assert(walker.busy == (waits | walker.issue)),
        Assert(~walker.i.ready | ~waits | ~walker.issue | (walked.inside["walker"]["left"] == 1)),
        Assert(s.arrivals.coming == Cat(way[1:]).any()),
    ]


def _left(walked: Walked, chip: Chip, waits: Value, way: list[Value]) -> Value:
    """Return a number that is 0 if nothing is left of WALK, and falls in each of its cycles."""
    s, fetch, count = walked.parts, walked.inside["fetch"], walked.inside["walker"]["left"]
    at, entries = fetch["at"], fetch["entries"]
    # A run has as many synapses as its count says, of which 0 is the largest. One that waits takes
    # a cycle more, one that is fetched two more.
    most = 1 << chip.count_bits
    waiting, fetched = most + 1, most + 3
    entry = chip.runs * fetched + 1
    others, chain = (
        (entries - 1)[: len(entries)] * entry,
        walked.following(s.fetch.address) * fetched,
    )
    goes = Mux(fetch["more"] & ~fetch["later"], chain, 0) + 1
    looks = entries * entry + (fetch["hidden"] & (entries != 0))
    runs = Mux(at == LOOK, looks, others + Mux(at == OFFER, chain, goes))
    issued = Mux(s.walker.issue, Mux(count == 0, most, count), 0)
    last = Value.cast(0)
    for cycles, arriving in enumerate(reversed(way), 1):
        last = Mux(arriving, cycles, last)
    return (runs + waits * waiting + issued) * (len(way) + 1) + last
