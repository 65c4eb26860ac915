# amaranth: UnusedElaboratable=no
"""Runs over a bad line: the true top level does each once, and tells of every loss."""

from random import Random

import pytest

from hdl.link.network.protocol import END_BIT, ITEM, NetworkOp, NetworkStatus
from hdl.link.protocol import Status
from sim import fuzz
from sim.battery.dialogues import DIALOGUES
from sim.device.line import escaped, request
from sim.device.network import network_device
from sim.traffic.dialogue import Dialogue, Disagreement
from sim.traffic.fuzz import Fuzz
from sim.traffic.network import EPISODES, NetworkTraffic
from sim.traffic.running import MOST_RUN
from tests.link.network.small import CHIP
from tests.link.network.test_running import BUFFERS

FRAMES = 1500


@pytest.fixture(scope="module")
def done():
    script = DIALOGUES["runs"]
    line = fuzz.opened(script)
    made = Fuzz(line, script.traffic(Random(5)))
    made.run(FRAMES)
    yield made
    line.close()


def test_the_true_top_level_does_all_once_and_tells_of_every_loss(done):
    assert done.n_frames >= FRAMES
    assert done.dialogue.lost >= done.dialogue.reports[Status.BAD_FRAME] > 100


def test_the_run_shows_every_status_but_overflow_and_every_kind_of_burst(done):
    seen = {*done.dialogue.replies, *(s for s, n in done.dialogue.reports.items() if n)}
    assert seen == {*Status, *NetworkStatus} - {Status.OVERFLOW}
    kinds = {f"{EPISODES} {what}" for what in ("set", "load", "feed", "begin", "fetch")}
    assert done.kinds.keys() >= kinds | {f"{EPISODES} broken off", f"{EPISODES} and mutated"}


def test_runs_are_of_several_lengths_and_some_fill_the_buffer(done):
    runs = done.device.requests.runs
    assert {0, 1, MOST_RUN} <= {*runs}
    assert len(runs) > 20


# What means something


def device():
    return network_device(CHIP, "small", BUFFERS).requests


def test_cycles_mean_something_where_nothing_was_waited_for():
    asked = device()
    assert asked.execute(0, NetworkOp.RUN, b"\1\0") == (Status.OK, b"")
    _, answer = asked.execute(1, NetworkOp.FETCH, b"\0\0")
    assert asked.meant(NetworkOp.FETCH, b"\0\0", answer) == b"\xff" * 6


def test_cycles_of_a_run_that_waits_mean_nothing_nor_do_they_behind_a_read():
    asked = device()
    asked.core.memories.registers["listen"] = 1
    asked.execute(0, NetworkOp.RUN, b"\1\0")
    _, answer = asked.execute(1, NetworkOp.FETCH, b"\0\0")
    assert answer[4] == 1
    assert asked.meant(NetworkOp.FETCH, b"\0\0", answer) == b"\0\0\0\0\xff\xff"
    asked.execute(2, NetworkOp.FEED, ITEM.pack(END_BIT))
    _, answer = asked.execute(3, NetworkOp.FETCH, b"\0\0")
    assert answer[4] == 0
    assert asked.meant(NetworkOp.FETCH, b"\0\0", answer) == b"\0\0\0\0\xff\xff"


def test_room_means_nothing_where_a_run_goes_on_while_it_is_told():
    asked = device()
    asked.core.memories.registers["listen"] = 1
    asked.execute(0, NetworkOp.RUN, b"\1\0")
    asked.spikes.extend([(0, 1), (0, 2)])
    for position, room in ((0, 0xFF), (1, 0), (1, 0xFF)):
        payload = bytes((position, 0))
        _, answer = asked.execute(asked.expected, NetworkOp.FETCH, payload)
        assert asked.meant(NetworkOp.FETCH, payload, answer)[4:6] == bytes((0xFF, room))


# What is noticed


class Line:
    """A device in Python instead of a top level, which does every request twice."""

    def __init__(self, traffic: NetworkTraffic):
        self.device = network_device(traffic.chip, "runs", traffic.device.requests.buffers)
        self.cycles = 0

    def send(self, data):
        for byte in data:
            self.device.take(byte)
            if self.device.queue:
                (_, op, payload), requests = self.device.queue[0], self.device.requests
                if op == NetworkOp.FEED:
                    requests.execute(requests.expected, op, payload)
                    requests.expected = (requests.expected - 1) % 256
            self.device.work()

    def hold(self, high, cycles):
        pass

    def run(self, cycles):
        self.cycles += cycles

    def receive(self):
        said = bytes(self.device.out)
        self.device.out.clear()
        return said


def test_a_device_that_takes_items_twice_is_noticed():
    script = DIALOGUES["runs"]
    traffic = script.traffic(Random(1))
    made = Dialogue(Line(traffic), traffic.device, Random(1))
    feed = escaped(request(0, NetworkOp.FEED, ITEM.pack(END_BIT | 1)))
    made.exchange([feed])
    with pytest.raises(Disagreement, match="^answer in cycle"):
        made.exchange([escaped(request(1, NetworkOp.FETCH, b"\0\0"))])
