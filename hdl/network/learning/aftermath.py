# amaranth: UnusedElaboratable=no
"""The traces of a run after an arrival, or of a place after a post or a reward."""

from amaranth.hdl import Cat, Module, Signal, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.network.rules.interface import LAST_BITS, REWARD_BITS
from golden.network.rules.words import REWARD
from hdl.cells import Pipeline
from hdl.network.learning.age import CLIPPED, DelayLine, elapsed
from hdl.network.learning.layouts import SpikePast, traces
from hdl.network.learning.passes import LaterLine, fed, results, trace_lines
from hdl.parts.delay import delayed


class Aftermath(wiring.Component):
    """Events of one side, one a cycle at most, each done 2 + the ring's latency cycles later.

    Parameters
    ----------
    chip : Chip
    side : str
        "pre", "post" or "reward".
    bits : int
        Of whose event it is.

    Members
    -------
    event, of, past : In
        Something happens; to whom, and what was before.
    amount : In
        If it is a reward.
    now : In(26)
        The step.
    done : Out(1)
        These cycles later: of whom, and which traces there are now.
    at, traces : Out
    coming : Out(1)
        One is done in a later cycle.
    """

    def __init__(self, chip: Chip, side: str, bits: int):
        self.chip, self.learner, self.side = chip, unit(chip), side
        self.delay = CLIPPED + self.learner.latency(chip.fabric)
        super().__init__({
            "event": In(1),
            "of": In(bits),
            "past": In(SpikePast(self.learner, side)),
            **({"amount": In(signed(REWARD_BITS))} if side == REWARD else {}),
            "now": In(LAST_BITS),
            "done": Out(1),
            "at": Out(bits),
            "traces": Out(traces(self.learner, side)),
            "coming": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        later = Signal(self.delay)
        m.d.sync += later.eq(Cat(self.event, later))
        m.d.comb += [
            self.done.eq(later[-1]),
            self.at.eq(delayed(m, self.of, self.delay, reset_less=True)),
            self.coming.eq(self.event | later[:-1].any()),
        ]
        if self.learner.side(self.side):
            self._mark(m)
        return m

    def _mark(self, m):
        schedule = self.learner.schedules(self.chip.fabric)[f"mark {self.side}"]
        m.submodules.pipeline = pipeline = Pipeline(schedule)
        age = elapsed(m, self.now, self.past).age
        lines = trace_lines(m, self.learner, self.side, self.past.traces)
        if self.side == REWARD:
            lines[REWARD] = LaterLine(DelayLine(m, self.amount), CLIPPED)
        fed(m, schedule, pipeline, lines | {f"{self.side} age": DelayLine(m, age)})
        found = results(m, schedule, pipeline, self.delay - CLIPPED)
        for i, word in enumerate(self.learner.side(self.side)):
            m.d.comb += self.traces[i].eq(found[word.name])
