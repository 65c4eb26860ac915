"""What a network needs of a board."""

import re
from dataclasses import replace

import pytest

from boards.parts.board import BOARDS
from golden.builder import Network, SpikeTrain, load, one_to_one
from golden.cells import Izhikevich
from golden.cells.cell import Cell
from golden.cells.schedule.blocks import LARGE, SMALL, blocks
from golden.cells.trace import Trace
from golden.network.interface import SETTLED, Phase
from golden.network.placement import placed
from golden.network.placement.contents import contents
from golden.network.placement.loading import state_words
from golden.network.placement.memories import MemoryNeed, memories, moved, taken
from golden.network.placement.parts import PARTS
from golden.network.placement.report import still_cycles
from golden.network.rules import PairSTDP
from golden.network.state import NetworkState
from golden.network.timing.count import CycleCount
from golden.network.timing.memories import Memories
from sim.battery.tiny import Adder, Seeping
from sim.battery.zoo import network

BESIDE = "fits, beside logic and link"


class Settled(Cell):
    """Adds to what arrives a sum of constants, so long that it must be there before the neurons."""

    def step(self, trace: Trace) -> None:
        """Add up."""
        v, total = trace.state("v", 16, 0, 0), trace.constant("step", 12345, 0)
        for number in range(12):
            total = total + trace.constant(f"step {number}", 1000 + number, 0)
        trace.write("v", v + trace.receptor("current", 16, 0) + total.lowest(6))
        trace.spike(v >= trace.number(100), v)


def ring() -> Network:
    """Return 300 silent cells in a ring."""
    net = Network(dt=1)
    cells = net.population(300, Adder(), "cells")
    net.connect(cells, cells, one_to_one(), weight=3, delay=2)
    return net


# By hand


@pytest.mark.parametrize(
    ("words", "width", "modes", "expected"),
    [
        (512, 8, SMALL, 1),
        (257, 16, SMALL, 2),
        (525, 15, SMALL, 3),
        (512, 24, SMALL, 3),
        (320_525, 12, LARGE, 237),
        (1000, 18, LARGE, 1),
        (513, 36, LARGE, 2),
        (1, 1, LARGE, 1),
    ],
)
def test_blocks_are_taken_in_the_mode_that_needs_the_fewest(words, width, modes, expected):
    assert blocks(words, width, modes) == expected


def test_a_report_says_what_a_network_takes_of_a_board():
    """A still step: WALK and ENDSTEP a cycle each, LOAD 5 + 1 + 1, RUN 299 + latency 2 + 2.

    Blocks: script 2, delays of rows 1, queue 2 + 1, as it has 256 places, v 2, sums 1, list of the
    fired 2; families are flip-flops. Rows lie behind 512 runs and synapses.
    """
    assert str(ring().build(board="icebreaker")).splitlines()[2:] == [
        "chip: 300 cells; 33 kbit in all, cells 5,700 bit",
        "rows: 812 runs of 10 bits, 812 synapses of 9 bits with common weights, 15 kbit",
        "a still step takes 312 cycles; a synapse that is reached 1 more",
        f"icebreaker: 11 of 30 block memories, 2 of 4 large ones, 0 of 8 multipliers: {BESIDE}",
    ]


def test_a_report_says_what_learns():
    """8 posts of 300 cells may wait, each with 9 bits of its step; weights have 9, too."""
    rule = PairSTDP(w_max=9, bits=9, a_plus=1, a_minus=1)
    net = Network(dt=1)
    cells = net.population(300, Adder(), "cells")
    net.connect(cells, cells, one_to_one(), weight=3, delay=2, rule=replace(rule, pairs="nearest"))
    lines = str(net.build(board="ulx3s_85f")).splitlines()[-3:]
    assert lines[1] == (
        "learning: 300 synapses of 8 bits in 300 runs; at least every 512 steps with spikes all "
        "are looked at, in 600 cycles or more"
    )
    placement = placed(net.build().blueprint)
    needs = {need.name: (need.words, need.width) for need in memories(placement.chip)}
    assert (needs["counts"], needs["records"]) == ((300, 4), (2400, 9))
    assert (needs["run_lasts"], needs["learned_w"]) == ((300, 27), (300, 8))
    for pairs, traces in (("nearest", 0), ("all", 1)):
        net = Network(dt=1)
        cells = net.population(300, Adder(), "cells")
        net.connect(cells, cells, one_to_one(), weight=3, rule=replace(rule, pairs=pairs))
        needs = [need.name for need in memories(placed(net.build().blueprint).chip)]
        assert needs.count("post_trace_0") == traces
        # Of on_pre and on_post one table each, and one for each mark.
        assert needs.count("learning table") == 2 + 2 * traces


def test_a_network_that_is_too_large_is_told_so():
    net = Network(dt=1)
    cells = net.population(5000, Adder(), "cells")
    net.connect(cells, cells, one_to_one(), weight=3)
    last = str(net.build(board="hx8k")).splitlines()[-1]
    assert last == "hx8k: 170 of 32 block memories: DOES NOT FIT, beside logic and link"


