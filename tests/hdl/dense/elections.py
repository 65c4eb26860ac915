"""Elections as the sequencer holds them, and what golden makes of them."""

from typing import NamedTuple

import numpy as np

from golden.dense import wta
from golden.dense.interface import MemoryMap
from golden.dense.timing.election import searched
from hdl.dense.wta import Camp, Mark

NOBODY = (0, 0, 0)
QUIET = {"begin": 0, "read": 0, "look": 0, "judge": 0, "last": 0, "mark": Mark.KEEP}


class Held(NamedTuple):
    """An election, and who may be elected."""

    margins: np.ndarray
    classes: np.ndarray
    barred: np.ndarray
    frozen: np.ndarray
    camp: Camp = Camp.ALL
    label: int = 0
    limit: int = 0
    """Distances must not exceed it."""
    waive: bool = False
    elected: int = wta.NOBODY
    """A voter is elected, and this one must not be."""
    behind: int | None = None
    """The threshold is this far behind who was elected before, whose margin is ``ahead``."""
    ahead: int = 0

    @property
    def right(self):
        return self.classes == self.label

    @property
    def least(self) -> int:
        """The least margin that is enough."""
        if self.behind is not None:
            return self.ahead - self.behind + 1
        return -(1 << 30) if self.waive else -self.limit

    @property
    def voting(self) -> bool:
        return self.elected != wta.NOBODY

    @property
    def able(self):
        """Who may be elected, of those that are near enough."""
        in_camp = {Camp.ALL: True, Camp.RIGHT: self.right, Camp.WRONG: ~self.right}[self.camp]
        free = ~self.barred & ~self.frozen & in_camp
        return free & (np.arange(self.margins.size) != self.elected)

    @property
    def counted(self):
        return ~self.frozen & (~self.barred | self.voting)


async def rtl_elect(ctx, dut, rng, held):
    """Hold an election as the sequencer does; return the words searched, and the outcome."""
    p, words, word = dut.p, [], 0
    ctx.set(dut.near, held.behind is not None)
    if held.behind is not None:
        ctx.set(dut.reward_margin, held.behind)
    for name in ("camp", "label", "waive", "voting"):
        ctx.set(getattr(dut, name), getattr(held, name))
    ctx.set(dut.start, held.limit)
    if held.voting:
        ctx.set(dut.elected.word, held.elected // p.n_lanes)
        ctx.set(dut.elected.lane, held.elected % p.n_lanes)
    await issue(ctx, dut, **QUIET | {"begin": 1})
    while (hit := await look(ctx, dut, rng, held, word)) is not None:
        words.append(hit)
        await search(ctx, dut, rng, held, hit)
        word = hit + 1
    return words, outcome(ctx, dut)


async def look(ctx, dut, rng, held, first):
    """Look at words; return which one is hit, or None."""
    p, limit = dut.p, ctx.get(dut.limit)
    for cycle in range(2 * (p.n_words - first) + 3):
        word, second = first + cycle // 2, cycle % 2
        told = first + (cycle - 4) // 2
        assert not ctx.get(dut.hit) or (not second and cycle >= 4)
        if ctx.get(dut.hit):
            await issue(ctx, dut, **QUIET)
            await ctx.tick().repeat(3)
            return told
        coming = first + (cycle - 3) // 2
        signs = rng.integers(2, size=p.n_lanes)
        if second and first <= coming < p.n_words:
            lanes = held.margins[coming * p.n_lanes :][: p.n_lanes]
            signs[: lanes.size] = -lanes - 1 < limit
        mask = int(signs @ (1 << np.arange(p.n_lanes)))
        reads = word < p.n_words and not second
        inputs = {"read": reads, "look": 1, "word": min(word, p.n_words - 1), "below": mask}
        await issue(ctx, dut, **QUIET | inputs | {"last": coming == p.n_words - 1})
    await issue(ctx, dut, **QUIET)
    return None


async def search(ctx, dut, rng, held, word):
    """Judge the lanes of a word; who is ahead is checked in every cycle."""
    p = dut.p
    turns, one = MemoryMap(p).class_parts or 1, 1 << p.w.width
    edge = 1 << (p.margin.width - 1)
    for k in range(turns * p.n_lanes + 4):
        judged, part = divmod(k - 4, turns)
        seen = word * p.n_lanes + (max(0, judged) if k > 4 else 0)
        assert outcome(ctx, dut) == golden_elect(p, held, min(seen, p.n_neurons))
        neuron = min(word * p.n_lanes + max(judged, 0), p.n_neurons - 1)
        is_judged = k >= 4 and part == turns - 1
        value = int(rng.integers(-edge, 0))
        if is_judged and word * p.n_lanes + judged < p.n_neurons:
            value = -int(held.margins[neuron]) - 1
        weight = int(held.classes[neuron]) >> (part * p.w.width) if k >= 4 else 0
        # What is beside a class in its rows does not count.
        weight |= int(rng.integers(one)) << max(0, p.label.width - part * p.w.width)
        inputs = {"read": k == 0, "word": word, "judge": is_judged, "value": value}
        inputs |= {"weight": p.w.wrap(weight % one), "last": word == p.n_words - 1}
        await issue(ctx, dut, **QUIET | inputs | {"lane": lane_of(k, turns)})
    assert outcome(ctx, dut) == golden_elect(p, held, min((word + 1) * p.n_lanes, p.n_neurons))


def lane_of(k, turns):
    """Return which lane is chosen: that which is judged in the next cycle."""
    return max(0, (k - 3 - (turns - 1)) // turns)


async def issue(ctx, dut, **inputs):
    for name, value in inputs.items():
        ctx.set(getattr(dut, name), value)
    await ctx.tick()


def outcome(ctx, dut):
    if not ctx.get(dut.found):
        return NOBODY
    neuron = ctx.get(dut.best.word) * dut.p.n_lanes + ctx.get(dut.best.lane)
    right = ctx.get(dut.right) if dut.p.reward != "none" else 0
    return neuron, right, -ctx.get(dut.limit) - 1


def golden_elect(p, held, through):
    """Return the outcome when so many neurons have been judged."""
    near = held.able & (held.margins >= held.least)
    best = wta.elect(held.margins, near & (np.arange(p.n_neurons) < through), force=True)
    if best == wta.NOBODY:
        return NOBODY
    return best, int(held.right[best] and p.reward != "none"), int(held.margins[best])


def golden_words(p, held):
    return searched(p, held.margins, held.counted, held.able, held.least - 1)
