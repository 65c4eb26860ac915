"""Short-term plasticity as words of a chip: by hand, what does not fit, and a larger chip."""

from dataclasses import replace

import numpy as np
import pytest

from golden.builder import Network, ShortTerm, SpikeTrain, all_to_all, one_to_one
from golden.network.chip import DUE_BITS
from golden.network.core import step
from golden.network.interface import BRANCH_PRESENT, Region, added
from golden.network.placement import Placement, placed
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import contents
from golden.network.placement.events import externals
from golden.network.placement.loading import network_state, state_words
from golden.network.release import ONE
from golden.network.state import NetworkState
from golden.numbers.formats import index_bits
from sim.battery.tiny import Adder
from tests.network.placement.test_equality import follow

AT_ONCE, SLOW = ShortTerm(0.5, 0, 0), ShortTerm(0.25, 50, 9)


def tired() -> Network:
    """Return two groups and an input: some of what they send is plastic."""
    net = Network(dt=1, seed=9)
    told = net.input(2, SpikeTrain([1, 4, 4, 6], [1, 0, 1, 1]), "told")
    a, b = net.population(2, Adder(threshold=20), "a"), net.population(3, Adder(), "b")
    net.connect(a, b, all_to_all(), weight=30, delay=3)
    net.connect(a, b[1:], one_to_one(), weight=30, delay=3, plasticity=AT_ONCE)
    net.connect(told[1:], a, all_to_all(), weight=60, delay=2, plasticity=SLOW)
    net.connect(a, a, all_to_all(), weight=5, plasticity=AT_ONCE)
    return net


def plain() -> Network:
    """Return a part of it in which nothing is plastic."""
    net = Network(dt=1, seed=9)
    told = net.input(2, SpikeTrain([1, 4, 4, 6], [1, 0, 1, 1]), "told")
    a, b = net.population(2, Adder(threshold=20), "a"), net.population(3, Adder(), "b")
    net.connect(a, b, all_to_all(), weight=30, delay=3)
    net.connect(told, a, one_to_one(), weight=60)
    return net


def words(placement: Placement, state: NetworkState | None = None) -> dict[str, list[int]]:
    """Return the words of the added regions by name."""
    state = state or NetworkState.start(placement.blueprint)
    held = contents(placement) | state_words(placement, state)
    return {name: held[region].tolist() for name, region in added(placement.chip).items()}


# By hand


def test_plastic_axons_come_first_and_rows_with_equal_constants_share_theirs():
    placement = placed(tired().build().blueprint)
    chip, axons = placement.chip, placement.axons
    # 0 and 1 are plastic ones of a, 2 and 3 of told; 4 and 5 are a's others, and b's are behind.
    assert axons.rows == (4, 0, 2, 0)
    assert axons.groups == ((2,), (4, 0), (6,))
    assert (chip.plastic_axons, chip.branches, chip.releases, chip.axons) == (4, 1, 2, 9)
    script = contents(placement)[Region.SCRIPT].tolist()
    assert script == [0, 0, 2, 2, 4, BRANCH_PRESENT, 20, 0, 2, 3, 4, 6, 0, 100]
    # Axon 2 has no synapse.
    row = contents(placement)[Region.ROW_RUNS] >> (index_bits(chip.runs) + DUE_BITS)
    assert row.tolist() == [1, 1, 0, 1, 1, 1, 0, 0, 0]
    which, found = axons.of(placement.blueprint, np.array([1, 2, 4]))
    assert which.tolist() == [0, 1, 1, 2]
    assert found.tolist() == [3, 4, 0, 6]


