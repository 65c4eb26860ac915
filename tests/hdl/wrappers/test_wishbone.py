# amaranth: UnusedElaboratable=no
"""Wishbone, classic and pipelined, by cocotbext-wishbone: golden's answers, errors, who leaves."""

import pytest

from golden.dense.interface import Region
from hdl.wrappers.addresses import OWN
from hdl.wrappers.wishbone import Own, PipelinedWishboneCore, WishboneCore
from sim.battery.buses.master import AT, BUILT, N_PIXELS, done, result, user
from sim.targets.target import missing
from tests.hdl.wrappers.running import answers, compiled

pytestmark = pytest.mark.skipif(bool(missing("icarus")), reason=missing("icarus"))
ACK, ERR = 1, 2
WAITS, BUSY, READY = 1 << 16, 1 << 17, 1 << 18
"""Flags of a status."""
PIXELS, START, RESULT, STATUS = (AT.place(OWN, word) for word in Own)


@pytest.fixture(scope="module", params=[WishboneCore, PipelinedWishboneCore])
def built(request, tmp_path_factory):
    return compiled(request.param(BUILT), tmp_path_factory.mktemp("wishbone"))


def loading():
    writes = done().writes
    return [("do", AT.place(region, index), data) for _, region, index, data in writes]


def reading():
    return [("do", AT.place(region, index)) for _, region, index, _ in done().reads]


def filling(image):
    """Return writes of an image: four pixels at a time, the last four one by one."""
    words = [int.from_bytes(bytes(image[i : i + 4]), "little") for i in range(0, len(image), 4)]
    ones = [("do", PIXELS, words[-1], 1 << i) for i in range(4)]
    return [*(("do", PIXELS, word) for word in words[:-1]), *ones]


def test_loads_answers_and_learns_as_golden(built, tmp_path):
    run, script = done(), loading()
    for image, one in zip(run.images, run.shown, strict=True):
        script += [*filling(image.tolist()), ("do", START, user(one))]
        script += [("poll", STATUS, READY), ("irq",), ("do", RESULT), ("irq",), ("do", RESULT)]
    told = answers(built, "wishbone", [*script, *reading()], tmp_path)
    n, fills = len(run.writes), N_PIXELS // 4 + 3 + 1
    assert told[:n] == [[ACK, None]] * n
    for i, one in enumerate(run.shown):
        image = told[n + i * (fills + 4) : n + (i + 1) * (fills + 4)]
        assert image[:fills] == [[ACK, None]] * fills
        assert image[fills:] == [[1, None], [ACK, result(one)], [0, None], [ACK, 0]]
    assert told[n + 6 * (fills + 4) :] == [[ACK, read.data] for read in run.reads]


def test_next_image_waits_for_the_result_of_the_first_and_the_bus_goes_on(built, tmp_path):
    run = done()
    images = [image.tolist() for image in run.images[:2]]
    first, second = run.shown[:2]
    script = [
        *loading(),
        *filling(images[0]),
        ("do", START, user(first)),
        ("poll", STATUS, READY),
        *filling(images[1]),
        ("do", START, user(second)),
        ("do", STATUS),
        ("do", START, user(second)),
        ("do", PIXELS, 0),
        *reading(),
        ("do", RESULT),
        ("poll", STATUS, READY),
        ("do", RESULT),
        ("do", STATUS),
    ]
    told = answers(built, "wishbone", script, tmp_path)[len(run.writes) :]
    fills = N_PIXELS // 4 + 3
    told = told[2 * (fills + 1) :]
    assert told[:3] == [[ACK, N_PIXELS | WAITS | READY], [ERR, None], [ERR, None]]
    reads, last = told[3:-3], told[-3:]
    assert [answer for answer, _ in reads] == [ACK] * len(run.reads)
    assert last == [[ACK, result(first)], [ACK, result(second)], [ACK, 0]]


BAD = [
    *((region, size) for region, size in AT.sizes.items() if size < 1 << AT.index_bits),
    (OWN, len(Own)),
    (OWN + 1, 0),
]


def test_what_is_impossible_is_an_error(built, tmp_path):
    bad = [("do", AT.place(*place)) for place in BAD]
    bad += [("do", AT.place(*place), 1) for place in BAD]
    bad += [("do", AT.place(Region.SPIKES, 0), 1), ("do", AT.place(Region.LAST, 1), 5, 3)]
    bad += [("do", PIXELS), ("do", START), ("do", RESULT, 1), ("do", STATUS, 1)]
    bad += [("do", START, 0)]
    full = [("do", PIXELS, 0x01020304)] * (N_PIXELS // 4)
    over = [("do", PIXELS, 0), ("do", PIXELS, 0, 8), ("do", PIXELS, 0, 0), ("do", STATUS)]
    labels = [("do", START, BUILT.n_classes << 1 | 1), ("do", START, 1 << 20), ("do", START, 0, 1)]
    begins = [("do", START, BUILT.n_classes << 1)]
    script = [*bad, *full, *over, *labels, *begins]
    told = answers(built, "wishbone", script, tmp_path)
    n = len(bad)
    assert [answer for answer, _ in told[:n]] == [ERR] * n
    told = told[n:]
    assert told[: len(full)] == [[ACK, None]] * len(full)
    told = told[len(full) :]
    assert told[:4] == [[ERR, None], [ERR, None], [ACK, None], [ACK, N_PIXELS]]
    assert told[4:7] == [[ERR, None]] * 3
    assert told[7:] == [[ACK, None]]


def test_words_that_are_asked_for_at_once_are_done_in_order(built, tmp_path):
    place, bad = AT.place(Region.LAST, 1), AT.place(OWN + 1, 0)
    words = [(place, 3), (place, None), (bad, None), (STATUS, None), (place, 5), (place, None)]
    script = [("at once", words), ("do", place)]
    told = answers(built, "wishbone", script, tmp_path)
    assert told[:3] == [[ACK, None], [ACK, 3], [ERR, None]]
    assert told[3:] == [[ACK, 0], [ACK, None], [ACK, 5], [ACK, 5]]


@pytest.mark.parametrize("n_cycles", range(1, 12))
def test_a_master_that_leaves_gets_no_answer_and_the_next_one_its_own(built, tmp_path, n_cycles):
    script = [
        ("do", AT.place(Region.LAST, 1), 3),
        ("do", AT.place(Region.LAST, 2), 5),
        ("leave", AT.place(Region.LAST, 1), n_cycles),
        ("do", AT.place(Region.LAST, 2)),
    ]
    told = answers(built, "wishbone", script, tmp_path)
    assert told == [[ACK, None], [ACK, None], [ACK, 5]]
