"""Gap junctions as words of a chip: by hand, and what does not fit."""

from dataclasses import replace

import numpy as np
import pytest

from golden.builder import Network, one_to_one
from golden.cells import Izhikevich
from golden.network.interface import Region, added, registers
from golden.network.placement import placed
from golden.network.placement.contents import contents
from golden.network.placement.loading import state_words
from golden.network.state import NetworkState
from sim.battery.tiny import Adder, Holder


def joined() -> Network:
    """Return a pair of a kind behind another neuron of it, and one of another kind."""
    net = Network(dt=1)
    net.population(1, Adder(), "alone")
    a, b = net.population(2, Adder(), "a"), net.population(2, Holder(), "b")
    net.gap(a, b, one_to_one(), [0.5, 0.25])
    return net


# By hand


def test_a_pair_is_two_junctions_of_six_words():
    placement = placed(joined().build().blueprint)
    chip = placement.chip
    assert (chip.junctions, chip.junction_factor_bits, chip.junction_offset_bits) == (4, 18, 0)
    words = contents(placement)[added(chip)["junctions"]].reshape(4, 6).tolist()
    # 0.5 is 2**16 of 2**17. Inlets: a's, then b's. Slots of a: 1 and 2, behind the one alone.
    assert words == [
        [1, 0 | 1 << 24, 1 << 16, 1 << 16, 0, 17 << 26],
        [2, 1 | 1 << 24, 1 << 15, 1 << 15, 0, 17 << 26],
        [0 | 1 << 24, 1, 1 << 16, 1 << 16, 0, 17 << 26],
        [1 | 1 << 24, 2, 1 << 15, 1 << 15, 0, 17 << 26],
    ]
    state = state_words(placement, NetworkState.start(placement.blueprint))
    named = dict(zip(registers(chip), state[Region.REGISTERS].tolist(), strict=True))
    assert named["junctions"] == 4


def test_an_offset_lies_in_two_words():
    net = Network(dt=1)
    one, other = net.population(1, Izhikevich(), "one"), net.population(1, Adder(), "other")
    net.gap(one, other, one_to_one(), 0.2)
    blueprint = net.build().blueprint
    first, second = blueprint.gaps
    wide = replace(first, offset=first.offset * 0 - (5 << 32) - 7)
    placement = placed(replace(blueprint, gaps=(wide, second)))
    words = contents(placement)[added(placement.chip)["junctions"]].reshape(2, 6).tolist()
    assert words[0][4:] == [2**32 - 7, (2**26 - 6) | first.shift << 26]
    assert placement.chip.junction_offset_bits == 36


def test_sums_have_room_for_what_flows():
    net = Network(dt=1)
    cells = net.population(2, Adder(bits=8), "cells")
    net.gap(cells[:1], cells[1:], one_to_one(), 0.5)
    # Potentials of -128 to 127 differ by 255: 127.5 flows, rounded up.
    (kind,) = placed(net.build().blueprint).chip.kinds
    assert kind.inlet_bits == (9,)


def test_kinds_differ_by_what_their_potential_is():
    net = Network(dt=1)
    net.population(1, Izhikevich(), "v")
    net.population(1, Izhikevich(), "u")
    blueprint = net.build().blueprint
    program = blueprint.groups[1].program
    assert program
    other = replace(blueprint.groups[1], program=replace(program, potential="u"))
    both = replace(blueprint, groups=(blueprint.groups[0], other))
    assert [k.program.potential for k in placed(both).chip.kinds] == ["v", "u"]


# Refusals


@pytest.mark.parametrize(
    ("sizes", "missing"),
    [
        ({"junctions": 3}, "4 gap junctions, the chip has 3"),
        ({"junctions": 0}, "4 gap junctions, the chip has 0"),
        ({"junction_factor_bits": 17}, "18 bits of a gap junction's factor, the chip has 17"),
    ],
)
def test_what_a_chip_lacks_is_told(sizes, missing):
    blueprint = joined().build().blueprint
    chip = replace(placed(blueprint).chip, **sizes)
    with pytest.raises(ValueError, match=r".") as refusal:
        placed(blueprint, chip)
    assert str(refusal.value) == f"a network must fit its chip, not need {missing}"


def test_an_offset_that_no_words_hold_is_refused():
    blueprint = joined().build().blueprint
    wide = replace(blueprint.gaps[0], offset=np.array([0, 1 << 57]), shift=44)
    with pytest.raises(ValueError, match=r".") as refusal:
        placed(replace(blueprint, gaps=(wide, *blueprint.gaps[1:])))
    assert str(refusal.value) == "offset of gap junctions of a and b must fit 58 bits, not 59"


# Equality


def test_a_larger_chip_is_grown_and_takes_a_network_without_junctions():
    chip = placed(joined().build().blueprint, grown=lambda n: 2 * n).chip
    assert chip.junctions == 8
    net = joined()
    plain = Network(dt=1)
    plain.population(2, Adder(), "a")
    placement = placed(plain.build(chip=chip).blueprint, chip)
    assert contents(placement)[added(chip)["junctions"]].size == 0
    assert placed(net.build(chip=chip).blueprint, chip).junctions.shift.tolist() == [17] * 4
