"""JUNCTIONS: cycles and sums by hand, and what must not be there."""

from dataclasses import replace

import numpy as np
import pytest

from golden.network.interface import Phase, Region, added
from golden.network.timing.memories import Memories
from tests.network.timing.test_timeline import AT, CHIP, loaded, phases, run

JOINED = replace(CHIP, junctions=3, junction_factor_bits=6, junction_offset_bits=40)


def core(*junctions: tuple[int, ...], chip=JOINED) -> Memories:
    """Return a core with junctions of six words each, v = 5, 1, 7 and a threshold of 7."""
    made = loaded(chip=chip)
    made.packed[Region.SCRIPT][5] = 7
    made.packed[added(chip)["junctions"]][: 6 * len(junctions)] = np.ravel(junctions)
    made.registers["junctions"] = len(junctions)
    return made


# By hand


def test_two_junctions_into_one_inlet():
    # (3 * 7 - 5 * 1 + 6 + 2) >> 2 = 6 from 2 to 1; (-32 * 5 - 31 * 1 + 1) >> 1 = -95 from 0 to 1.
    rows, timeline = run(core((2, 1, 3, 5, 6, 2 << 26), (0, 1, 32, 31, 0, 1 << 26)), 60, start=[1])
    assert phases(rows)[:5] == [
        ("IDLE", 1),
        ("WALK", 1),
        ("JUNCTIONS", 21),
        ("LOAD", 7),
        ("RUN", 4 + AT.latency),
    ]
    assert np.flatnonzero(rows["arrive"]).tolist() == [2 + 14, 2 + 20]
    assert rows["inlet"][[16, 22]].tolist() == [0, 0]
    assert rows["slot"][[16, 22]].tolist() == [1, 1]
    assert rows["sum"][[16, 22]].tolist() == [6, 512 - 89]
    assert timeline.memories.word(0).tolist() == [5, 1 - 89, 0]


def test_an_offset_is_as_wide_as_the_chip_says():
    # -2**39 is what 40 bits make of it: shifted by 32 it is -128, which the sum wraps.
    words = (0, 0, 0, 0, 0, 1 << 7 | 32 << 26)
    rows, _ = run(core(words), 60, start=[1])
    assert rows["sum"][rows["arrive"] == 1].tolist() == [512 - 128]
    narrow = replace(JOINED, junction_offset_bits=39)
    assert run(core(words, chip=narrow), 60, start=[1])[0]["sum"].any() == 0
    none = replace(JOINED, junction_offset_bits=0)
    assert run(core((0, 0, 0, 0, 99, 1 << 26), chip=none), 60, start=[1])[0]["sum"].any() == 0


def test_without_junctions_there_is_no_phase():
    rows, _ = run(core(), 60, start=[1])
    assert Phase.JUNCTIONS not in rows["phase"]


# Refusals


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((3, 0, 0, 0, 0, 1 << 26), "slot of a junction must be below 3 of adder, not 3"),
        ((0, 4, 0, 0, 0, 1 << 26), "slot of a junction must be below 3 of adder, not 4"),
        ((1 << 24, 0, 0, 0, 0, 1 << 26), "kind of a junction must be 0 to 0, not 1"),
        ((0, 1 << 24, 0, 0, 0, 1 << 26), "inlet must be below 1, not 1"),
        ((0, 0, 0, 0, 0, 0), "shift of a junction must be 1 or more, not 0"),
    ],
)
def test_what_is_not_there_is_refused(words, said):
    with pytest.raises(ValueError, match=r".") as refusal:
        run(core(words), 60, start=[1])
    assert str(refusal.value) == said


def test_more_junctions_than_there_are_are_refused():
    made = core()
    made.registers["junctions"] = 4
    with pytest.raises(ValueError, match=r"^junctions must be 0 to 3, not 4$"):
        run(made, 60, start=[1])
