"""Sweeps of plasticity, cycle by cycle: what the document wants and what the gates do."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import stdp
from golden.dense.stdp import PUNISH
from golden.numbers import lfsr
from hdl.dense.stdp import STDP
from tests.hdl.bench import run

LATE = 0
"""Kind of a lesson, beside `REWARD` and `PUNISH`."""
QUIET = (0, 0, 0, 0, 0, 0)
"""Strobes and what belongs to them in a cycle in which nothing happens."""
AFTER = 8
"""Cycles after a sweep in which nothing may happen."""


class Lesson(NamedTuple):
    """One sweep and what it finds."""

    column: NDArray[np.int64]
    last: NDArray[np.int64]
    step: int
    kind: int
    register: int
    word: int = 0

    def gain(self, p):
        if self.kind == LATE:
            return stdp.lateness(p, self.last, self.step)
        return stdp.pairing(p, self.last, self.step, self.kind)


def expected(p, lesson):
    """Return (w_read, w_word, w_en, w_addr, w_data, done, lfsr) of every cycle of a sweep."""
    after, _ = stdp.sweep(p, lesson.column, lesson.gain(p), lesson.register)
    register, words, read, cycle = lesson.register, [], 0, 0
    trace = [list(QUIET) for _ in range(2 * p.n_axons + 8 + AFTER)]
    while read < p.n_axons:
        if not (p.single_port and trace[cycle][2]):
            address = read * p.n_words + lesson.word
            trace[cycle][:2] = 1, address
            if after[read] != lesson.column[read]:
                trace[cycle + 7][2:5] = 1, address, int(after[read])
            read += 1
        cycle += 1
    del trace[cycle + 7 + AFTER :]
    trace[-1 - AFTER][5] = 1
    # A draw is shown in the cycle before that of the write, 6 cycles after the read.
    for i in range(len(trace)):
        register = lfsr.step(register) if i >= 6 and trace[i - 6][0] else register
        words.append(register)
    return [(*row, word) for row, word in zip(trace, words, strict=True)]


async def load(ctx, dut, p, lesson):
    """Set registers and memories as the host and the encoder would."""
    for name in ("w_min", "w_max", "ltp_window", "a_minus", "soft_bounds"):
        ctx.set(getattr(dut, name), getattr(p, name))
    if p.a_late:
        ctx.set(dut.ltd_window, p.ltd_window)
    ctx.set(dut.table_en, 1)
    for index, gain in enumerate((*p.a_plus, *p.a_late)):
        ctx.set(dut.table_index, index)
        ctx.set(dut.table_data, gain)
        await ctx.tick()
    ctx.set(dut.table_en, 0)
    ctx.set(dut.last_en, 1)
    for axon, last in enumerate(lesson.last):
        ctx.set(dut.last_axon, axon)
        ctx.set(dut.last_data, int(last))
        await ctx.tick()
    ctx.set(dut.last_en, 0)
    ctx.set(dut.lfsr_data, lesson.register)
    ctx.set(dut.lfsr_en, 1)
    await ctx.tick()
    ctx.set(dut.lfsr_en, 0)


async def start(ctx, dut, p, lesson):
    """Give the strobe; afterwards everything that came with it is something else."""
    given = {"word": lesson.word, "punish": lesson.kind == PUNISH, "reference": lesson.step}
    if p.a_late:
        given["late"] = lesson.kind == LATE
    for name, value in given.items():
        ctx.set(getattr(dut, name), value)
    ctx.set(dut.start, 1)
    await ctx.tick()
    ctx.set(dut.start, 0)
    for name, value in given.items():
        ctx.set(getattr(dut, name), ~value)


async def observe(ctx, dut, p, lesson, n_cycles):
    """Play the weight memory; return what happens in every cycle."""
    trace = []
    for cycle in range(n_cycles):
        word = trace[cycle - 3][1] if cycle >= 3 and trace[cycle - 3][0] else None
        shown = p.w_min if word is None else int(lesson.column[word // p.n_words])
        ctx.set(dut.weight, shown)
        w_read, w_en = ctx.get(dut.w_read), ctx.get(dut.w_en)
        trace.append((
            w_read,
            ctx.get(dut.w_word) if w_read else 0,
            w_en,
            ctx.get(dut.w_addr) if w_en else 0,
            ctx.get(dut.w_data) if w_en else 0,
            ctx.get(dut.done),
            ctx.get(dut.lfsr),
        ))
        await ctx.tick()
    return trace


def check(p, lessons):
    """Compare every cycle of some sweeps, each with its own memories."""
    dut, seen = STDP(p), []

    async def bench(ctx):
        for lesson in lessons:
            await load(ctx, dut, p, lesson)
            await start(ctx, dut, p, lesson)
            wanted = expected(p, lesson)
            assert await observe(ctx, dut, p, lesson, len(wanted)) == wanted
            seen.append(lesson)

    run(dut, bench)
    assert len(seen) == len(lessons) > 0