def test_constants_and_tables_stand_once():
    placement = placed(tired().build().blueprint)
    (_, _, recovery, facilitation), found = _tables(placement), words(placement)
    assert found["plastic_releases"] == [0, 0, 1, 1]
    # At once: one coarse place, 0; a fine table of zeros behind it, for both.
    slow = 257 + len(recovery) + 256
    assert found["releases"] == [
        *(ONE // 2, 0, 0, 1, 0, 0, 1, 0),
        *(ONE // 4, 257, len(recovery) - 1, 257 + len(recovery)),
        *(slow, len(facilitation) - 1, slow + len(facilitation), 0),
    ]
    assert found["decays"][:257] == [0] * 257
    assert found["decays"][257] == ONE
    assert found["decays"][slow] == ONE - ONE // 4
    assert len(found["decays"]) == placement.chip.decays == slow + len(facilitation) + 256


def _tables(placement: Placement) -> list[np.ndarray]:
    return [
        table.coarse
        for release in placement.axons.releases
        for table in (release.recovery, release.facilitation)
    ]


def test_axons_are_fresh_at_the_start_and_know_their_last_spike_later():
    placement = placed(tired().build().blueprint)
    fresh = words(placement)
    assert fresh["plastic_values"] == [ONE // 2 | ONE << 16] * 2 + [ONE // 4 | ONE << 16] * 2
    assert fresh["plastic_lasts"] == [0] * 4
    assert fresh["queue_efficacies"] == []
    state = NetworkState.start(placement.blueprint)
    for _ in range(2):
        step(placement.blueprint, state)
    # Neuron 1 of told has spiked in step 1: u and x are what they were, and a quarter is sent.
    later = words(placement, state)
    assert later["plastic_lasts"] == [0, 0, 0, 1 | 1 << 31]
    assert later["plastic_values"] == fresh["plastic_values"]
    assert later["queue_efficacies"] == [ONE // 4]


def test_what_is_read_back_is_the_state_with_efficacies_worked_out_again():
    placement = placed(tired().build().blueprint)
    blueprint, state = placement.blueprint, NetworkState.start(placement.blueprint)
    chronicle = Chronicle.of(blueprint, state)
    for now in range(9):
        spikes = step(blueprint, state)
        chronicle.hear(now, now + 1, np.full(len(spikes), now), spikes)
    read = state_words(placement, state)
    again = network_state(placement, read, chronicle)
    assert again.sha256() == state.sha256()
    assert [r and r.last.tolist() for r in again.releases] == [
        r and r.last.tolist() for r in state.releases
    ]
    # What the chip says counts, not what a host thinks that it must say.
    read[added(placement.chip)["plastic_values"]][3] += 1
    assert network_state(placement, read, chronicle).sha256() != state.sha256()


def test_a_step_that_is_older_than_its_bits_can_say_is_of_the_same_past():
    placement = placed(tired().build().blueprint)
    state = NetworkState.start(placement.blueprint)
    state.step = (1 << 31) + 100
    release = state.releases[2]
    assert release is not None
    release.last[:] = [(1 << 31) + 98, (1 << 31) - 7]
    assert words(placement, state)["plastic_lasts"] == [0, 0, 98 | 1 << 31, (1 << 32) - 7]
    read, chronicle = state_words(placement, state), Chronicle.of(placement.blueprint, state)
    assert network_state(placement, read, chronicle).sha256() == state.sha256()


def test_the_host_names_plastic_axons_even_without_a_row():
    placement = placed(tired().build().blueprint)
    items = [tuple(x) for x in externals(placement, 0, 7)]
    assert [(step, axon) for step, end, axon in items if not end] == [
        (1, 3),
        (4, 2),
        (4, 3),
        (6, 3),
    ]


def test_a_chip_with_more_plastic_axons_has_the_others_behind_them():
    chip = placed(tired().build().blueprint, grown=lambda n: 2 * n).chip
    assert (chip.plastic_axons, chip.branches, chip.releases) == (8, 1, 4)
    placement = placed(tired().build(chip=chip).blueprint, chip)
    assert placement.axons.groups == ((2,), (8, 0), (10,))
    assert placed(plain().build(chip=chip).blueprint, chip).axons.groups == ((8,), (10,), (12,))


# Refusals


@pytest.mark.parametrize(
    ("sizes", "missing"),
    [
        ({"plastic_axons": 3}, "4 axons with short-term plasticity, the chip has 3"),
        ({"branches": 0}, "1 branches, the chip has 0"),
        ({"releases": 1}, "2 releases, the chip has 1"),
        ({"decays": 600}, "775 words of decays, the chip has 600"),
    ],
)
def test_what_a_chip_lacks_is_told(sizes, missing):
    blueprint = tired().build().blueprint
    chip = replace(placed(blueprint).chip, **sizes)
    with pytest.raises(ValueError, match=r".") as refusal:
        placed(blueprint, chip)
    assert str(refusal.value) == f"a network must fit its chip, not need {missing}"


# Equality


@pytest.mark.parametrize("make", [tired, plain])
def test_networks_run_on_a_larger_chip(make):
    chip = placed(tired().build().blueprint, grown=lambda n: 2 * n).chip
    state = follow(placed(make().build(chip=chip).blueprint, chip), 40)
    assert state.spikes[0] < sum(state.spikes)
