# amaranth: UnusedElaboratable=no
"""What is known of the rewards of places."""

from amaranth.hdl import Cat, Module, Value, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.network.rules.interface import LAST_BITS, REWARD_BITS
from golden.network.rules.words import REWARD
from golden.numbers.formats import index_bits
from hdl.network.learning.aftermath import Aftermath
from hdl.network.learning.layouts import RewardPast, traces
from hdl.network.learning.memory import SharedMemory
from hdl.network.tables import HOST
from hdl.parts.delay import delayed

ASKED = 2
"""Cycles from a place to the age of its reward before."""


class RewardMemories(wiring.Component):
    """Memories of places, each with one port to read and one to write.

    Members
    -------
    of, past : In, Out(RewardPast)
        A place; in the next cycle what is known of it.
    enter : In(1)
        RECEIVE takes the place ``of``: its reward, if one is given, is received.
    now : In(26)
        The step.
    receive, at, marks : Out
        A reward is received: whose, and which traces there are now.
    host_rewards, host_lasts, host_traces : In(Access)
    amounts, lasts, kept : Out
        What the host reads.
    """

    def __init__(self, chip: Chip):
        self.chip, self.learner = chip, unit(chip)
        place, n = index_bits(chip.places), len(self.learner.side(REWARD))
        self.aftermath = Aftermath(chip, REWARD, place)
        super().__init__({
            "of": In(place),
            "past": Out(RewardPast(self.learner)),
            "enter": In(1),
            "now": In(LAST_BITS),
            "receive": Out(1),
            "at": Out(place),
            "marks": Out(traces(self.learner, REWARD)),
            **dict.fromkeys(("host_rewards", "host_lasts"), HOST),
            **{f"host_trace_{i}": HOST for i in range(n)},
            "amounts": Out(REWARD_BITS + 1),
            "lasts": Out(LAST_BITS + 1),
            "kept": Out(data.ArrayLayout(signed(REWARD_BITS), n)),
        })

    def elaborate(self, platform):
        m = Module()
        m.submodules.aftermath = after = self.aftermath
        past = self.past
        known = data.View(past.shape(), delayed(m, past.as_value(), reset_less=True))
        m.d.comb += [
            past.amount.eq(self.amounts[:REWARD_BITS]),
            past.given.eq(self.amounts[REWARD_BITS]),
            past.before.last.eq(self.lasts[:LAST_BITS]),
            past.before.there.eq(self.lasts[LAST_BITS]),
            past.before.traces.eq(self.kept),
            after.event.eq(delayed(m, self.enter, ASKED) & known.given),
            after.of.eq(delayed(m, self.of, ASKED, reset_less=True)),
            after.past.eq(known.before),
            after.amount.eq(known.amount),
            after.now.eq(self.now),
            self.receive.eq(after.done),
            self.at.eq(after.at),
            self.marks.eq(after.traces),
        ]
        # What is given is so no longer as soon as it has been seen.
        amounts = after.event, after.of, known.amount
        self._memory(m, "rewards", self.host_rewards, self.amounts, amounts)
        lasts = self.receive, self.at, Cat(self.now, 1)
        self._memory(m, "lasts", self.host_lasts, self.lasts, lasts)
        for i in range(len(self.kept)):
            host, new = getattr(self, f"host_trace_{i}"), (self.receive, self.at, self.marks[i])
            self._memory(m, f"trace_{i}", host, self.kept[i], new)
        return m

    def _memory(self, m, name, host, shown, new: tuple[Value, Value, Value]):
        m.submodules[name] = memory = SharedMemory(self.chip.fabric, self.chip.places, len(shown))
        wiring.connect(m, wiring.flipped(host), memory.host)
        write, at, value = new
        m.d.comb += [
            memory.address.eq(self.of),
            shown.eq(memory.word),
            memory.write.eq(write),
            memory.at.eq(at),
            memory.value.eq(value.as_unsigned()),
        ]
