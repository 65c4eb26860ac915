"""Short-term plasticity: one release in numbers, the cycles around it, and golden's releases."""

from dataclasses import replace

import numpy as np
import pytest

from golden.network.interface import BRANCH_PRESENT, Phase, Region, added
from golden.network.release import ONE, Decay, Release, ReleaseState
from golden.network.timing.memories import Memories
from golden.network.timing.record import Sheet
from golden.network.timing.releases import released
from tests.network.timing.test_timeline import AT, CHIP, loaded, phases, run

PLASTIC = replace(
    CHIP, script_words=7, axons=4, plastic_axons=1, branches=1, releases=1, decays=261
)
COARSE = [ONE, ONE // 2, 0]
FINE = [ONE, ONE, 24576, *[ONE] * 253]
USED = [16384, 0, 2, 3, 259, 1, 3, 0]
"""Recovery begins at 0, facilitation at 259; both have the fine table at 3."""


def core(axon: int = 1 | BRANCH_PRESENT) -> Memories:
    """Return the core of `loaded` in which axon 0 is plastic, and spiked 258 steps ago."""
    made, regions = loaded(chip=PLASTIC), added(PLASTIC)
    made.fill(Region.SCRIPT, np.array([0, 0, 3, 10, 0, axon, 5]))
    made.fill(regions["decays"], np.array([*COARSE, *FINE, 16384, 8192]))
    made.fill(regions["releases"], np.array(USED))
    made.fill(regions["plastic_values"], np.array([16384 | ONE << 16]))
    made.fill(regions["plastic_lasts"], np.array([(1 << 31) - 258 | 1 << 31]))
    return made


# By hand


def test_a_release_in_numbers():
    # 258 steps are place 1 of the coarse tables and 2 of the fine one: 16384 * 24576 / 32768 =
    # 12288 is left for recovery, 8192 * 24576 / 32768 = 6144 for facilitation.
    # x = 32768 - (32768 - (32768 - 16384)) * 12288 / 32768 = 26624
    # u = 16384 + 16384 * 6144 / 32768 = 19456, and u x / 32768 = 15808.
    rows, timeline = run(core(), 200, start=[1])
    at = np.flatnonzero(rows["release"])
    assert rows[["release_axon", "release_u", "release_x"]][at].tolist() == [(0, 19456, 26624)]
    assert rows["push_efficacy"][rows["push"] == 1].tolist() == [15808, ONE]
    regions, memories = timeline.memories.added, timeline.memories
    assert memories.words(regions["plastic_values"]).tolist() == [19456 | 26624 << 16]
    assert memories.words(regions["plastic_lasts"]).tolist() == [1 << 31]
    assert memories.words(regions["queue_efficacies"]).tolist() == [15808, ONE]


def test_who_has_not_spiked_is_fresh():
    made = core()
    made.fill(made.added["plastic_lasts"], np.array([(1 << 31) - 258]))
    rows, _ = run(made, 200, start=[1])
    assert rows["release_u"].max() == 16384
    assert rows["release_x"].max() == ONE
    assert rows["push_efficacy"][rows["push"] == 1].tolist() == [16384, ONE]


def test_what_is_kept_of_large_numbers_makes_the_efficacy():
    # u = 65535 + 65535 * 6144 / 32768 = 77823, of which 12287 is kept, and
    # x = 32768 - (32768 - (32768 - 65535)) * 12288 / 32768 = 8192: 12287 * 8192 / 32768 is 3072.
    made = core()
    made.packed[made.added["releases"]][0] = 0xFFFF
    made.fill(made.added["plastic_values"], np.array([0xFFFF | ONE << 16]))
    rows, _ = run(made, 200, start=[1])
    assert rows["release_u"].max() == 12287
    assert rows["release_x"].max() == 8192
    assert rows["push_efficacy"].max() == ONE
    assert rows["push_efficacy"][rows["push"] == 1].tolist() == [3072, ONE]


def test_emit_waits_for_every_axon_of_a_neuron():
    rows, _ = run(core(), 200, start=[1])
    # The record has six words and a constant. Neuron 0, taken at d = e + 1, has axon 0 until
    # d + 24 and axon 1, which has no row, until d + 25; neuron 2, visible there, has 2 and 3.
    assert phases(rows)[:6] == [
        ("IDLE", 1),
        ("WALK", 1),
        ("LOAD", 8),
        ("RUN", 4 + AT.latency),
        ("EMIT", 1 + 25 + 2 + 1),
        ("ENDSTEP", 1),
    ]
    d = int(np.argmax(rows["phase"] == Phase.EMIT)) + 1
    assert np.flatnonzero(rows["spikes_valid"]).tolist() == [d, d + 25]
    assert np.flatnonzero(rows["release"]).tolist() == [d + 23]
    assert np.flatnonzero(rows["push"]).tolist() == [d + 24, d + 27]


def test_a_branch_that_is_not_present_takes_no_cycle():
    rows, _ = run(core(1), 200, start=[1])
    assert dict(phases(rows)[1:6])["EMIT"] == 1 + 24 + 1 + 1


def test_a_release_needs_no_row():
    made = core()
    made.packed[Region.ROW_RUNS][0] = 0
    rows, _ = run(made, 200, start=[1])
    assert rows["release"].sum() == 1
    assert rows["push_run"][rows["push"] == 1].tolist() == [2]


def test_what_arrives_is_weakened_two_cycles_later():
    rows, timeline = run(core(), 200, start=[2])
    # 3 * 15808 and 4 * 15808, to nearest, are 1 and 2.
    w = int(np.flatnonzero(np.diff(np.int64(rows["phase"] == Phase.WALK)) == 1)[1]) + 1
    assert np.flatnonzero(rows["arrive"]).tolist() == [w + 11, w + 12]
    assert rows["sum"][[w + 11, w + 12]].tolist() == [1, 2]
    assert dict(phases(rows)[6:7]) == {"WALK": 13}
    # What is put back keeps its efficacy: what is left of axon 0, and axon 2.
    assert rows["push_efficacy"][rows["push"] == 1].tolist() == [15808, ONE, 15808, ONE]
    kept = timeline.memories.words(timeline.memories.added["queue_efficacies"])
    assert kept.tolist() == [15808, ONE]


def test_an_entry_that_moves_takes_its_efficacy_along():
    made = core()
    made.fill(Region.QUEUE_RUNS, np.array([9 << 2]))
    made.fill(made.added["queue_efficacies"], np.array([7, 8]))
    made.registers.update(length=1, groups=0)
    rows, _ = run(made, 60, start=[1])
    assert rows["push_place"][rows["push"] == 1].tolist() == [1]
    assert rows["push_efficacy"][rows["push"] == 1].tolist() == [7]
    assert made.words(made.added["queue_efficacies"]).tolist() == [7, 7]


def test_external_waits_for_a_release():
    made = core()
    made.registers.update(listen=1, groups=0)
    rows, _ = run(made, 200, start=[1], external=[(0, 0), (0, 2), (1, 0)])
    assert dict(phases(rows)[:4])["EXTERNAL"] == 24 + 1 + 1
    x = int(np.argmax(rows["phase"] == Phase.EXTERNAL))
    assert np.flatnonzero(rows["external_ready"]).tolist() == [x, x + 24, x + 25]
    assert np.flatnonzero(rows["release"]).tolist() == [x + 23]
    assert np.flatnonzero(rows["push"]).tolist() == [x + 24, x + 26]


# Refusals


def test_what_is_not_there_is_refused():
    made = core()
    made.fill(made.added["plastic_releases"], np.array([1]))
    with pytest.raises(ValueError, match=r"^release must be below 1, not 1$"):
        run(made, 200, start=[1])
    for word, last in ((2, 261), (3, 261), (4, 261), (6, 261)):
        made = core()
        place = {2: 261, 3: 261 - 255, 4: 260, 6: 261 - 255}[word]
        made.packed[made.added["releases"]][word] = place
        with pytest.raises(
            ValueError,
            match=rf"^tables of a release must end below 261 of decays, not at {last}$",
        ):
            run(made, 200, start=[1])


# Equality


@pytest.mark.parametrize("seed", range(20))
def test_releases_are_those_of_golden(seed):
    random = np.random.default_rng([seed, 8])
    use, n, places = int(random.integers(1, ONE + 1)), 6, int(random.integers(1, 5))
    tables = []
    for most in (ONE, ONE - use):
        coarse = random.integers(0, most + 1, places).astype(np.int32)
        coarse[-1] = 0
        tables.append(Decay(coarse, random.integers(0, ONE + 1, 256).astype(np.int32)))
    release = Release(use, *tables)
    words = np.concatenate([part for table in tables for part in (table.coarse, table.fine)])
    half = places + 256
    chip = replace(CHIP, axons=n, plastic_axons=n, releases=1, decays=len(words))
    made, sheet = Memories(chip), Sheet(chip)
    made.fill(made.added["decays"], words)
    constants = [use, 0, places - 1, places, half, places - 1, half + places, 0]
    made.fill(made.added["releases"], np.array(constants))
    made.fill(made.added["plastic_values"], np.full(n, use | ONE << 16))
    state = ReleaseState.start(release, n)
    for step in np.cumsum(random.integers(1, 200, 40)).tolist():
        neurons = np.flatnonzero(random.random(n) < 0.5)
        state.emit(release, step, neurons, 1)
        made.registers["step"] = step
        found = released(made, sheet, 30 * np.arange(1, 1 + len(neurons)), neurons)
        assert found.tolist() == state.sent[0].tolist()
        values = made.words(made.added["plastic_values"])
        assert (values & 0xFFFF).tolist() == state.u.tolist()
        assert (values >> 16).tolist() == state.x.tolist()
