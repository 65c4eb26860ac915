"""Who lies where, what a host writes from step to step, and what does not fit."""

from dataclasses import replace

import numpy as np
import pytest

from golden.builder import (
    Network,
    Periodic,
    Poisson,
    SpikeTrain,
    all_to_all,
    steps,
)
from golden.cells import IF_curr_exp
from golden.network.interface import Region, registers
from golden.network.placement import placed
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import contents, first_regions
from golden.network.placement.events import LONGEST_QUIET, externals, halts, writes
from golden.network.placement.flight import most_flying
from golden.network.placement.loading import network_state, state_words
from golden.network.state import NetworkState
from sim.battery.tiny import Adder, Holder
from tests.network.placement.words import signed


def three() -> Network:
    """Return two groups of one kind, a third of another, and two inputs."""
    net = Network(dt=1, seed=9)
    told = net.input(2, SpikeTrain([1, 4, 4], [1, 0, 1]), "told")
    a = net.population(3, Adder(v=-7), "a")
    b = net.population(2, Holder(), "b")
    c = net.population(4, Adder(threshold=120), "c", winners=2)
    net.input(2, Poisson([0, 1000]), "rain")
    net.connect(told, a, all_to_all(), weight=3)
    net.connect(c, b, all_to_all(), weight=-2)
    return net


# By hand


def test_groups_of_one_kind_lie_behind_each_other_and_the_script_has_their_records():
    placement = placed(three().build().blueprint)
    chip = placement.chip
    assert [(kind.name, kind.slots) for kind in chip.kinds] == [("a", 7), ("b", 2), ("rain", 2)]
    assert placement.axons.groups == ((0,), (6,), (6,), (2,), (6,))
    assert chip.axons == 9
    records = [
        [0, 0, 3, 2, 6, 100],
        [1, 0, 2, 5, 6],
        [2 << 8, 3, 4, 7, 2, 120],
        # Thresholds 0 and 2**32: their low halves are the same.
        [2, 0, 2, 11, 6, 0],
    ]
    assert contents(placement)[Region.SCRIPT].tolist() == sum(records, [])
    assert chip.kinds[2].varying == ("threshold high",)
    assert contents(placement)[first_regions(chip)[2]].tolist() == [0, 1 << 16]
    assert chip.elects


def test_a_silent_group_is_marked():
    placement = placed(three().build().blueprint, silent=frozenset({"b"}))
    script = contents(placement)[Region.SCRIPT].tolist()
    assert (script[0], script[6]) == (0, 1 | 1 << 16)


def test_states_and_registers_of_the_start():
    placement = placed(three().build().blueprint)
    words = state_words(placement, NetworkState.start(placement.blueprint))
    first = first_regions(placement.chip)[0]
    assert signed(words[first], 16).tolist() == [-7, -7, -7, 0, 0, 0, 0]
    assert words[first + 1].tolist() == [0] * 7
    names = list(registers(placement.chip))
    found = dict(zip(names, words[Region.REGISTERS].tolist(), strict=True))
    assert found == dict.fromkeys(names, 0) | {"seed": 9, "groups": 4, "listen": 1, "quiet": 1}


def test_inlets_are_as_wide_as_the_largest_sum():
    """A gets 3 from two axons, so -6 to 6; b -8, from four; c nothing."""
    chip = placed(three().build().blueprint).chip
    assert [kind.inlet_bits for kind in chip.kinds] == [(4,), (5,), ()]
    arrivals = [v for v in chip.kinds[0].program.values if v.operation == "arrival"]
    assert [(v.low, v.high) for v in arrivals] == [(-8, 7)]


def test_spikes_from_outside_are_sent_in_their_steps():
    placement = placed(three().build().blueprint)
    items = [tuple(x) for x in externals(placement, 0, 100)]
    assert items == [(1, 0, 1), (1, 1, 2), (4, 0, 0), (4, 0, 1), (4, 1, LONGEST_QUIET)]
    assert externals(placement, 2, 4) == []
    assert [x.step for x in externals(placement, 2, 5)] == [4, 4, 4]
    late = state_words(placement, replace_step(placement, 5))[Region.REGISTERS]
    assert late[list(registers(placement.chip)).index("quiet")] == LONGEST_QUIET


def replace_step(placement, step) -> NetworkState:
    state = NetworkState.start(placement.blueprint)
    state.step = step
    return state


def test_currents_are_written_when_they_change():
    """Together 5 from step 2 on, 12 from 4, 0 from 6; only what differs is written."""
    net = Network(dt=1)
    cells = net.population(3, Adder(), "cells")
    net.current(cells, 5, start=2, stop=6)
    net.current(cells, 7, start=4, stop=6)
    placement = placed(net.build().blueprint)
    assert placement.chip.kinds[0].constants == ("threshold", "level at current")
    assert contents(placement)[Region.SCRIPT].tolist() == [0, 0, 3, 0, 0, 100, 0]
    assert halts(placement).tolist() == [2, 4, 6]
    found = [tuple(request) for step in range(8) for request in writes(placement, step)]
    assert found == [(1, Region.SCRIPT, 6, level) for level in (5, 12, 0)]
    assert contents(placement, 4)[Region.SCRIPT].tolist()[-1] == 12


