# amaranth: UnusedElaboratable=no
"""The weight memory in gates: every word in every cycle, and golden's rows and columns."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from golden.dense import synapse
from golden.dense.interface import MemoryMap
from hdl.dense.synapse import Synapse
from hdl.parts.memory import SinglePort
from sim.battery.networks import TINY
from tests.hdl.bench import run

FORMS = pytest.mark.parametrize("single_port", [False, True], ids=["dual-port", "single-port"])
SIZES = pytest.mark.parametrize(
    ("n_neurons", "n_lanes", "weight_bits"),
    [
        pytest.param(2, 1, 5, id="one-lane"),
        pytest.param(7, 3, 8, id="padded"),
        pytest.param(4, 4, 4, id="one-word"),
        pytest.param(5, 2, 1, id="one-bit"),
    ],
)
CYCLES = 600


def params_of(n_neurons, n_lanes, weight_bits, **changes):
    low, high = -(1 << (weight_bits - 1)), (1 << (weight_bits - 1)) - 1
    bounds = {"w_min": low, "w_max": high, "w_init_low": low, "w_init_high": high}
    sizes = {"n_neurons": n_neurons, "n_lanes": n_lanes, "weight_bits": weight_bits}
    return replace(TINY, **sizes, **bounds, vote_spikes=2, **changes)


async def write(ctx, dut, p, axon, neuron, weight):
    ctx.set(dut.addr, axon * p.n_words + neuron // p.n_lanes)
    ctx.set(dut.lane, neuron % p.n_lanes)
    ctx.set(dut.data, weight)
    ctx.set(dut.write, 1)
    await ctx.tick()
    ctx.set(dut.write, 0)


async def read(ctx, dut, p, word):
    """Return the lanes of a word, each also as it is selected."""
    ctx.set(dut.word, word)
    await ctx.tick()
    lanes = [ctx.get(dut.row[i]) for i in range(p.n_lanes)]
    for lane, weight in enumerate(lanes):
        ctx.set(dut.select, lane)
        await ctx.tick().repeat(2)
        assert ctx.get(dut.weight) == weight
    return lanes


async def contents(ctx, dut, p):
    """Return all weights, (n_axons, n_neurons)."""
    words = [await read(ctx, dut, p, word) for word in range(p.n_axons * p.n_words)]
    return np.array(words).reshape(p.n_axons, -1)[:, : p.n_neurons]


# Equality


@FORMS
@SIZES
def test_rows_and_columns_equal_golden(n_neurons, n_lanes, weight_bits, single_port):
    p = params_of(n_neurons, n_lanes, weight_bits, single_port=single_port)
    dut, rng = Synapse(p), np.random.default_rng(1)
    w = rng.integers(p.w_min, p.w_max + 1, (p.n_axons, p.n_neurons))
    w.flat[0], w.flat[-1] = p.w_min, p.w_max

    async def bench(ctx):
        for axon in range(p.n_axons):
            for neuron, weight in enumerate(synapse.row(w, axon).tolist()):
                await write(ctx, dut, p, axon, neuron, weight)
        assert np.array_equal(await contents(ctx, dut, p), w)
        for neuron in range(p.n_neurons):
            new = rng.integers(p.w_min, p.w_max + 1, p.n_axons)
            for axon, weight in enumerate(new.tolist()):
                await write(ctx, dut, p, axon, neuron, weight)
            changed = await contents(ctx, dut, p)
            assert np.array_equal(synapse.column(changed, neuron), new)
            assert np.array_equal(changed, synapse.with_column(w, neuron, new))
            w[:] = changed

    run(dut, bench)


@FORMS
@SIZES
def test_every_cycle_equals_a_list(n_neurons, n_lanes, weight_bits, single_port):
    p = params_of(n_neurons, n_lanes, weight_bits, single_port=single_port)
    dut, rng, n_words = Synapse(p), np.random.default_rng(2), MemoryMap(p).n_weight_words
    memory = np.zeros((n_words, p.n_lanes), dtype=np.int64)
    seen = set()

    async def bench(ctx):
        await read(ctx, dut, p, 0)  # What is read first is unknown before.
        row, chosen, written = memory[0].copy(), [0, 0], None
        for _ in range(CYCLES):
            word, addr = (int(x) for x in rng.integers(n_words, size=2))
            writing = bool(rng.integers(2))
            lane, select = (int(x) for x in rng.integers(p.n_lanes, size=2))
            weight = int(rng.integers(p.w_min, p.w_max + 1))
            given = {"word": word, "write": writing, "addr": addr}
            given |= {"lane": lane, "data": weight, "select": select}
            for name, value in given.items():
                ctx.set(getattr(dut, name), value)
            if row is not None:
                assert [ctx.get(dut.row[i]) for i in range(p.n_lanes)] == row.tolist()
            if chosen[0] is not None:
                assert ctx.get(dut.weight) == chosen[0]
            seen.add((row is None, writing))
            chosen = [chosen[1], None if row is None else row[select]]
            # What is read at the port of a write is undefined; or at its address, twice.
            clash = writing and (single_port or word == addr)
            clash |= word == written and not single_port
            written = addr if writing else None
            row = None if clash else memory[word].copy()
            if writing:
                memory[addr, lane] = weight
            await ctx.tick()

    run(dut, bench)
    assert seen == {(False, False), (False, True), (True, False), (True, True)}
    assert memory.any()


# Refusals


@pytest.mark.parametrize(
    ("n_lanes", "width", "text"),
    [
        (8, 5, "weight_bits must be a multiple of 4 in SPRAM, not 5"),
        (2, 4, r"n_lanes \* weight_bits must be a multiple of 16 in SPRAM, not 8"),
    ],
)
def test_rows_that_no_spram_holds_are_refused(n_lanes, width, text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        SinglePort(100, n_lanes, width).elaborate(SimpleNamespace(device="iCE40UP5K"))
