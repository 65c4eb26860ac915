"""Rows in memory: one by hand, and those of random networks, decoded again."""

from dataclasses import replace

import numpy as np
import pytest

from golden.builder import Network, SpikeTrain, from_pairs
from golden.network.interface import Region
from golden.network.placement import Placement, placed
from golden.network.placement.chains import cut
from golden.network.placement.contents import contents
from golden.network.placement.loading import state_words
from golden.network.state import NetworkState
from golden.numbers.formats import index_bits
from sim.battery.tiny import Adder
from sim.battery.zoo import network
from tests.network.placement.words import fields, signed


def one_row() -> Network:
    """Return a network of one row: weights 5 and 7 after 2 steps, 5 after 9."""
    net = Network(dt=1)
    told = net.input(1, SpikeTrain([3]), "told")
    cells = net.population(4, Adder(), "cells")
    pairs = from_pairs([0, 0, 0, 0], [2, 1, 3, 0])
    delay = np.array([9, 2, 2, 2])
    net.connect(told, cells, pairs, weight=np.array([5, 5, 7, 5]), delay=delay)
    return net


def on(net: Network, **sizes) -> Placement:
    """Place it on a chip of other sizes than the smallest one's."""
    blueprint = net.build().blueprint
    return placed(blueprint, replace(placed(blueprint).chip, **sizes))


COMMON = {
    "runs": 4,
    "synapses": 4,
    "count_bits": 2,
    "gap_bits": 3,
    "family_bits": 1,
    "weight_bits": 0,
    "family_weight_bits": 4,
}
"""Sizes of a chip on which weights are those of families."""


# By hand


def test_a_row_of_three_runs():
    """Delay 2: two of weight 5, one of 7; seven steps later one of 5."""
    words = contents(on(one_row(), **COMMON))
    assert words[Region.FAMILIES].tolist() == [5, 7]
    assert words[Region.SYNAPSES].tolist() == [0, 1, 3, 2]
    count, gap, more, family = ([2, 1, 1], [0, 7, 0], [1, 1, 0], [0, 1, 0])
    assert [fields(word, 2, 3, 1, 1) for word in words[Region.RUNS].tolist()] == [
        *zip(count, gap, more, family, strict=True)
    ]
    assert words[Region.RUNS].tolist() == [0b0100010, 0b1111101, 0b0000001]
    # Axon 0 has it; cells without synapses share the axons behind.
    assert words[Region.ROW_RUNS].tolist() == [1 << 10 | 2 << 2, 0, 0, 0, 0]
    assert words[Region.ROW_SYNAPSES].tolist() == [0, 0, 0, 0, 0]


def test_a_row_with_weights_of_its_own():
    own = COMMON | {"weight_bits": 4, "family_weight_bits": 0}
    words = contents(on(one_row(), **own))
    assert words[Region.FAMILIES].tolist() == [0]
    assert [fields(w, 2, 4) for w in words[Region.SYNAPSES].tolist()] == [
        (0, 5),
        (1, 5),
        (3, 7),
        (2, 5),
    ]
    assert [fields(w, 2, 3, 1, 1) for w in words[Region.RUNS].tolist()] == [
        (3, 7, 1, 0),
        (1, 0, 0, 0),
    ]


def test_a_run_is_cut_where_a_count_ends():
    """A bit counts to 1: four runs, the first two due together."""
    runs = cut(on(one_row(), **COMMON).chains, count_bits=1)
    assert runs.count.tolist() == [1, 1, 1, 1]
    assert runs.synapse.tolist() == [0, 1, 2, 3]
    assert runs.gap.tolist() == [0, 0, 7, 0]
    assert runs.more.tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("step", "entries"),
    [
        (4, [(0, 5, 0)]),
        (5, [(0, 5, 0)]),
        (6, [(2, 12, 3)]),
        (12, [(2, 12, 3)]),
        (13, []),
    ],
    ids=str,
)
def test_the_queue_holds_what_a_spike_of_step_3_has_still_to_reach(step, entries):
    """Run 0 is due in step 5, run 2 (synapse 3) in step 12."""
    placement = on(one_row(), **COMMON)
    state = NetworkState.start(placement.blueprint)
    state.step = step
    state.history = [np.array([0] if step - age == 3 else [], np.int64) for age in range(1, 10)]
    words = state_words(placement, state)
    found = zip(words[Region.QUEUE_RUNS], words[Region.QUEUE_SYNAPSES], strict=True)
    assert [(*fields(run, 2, 8), int(synapse)) for run, synapse in found] == entries
    assert words[Region.REGISTERS][6] == len(entries)


# Equality


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("own", [True, False])
def test_memories_decoded_are_the_synapses(seed, own):
    blueprint = network(seed).build().blueprint
    widths = {"weight_bits": 24 if own else 0, "family_weight_bits": 0 if own else 22}
    sizes = {"runs": 100_000, "family_bits": 10, "count_bits": 1 + seed % 4, "gap_bits": 8}
    chip = replace(placed(blueprint).chip, **sizes, **widths)
    placement = placed(blueprint, chip)
    assert decoded(placement) == sorted(asked(placement))


def asked(placement: Placement):
    """Yield what was built: axon, delay, kind, receptor, slot and weight of every synapse."""
    for number, rows in enumerate(placement.blueprint.rows):
        tenant = placement.tenants[rows.target]
        assert tenant is not None
        program = placement.chip.kinds[tenant.kind].program
        receptor = [r.name for r in program.receptors].index(rows.receptor)
        pre = np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start))
        axons = pre + placement.axons.rows[number]
        for k in range(rows.synapses):
            where = tenant.kind, receptor, tenant.slot + int(rows.post[k])
            yield int(axons[k]), int(rows.delay[k]), *where, int(rows.weight[k])


def decoded(placement: Placement) -> list[tuple]:
    """Return the same, read from the memories."""
    chip, words, found = placement.chip, contents(placement), []
    for axon, word in enumerate(words[Region.ROW_RUNS].tolist()):
        run, delay, present = fields(word, index_bits(chip.runs), 8, 1)
        synapse, more = int(words[Region.ROW_SYNAPSES][axon]), present
        while more:
            count, gap, more, family = fields(
                words[Region.RUNS][run], chip.count_bits, chip.gap_bits, 1, chip.family_bits
            )
            common, inlet = fields(words[Region.FAMILIES][family], chip.family_weight_bits, 16)
            for word in words[Region.SYNAPSES][synapse : synapse + count]:
                slot, weight = fields(word, chip.slot_bits, chip.weight_bits)
                weight = (
                    signed(weight, chip.weight_bits)
                    if chip.weight_bits
                    else signed(common, chip.family_weight_bits)
                )
                found.append((axon, delay, *chip.inlets[inlet], slot, int(weight)))
            run, synapse, delay = run + 1, synapse + count, delay + gap
    return sorted(found)
