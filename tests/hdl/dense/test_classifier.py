# amaranth: UnusedElaboratable=no
"""The decision in gates: every read, and the label of golden."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense import classifier
from golden.dense.interface import MemoryMap
from hdl.dense.classifier import Classifier
from sim.battery.networks import TINY
from tests.hdl.bench import run

AFTER = 6
"""Cycles after a decision in which nothing may happen."""


def memory_of(p, votes):
    """Lay votes out as the document says: weight words as lists of lanes."""
    at, lanes = MemoryMap(p), p.n_lanes
    memory = np.zeros((at.n_rows, p.n_words * lanes), dtype=np.int64)
    for rank in range(p.vote_spikes):
        for label in range(p.n_classes):
            row = p.n_axons + at.class_parts + (rank * p.n_classes + label) * at.vote_parts
            for k in range(at.vote_parts):
                part = votes[rank, :, label] >> (k * p.weight_bits)
                memory[row + k, : p.n_neurons] = part & ((1 << p.weight_bits) - 1)
    return memory.reshape(at.n_weight_words, lanes)


def reads_of(p, spikes):
    """Return the word addresses that a decision reads, in order."""
    at = MemoryMap(p)
    return [
        (p.n_axons + at.class_parts + (rank * p.n_classes + label) * at.vote_parts + k) * p.n_words
        + neuron // p.n_lanes
        for label in range(p.n_classes)
        for rank, neuron in enumerate(spikes)
        for k in range(at.vote_parts)
    ]


async def tell(ctx, dut, p, spikes):
    """Begin a presentation and append its spikes."""
    ctx.set(dut.clear, 1)
    await ctx.tick()
    ctx.set(dut.clear, 0)
    assert (ctx.get(dut.n_spikes), ctx.get(dut.label)) == (0, 0)
    for neuron in spikes:
        ctx.set(dut.word, neuron // p.n_lanes)
        ctx.set(dut.lane, neuron % p.n_lanes)
        ctx.set(dut.spike, 1)
        await ctx.tick()
        ctx.set(dut.spike, 0)
        ctx.set(dut.word, 0)
        ctx.set(dut.lane, 0)
    await ctx.tick()
    assert ctx.get(dut.n_spikes) == len(spikes)


async def decide(ctx, dut, memory, n_cycles):
    """Play the weight memory; return (w_read, w_word, done) of every cycle, and the label."""
    trace, pipe, lanes, label = [], [None] * 3, [0, 0], None
    ctx.set(dut.start, 1)
    await ctx.tick()
    ctx.set(dut.start, 0)
    for _ in range(n_cycles + AFTER):
        word, lane = pipe.pop(0), lanes.pop(0)
        # The lane was given two cycles ago; a word nobody asked for is all ones.
        ones = (1 << len(dut.weight)) - 1
        ctx.set(dut.weight, ones if word is None else int(memory[word][lane]))
        lanes.append(ctx.get(dut.voter))
        w_read = ctx.get(dut.w_read)
        pipe.append(ctx.get(dut.w_word) if w_read else None)
        trace.append((w_read, ctx.get(dut.w_word) if w_read else 0, ctx.get(dut.done)))
        await ctx.tick()
        label = ctx.get(dut.label) if trace[-1][2] else label
    assert ctx.get(dut.label) == label
    return trace, label


def check(p, votes, presentations):
    """Compare every cycle of some decisions with the document, and the labels with golden."""
    dut, memory, labels = Classifier(p), memory_of(p, votes), []

    async def bench(ctx):
        for spikes in presentations:
            await tell(ctx, dut, p, spikes)
            reads = [(1, word, 0) for word in reads_of(p, spikes)]
            wanted = [*reads, *[(0, 0, 0)] * 4, (0, 0, 1), *[(0, 0, 0)] * AFTER]
            trace, label = await decide(ctx, dut, memory, len(reads) + 5)
            assert trace == wanted
            assert label == classifier.decide(p, votes, spikes)
            labels.append(label)

    run(dut, bench)
    assert len(labels) == len(presentations) > 0
    return labels


def votes_of(p, *by_neuron):
    """Make tables that are the same for every rank."""
    return np.array([by_neuron] * p.vote_spikes, dtype=np.int64)


# By hand


THREE = replace(TINY, n_classes=3, n_neurons=3, vote_spikes=2, weight_bits=4, w_min=-8, w_max=7)
"""A vote of 8 bits lies in two rows."""


@pytest.mark.parametrize(
    ("votes", "spikes", "label"),
    [
        pytest.param([(1, 9, 3), (0, 0, 0), (0, 0, 0)], [0], 1, id="largest-wins"),
        pytest.param([(3, 9, 9), (0, 0, 0), (0, 0, 0)], [0], 1, id="lowest-of-two-wins"),
        pytest.param([(0, 0, 0), (1, 1, 1), (0, 0, 0)], [0], 0, id="nothing-is-label-zero"),
        pytest.param([(9, 5, 0), (0, 6, 9), (0, 0, 0)], [0, 1], 1, id="sums-decide"),
        pytest.param([(0, 0, 255), (0, 254, 255), (0, 0, 0)], [0, 1], 2, id="sums-do-not-wrap"),
        pytest.param([(0, 16, 15), (0, 0, 0), (0, 0, 0)], [0], 1, id="upper-part-counts-more"),
    ],
)
@pytest.mark.parametrize("n_lanes", [1, 2, 3])
def test_label_by_hand(votes, spikes, label, n_lanes):
    p = replace(THREE, n_lanes=n_lanes)
    assert check(p, votes_of(p, *votes), [spikes]) == [label]


def test_reads_by_hand():
    p = replace(THREE, n_classes=2, n_lanes=2)  # axons' rows end with word 5; two parts a vote
    assert reads_of(p, [2, 1]) == [7, 9, 14, 16, 11, 13, 18, 20]


# The list


@pytest.mark.parametrize("n_lanes", [1, 2, 3])
def test_list_keeps_the_first_and_counts_all(n_lanes):
    p = replace(TINY, n_neurons=7, n_lanes=n_lanes, vote_spikes=3)
    dut, told = Classifier(p), []

    async def bench(ctx):
        for spikes in ([6, 2, 5, 1, 3], [4, 0], [3]):
            await tell(ctx, dut, p, spikes)
            for rank, neuron in enumerate(spikes[: p.vote_spikes]):
                ctx.set(dut.rank, rank)
                await ctx.tick()
                assert ctx.get(dut.neuron) == neuron
                told.append(neuron)

    run(dut, bench)
    assert told == [6, 2, 5, 4, 0, 3]


# Equality


@pytest.mark.parametrize("seed", range(40))
def test_random_decisions_equal_golden(seed):
    rng = np.random.default_rng(seed)
    bits, n_neurons = int(rng.choice((1, 2, 3, 4, 8, 16))), int(rng.integers(1, 12))
    p = replace(
        TINY,
        n_neurons=n_neurons,
        n_lanes=int(rng.integers(1, n_neurons + 1)),
        n_classes=int(rng.choice((1, 2, 3, 7))),
        weight_bits=bits,
        w_min=-(1 << (bits - 1)),
        w_max=(1 << (bits - 1)) - 1,
        w_init_low=-1,
        w_init_high=0,
        vote_spikes=int(rng.integers(1, 6)),
        vote_bits=int(rng.choice((1, 4, 8, 11))),
        reward=str(rng.choice(("none", "class"))) if bits > 1 else "none",
    )
    votes = rng.integers(0, p.vote.max + 1, (p.vote_spikes, n_neurons, p.n_classes))
    if seed % 2:
        votes = np.maximum(votes - p.vote.max // 2, 0) // max(1, p.vote.max // 4)
    counts = rng.integers(1, p.vote_spikes + 1, 4)
    check(p, votes, [rng.integers(0, n_neurons, n).tolist() for n in counts])


def test_longest_list_equals_golden():
    p = replace(TINY, n_neurons=9, n_lanes=2, vote_spikes=64, n_classes=2)
    rng = np.random.default_rng(1)
    votes = rng.integers(200, 256, (64, 9, 2))
    check(p, votes, [rng.integers(0, 9, 64).tolist(), [8]])