def products(*substeps, rule=None):
    """Return what is told of the multipliers of kinds whose v is taken so many times a step.

    Each multiplies in every substep: v by v; and twice for u.
    """
    net = Network(dt=0.5)
    for number in substeps:
        cells = net.population(2, Izhikevich(substeps=number), f"cells{number}")
        net.connect(cells, cells, one_to_one(), weight=3, rule=rule)
    last = str(net.build(board="icebreaker")).splitlines()[-1]
    return re.findall(r"(\d+) of 8 multipliers: (.*),", last)[0]


def test_a_network_with_too_many_products_is_told_so():
    assert products(1, 2) == ("7", "fits")
    assert products(1, 2, 3) == ("12", "DOES NOT FIT")
    # A gain of each side.
    rule = PairSTDP(w_max=9, a_plus=1, a_minus=1, pairs="nearest")
    assert products(1, rule=rule) == ("5", "fits")


def test_a_network_from_a_file_is_reported_too(tmp_path):
    plan = ring().build(board="tangnano9k")
    plan.save(tmp_path / "ring.npz")
    again = load(tmp_path / "ring.npz")
    assert str(again.build(board="ulx3s_25f")).splitlines()[-1].startswith("ulx3s_25f: ")
    assert again.build().blueprint.sha256() == plan.blueprint.sha256()


def test_memories_move_to_lookup_tables_until_blocks_are_enough():
    """From the cheapest on: 4 bits of 1,000 words are 63 tables, 10 are 189, 27 are 441 for two."""
    part = replace(PARTS["ulx3s_85f"], blocks=5, moved=700)
    big = MemoryNeed("synapses", 8_192, 9, cut=True)
    small = [
        MemoryNeed("post_lasts", 1_000, 27, cut=True),
        MemoryNeed("fired", 1_000, 10),
        MemoryNeed("counts", 1_000, 4),
    ]
    assert moved([big, *small[1:2]], part) == []
    assert moved([big, *small[1:]], part) == ["counts"]
    assert taken([big, *small], part) == {"synapses": 4}
    assert moved([big, *small], part) == ["counts", "fired", "post_lasts"]
    # Too few tables, or too few blocks whatever is moved: nothing is.
    assert moved([big, *small], replace(part, moved=690)) == []
    assert moved([big, *small], replace(part, blocks=3)) == []
    assert sum(taken([big, *small], replace(part, blocks=3)).values()) == 8


def test_parts_are_those_of_the_boards():
    assert {name: part.blocks for name, part in PARTS.items()} == {
        name: BOARDS[name].memories for name in PARTS
    }


# Refusals


def test_boards_that_there_are_not_are_refused():
    with pytest.raises(ValueError, match=r".") as refusal:
        ring().build(board="arty")
    assert str(refusal.value) == (
        "board must be one of icebreaker, hx8k, ulx3s_25f, ulx3s_85f, tangnano9k, tangnano20k, "
        "not arty"
    )


def test_one_thing_is_built_for():
    chip = placed(ring().build().blueprint).chip
    with pytest.raises(ValueError, match=r".") as refusal:
        ring().build(chip=chip, board="hx8k")
    assert str(refusal.value) == (
        "a network must be built for a fabric, a chip or a board, not 2 of them"
    )


def test_what_no_core_can_do_is_refused(tmp_path):
    net = Network(dt=1)
    net.input(2, SpikeTrain([3], [1]), "train")
    net.build().save(tmp_path / "train.npz")
    for made in (net, load(tmp_path / "train.npz")):
        with pytest.raises(ValueError, match=r".") as refusal:
            made.build(board="ulx3s_25f")
        assert str(refusal.value) == (
            "ulx3s_25f: a chip must be for cells or random spikes, not for spikes from outside"
        )


def test_what_a_board_has_too_few_multipliers_for_is_refused():
    said = "hx8k: 9 products in 8 cycles must have at least 2 multipliers, not 1"
    with pytest.raises(ValueError, match=f"^{said}$"):
        network(1).build(board="hx8k")


# Equality


def still(seed: int) -> Network:
    """Return some cells that nothing reaches, some with random words, and an input."""
    net = Network(dt=1, seed=seed)
    net.population(1 + seed, Adder(threshold=90 + seed), "adders")
    if seed > 6:
        net.population(2, Settled(), "settled")
    if seed % 2:
        net.population(3, Seeping(threshold=31), "leaky")
    if seed % 3:
        net.population(2 * seed, Izhikevich(), "cells")
        told = net.input(1, SpikeTrain([500]), "told")
        net.connect(told, net.populations["cells"], weight=1)
    return net


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_still_step_takes_as_many_cycles_as_in_the_cycle_model(seed):
    part = list(PARTS.values())[seed % len(PARTS)]
    blueprint = still(seed).build(board=part.name).blueprint
    placement = placed(blueprint, fabric=part.fabric)
    memories = Memories(placement.chip)
    memories.load(contents(placement))
    memories.load(state_words(placement, NetworkState.start(blueprint)))
    settling = [kind.schedule(part.fabric).settling for kind in placement.chip.kinds]
    assert (max(settling) > SETTLED) == (seed > 6)
    cycles = CycleCount(memories).step()
    assert Phase.EMIT not in cycles
    assert still_cycles(placement) == sum(cycles.values())


@pytest.mark.parametrize("seed", [0, 2, 3, 4, 5])
def test_any_network_is_reported(seed):
    part = list(PARTS.values())[seed]
    lines = str(network(seed).build(board=part.name)).splitlines()
    assert lines[-1].startswith(f"{part.name}: ")
