"""What the host reads and writes, and in which cycles."""

from dataclasses import replace

import numpy as np
import pytest

from golden.cycles.stimulus import Stimulus
from golden.network.interface import Region, extents, registers, streams
from hdl.network.core import NetworkCore
from sim.targets.target import open_target
from tests.hdl.network.small import CHIP, Session, cycles, marked, phases


@pytest.mark.parametrize("single_port", [False, True])
def test_the_host_reads_what_it_wrote_in_every_region_cut_to_its_width(single_port):
    made = Session(replace(CHIP, single_port=single_port))
    places = [(region, index) for region in range(1, len(extents(CHIP))) for index in (0, 1)]
    values = [(0x9E37_79B9 * (7 + 2 * region + index)) & 0xFFFF_FFFF for region, index in places]
    for (region, index), value in zip(places, values, strict=True):
        made.write(region, index, value)
    for region, index in places:
        made.read(region, index)
    made.rows(10)
    bits = [extents(CHIP)[region][1] for region, _ in places]
    cut = [value & (1 << width) - 1 for value, width in zip(values, bits, strict=True)]
    assert made.answers == cut + cut
    assert [*zip(*extents(CHIP)[1:], strict=True)][1] == (32, 14, 6, 14, 17, 1, 13, 6, 12, 16)


def test_requests_take_their_cycles_and_go_before_a_start():
    made = Session(CHIP)
    made.register("lost", 70_000)
    made.read(Region.REGISTERS, 7)
    go = np.ones(60, np.bool_)
    items = {"bus": made.bus * 2, "start": [(0,)]}
    with open_target("pysim", NetworkCore(CHIP)) as target:
        rows = target.run(Stimulus(items, dict.fromkeys(streams(CHIP), go)))
    request = [("HOST", 5), ("RESPOND", 1), ("IDLE", 1)]
    assert phases(rows)[:14] == [("IDLE", 1), *request * 4, ("DONE", 1)]
    assert cycles(rows, "bus_ready") == [5, 12, 19, 26]
    assert marked(rows, "response_valid", "response") == [(c, 4464) for c in (6, 13, 20, 27)]
    assert marked(rows, "start_ready", "lost")[0] == (28, 4464)
    assert cycles(rows, "lost", 4464)[0] == 2


def test_every_register_is_written_and_read():
    made = Session(CHIP)
    widths = registers(CHIP)
    for name in widths:
        made.register(name, 0xFFFF_FFFF)
    for name in widths:
        made.register(name, 5)
    for index in range(len(widths)):
        made.read(Region.REGISTERS, index)
    made.rows(10)
    full = [(1 << width) - 1 for width in widths.values()]
    assert made.answers[: len(widths)] == full
    assert made.answers[-len(widths) :] == [5 & most for most in full]
