# amaranth: UnusedElaboratable=no
"""AXI4-Stream and AXI4-Lite, by cocotbext-axi: golden's answers and weights, errors, pauses."""

import pytest

from golden.dense.interface import Region
from hdl.wrappers.addresses import OWN
from hdl.wrappers.axi import OKAY, SLVERR, AxiCore
from sim.battery.buses.master import AT, BUILT, done, result, user
from sim.targets.target import missing
from tests.hdl.wrappers.running import answers, compiled

pytestmark = pytest.mark.skipif(bool(missing("icarus")), reason=missing("icarus"))


def address(region, index):
    return AT.place(region, index) << 2


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return compiled(AxiCore(BUILT), tmp_path_factory.mktemp("axi"))


def loading():
    writes = done().writes
    return [("write", address(region, index), data, 4) for _, region, index, data in writes]


def packets():
    run = done()
    return [(image.tolist(), user(one)) for image, one in zip(run.images, run.shown, strict=True)]


def test_loads_answers_and_learns_as_golden(built, tmp_path):
    run = done()
    reads = [("read", address(region, index)) for _, region, index, _ in run.reads]
    script = [*loading(), ("packets", packets()), *reads]
    told = answers(built, "axi", script, tmp_path)
    n = len(run.writes)
    assert told[:n] == [[OKAY, None]] * n
    assert told[n : n + 6] == [[4, result(one)] for one in run.shown]
    assert told[n + 6 :] == [[OKAY, read.data] for read in run.reads]


def test_packets_of_a_wrong_length_or_label_are_answered_as_bad_and_not_learned(built, tmp_path):
    run = done()
    (image, how), *_ = packets()
    short, long = (image[:2], 1), (image + [7] * 3, 1)
    nobody = (image, BUILT.n_classes << 1 | 1)
    state = [("read", address(region, index)) for _, region, index, _ in run.reads]
    script = [*loading(), *state, ("packets", [short, long, nobody, (image, how)]), *state]
    told = answers(built, "axi", script, tmp_path)[len(run.writes) :]
    n = len(state)
    assert [answer >> 31 for _, answer in told[n : n + 4]] == [1, 1, 1, 0]
    assert told[n + 3] == [4, result(run.shown[0])]
    # A long packet is the image and no more.
    assert told[n + 1][1] == result(run.shown[0], bad=1)
    assert told[:n] == told[n + 4 :]


BAD = [
    *((region, size) for region, size in AT.sizes.items() if size < 1 << AT.index_bits),
    (OWN, 0),
    (OWN + 1, 0),
]


def test_words_that_are_not_there_are_slave_errors(built, tmp_path):
    bad = [("read", address(*place)) for place in BAD]
    bad += [("write", address(*place), 1, 4) for place in BAD]
    bad += [("write", address(Region.SPIKES, 0), 1, 4), ("write", address(Region.LAST, 1), 5, 2)]
    lanes = [("read", address(region, BUILT.n_lanes)) for region in (Region.WEIGHTS, Region.THETA)]
    bad += lanes
    good = [
        ("write", address(Region.LAST, 1), 3, 4),
        ("read", address(Region.LAST, 1)),
        ("both", address(Region.LAST, 1), 3),
        ("read", address(Region.SPIKES, 0)),
    ]
    told = answers(built, "axi", [*bad, *good], tmp_path)
    assert [response for response, _ in told[: len(bad)]] == [SLVERR] * len(bad)
    assert [answer for _, answer in told[: len(BAD)]] == [0] * len(BAD)
    assert told[len(bad) : -1] == [[OKAY, None], [OKAY, 3], [OKAY, OKAY]]
    assert told[-1][0] == OKAY