def test_currents_of_each_neuron_are_words():
    net = Network(dt=1)
    net.population(2, Adder(), "others")
    cells = net.population(3, Adder(), "cells")
    net.current(cells[1:], steps([1, 2], np.array([[-4, 6], [-4, 9]])))
    placement = placed(net.build().blueprint)
    (kind,) = placement.chip.kinds
    assert kind.varying == ("level at current",)
    region = first_regions(placement.chip)[0] + 1
    assert contents(placement)[region].tolist() == [0] * 5
    assert [(r, i, signed(d, 5).item()) for _, r, i, d in writes(placement, 1)] == [
        (region, 3, -4),
        (region, 4, 6),
    ]
    assert [(r, i, d) for _, r, i, d in writes(placement, 2)] == [(region, 4, 9)]


@pytest.mark.parametrize(("step", "left"), [(0, [2, 0, 5]), (3, [2, 0, 2]), (7, [1, 0, 5])])
def test_metronomes_count_down_from_any_step(step, left):
    """Spikes at 2, 5, 8; in every step; at 5, 12."""
    net = Network(dt=1)
    net.input(3, Periodic([3, 1, 7], [2, 0, 5]), "beat")
    placement = placed(net.build().blueprint)
    words = state_words(placement, replace_step(placement, step))
    assert words[first_regions(placement.chip)[0]].tolist() == left


def test_counters_come_back_as_saturated_words():
    net = Network(dt=1)
    net.population(2, Adder(bits=8, v=120, threshold=127), "cells")
    net.current(net.populations["cells"], 90)
    placement = placed(net.build().blueprint)
    words = dict(state_words(placement, replace_step(placement, 3)))
    names = list(registers(placement.chip))
    words[Region.REGISTERS][names.index("cells_v")] = 2
    chronicle = Chronicle(placement.blueprint, [], [6], [], [])
    state = network_state(placement, words, chronicle)
    assert state.saturated == [{"current": 0, "v": 2}]
    assert state.spikes == [6]


def test_a_spike_takes_a_place_until_its_last_run_is_due():
    """Delays 2 and 5: of spikes of steps 0, 1 and 5 two are on their way at once."""
    net = Network(dt=1)
    told = net.input(2, SpikeTrain([0]), "told")
    cells = net.population(2, Adder(), "cells")
    net.connect(told[:1], cells, all_to_all(), weight=3, delay=np.array([2, 5]))
    placement = placed(net.build().blueprint)
    assert most_flying(placement, np.array([0, 1, 1, 5]), np.array([0, 0, 1, 0])) == 2
    assert most_flying(placement, np.array([0, 5]), np.array([0, 0])) == 1
    assert most_flying(placement, np.array([0, 1]), np.array([1, 3])) == 0


# Refusals


def refused(net: Network, **sizes) -> str:
    blueprint = net.build().blueprint
    chip = replace(placed(three().build().blueprint).chip, **sizes) if sizes else None
    with pytest.raises(ValueError, match=r".") as refusal:
        placed(blueprint, chip)
    return str(refusal.value)


def test_a_chip_that_is_too_small_is_told_all_that_is_missing():
    blueprint = three().build().blueprint
    chip = placed(blueprint).chip
    kinds = (replace(chip.kinds[0], slots=5), *chip.kinds[1:])
    small = {"kinds": kinds, "synapses": 13, "axons": 8, "runs": 5, "elects": False}
    assert refused(three(), **small, script_words=9) == (
        "a network must fit its chip, not need 7 slots of a, the chip has 5; 9 axons, the chip "
        "has 8; 14 synapses, the chip has 13; 6 runs, the chip has 5; 23 words of script, the "
        "chip has 9; winners of c, the chip has no election"
    )


def test_a_chip_with_narrow_words_is_refused():
    net = three()
    net.connect(net.populations["a"], net.populations["b"], weight=1, delay=200)
    narrow = {"axons": 20, "synapses": 20, "runs": 20, "gap_bits": 1, "count_bits": 3}
    assert refused(net, **narrow, weight_bits=2) == (
        "a network must fit its chip, not need 3 bits of a weight, the chip has 2"
    )


def test_kinds_that_a_chip_has_not_are_named():
    net = three()
    net.population(1, IF_curr_exp(), "d")
    net.current(net.populations["a"], 5)
    net.noise(net.populations["b"], 5)
    assert refused(net, queue=9) == (
        "a network must fit its chip, not need another a for a: it must have a level at current; "
        "another b for b: it must have a noise 0 at current; a kind that does what d does"
    )


def test_sums_and_numbers_beyond_a_kind_are_named():
    net = three()
    net.connect(net.populations["a"], net.populations["b"], all_to_all(), weight=9)
    cells = net.populations["c"]
    net.connect(cells, cells, all_to_all(), weight=9)
    assert refused(net, queue=9) == (
        "a network must fit its chip, not need another b for b: sums at current must fit 5 bits, "
        "not 7; another a for c: sums at current must fit 4 bits, not 7; 11 axons, the chip has 9; "
        "36 synapses, the chip has 14"
    )
    other = Network(dt=1)
    other.population(2, Adder(threshold=np.array([3, 4])), "x")
    assert "another a for x: threshold must be one number for all neurons" in refused(
        other, queue=9
    )
    other = Network(dt=1)
    other.population(2, Adder(threshold=300), "x")
    assert "threshold must be within 0 to 127, not 0 to 511" in refused(other, queue=9)
