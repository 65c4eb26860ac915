"""`sim.fuzz`: the true top level passes, a wrong one does not, and what is refused is told."""

from collections import Counter
from random import Random

import pytest

from golden.dense.registers import envelope
from golden.training.recipe import all_phases
from hdl.link.dense.protocol import ImageStatus
from hdl.link.protocol import Status
from sim import fuzz
from sim.battery.dialogues import DIALOGUES
from sim.device.dense import dense_device
from sim.device.line import DeviceReply, escaped, parsed, request
from sim.faults import CAUGHT, Fault, examine
from sim.traffic.bursts import Burst, Traffic
from sim.traffic.dialogue import Dialogue, Disagreement
from sim.traffic.fuzz import Fuzz
from sim.traffic.images import PRESET, ImageTraffic
from sim.traffic.noise import BYTE, DIVISOR, Noise, pause

P = envelope(all_phases(PRESET, "stdp"))
FRAMES = 3000
STATUS = escaped(request(0, 2, b"abcd"))
IDLE = (True, 2 * BYTE)


class Line:
    """A device in Python instead of a simulated top level; ``spoil`` changes what it says."""

    def __init__(self, spoil=lambda said, n: said):
        self.device, self.spoil = dense_device(P, PRESET), spoil
        self.cycles = self.n_said = 0
        self._said = b""

    def send(self, data):
        for byte in data:
            self.device.take(byte)
            self.device.work()

    def hold(self, high, cycles):
        """Take nothing but silence."""
        assert high

    def run(self, cycles):
        while self.device.queue or self.device.reports:
            self.device.work()
        ended = bytes(self.device.out).split(b"\xc0")[:-1]
        self.device.out.clear()
        for said in ended:
            self._said += self.spoil(said + b"\xc0", self.n_said)
            self.n_said += 1
        self.cycles += cycles

    def receive(self):
        said, self._said = self._said, b""
        return said

    def close(self):
        pass


def dialogue(spoil=lambda said, n: said):
    return Dialogue(Line(spoil), dense_device(P, PRESET), Random(1))


# The top level


@pytest.fixture(scope="module")
def done():
    line = fuzz.opened(DIALOGUES["halves"])
    made = Fuzz(line, ImageTraffic(P, PRESET, Random(3)))
    made.run(FRAMES)
    yield made
    line.close()


def test_the_true_top_level_says_what_it_must(done):
    assert done.n_frames >= FRAMES
    assert 0 < done.dialogue.longest < 10_000


def test_the_run_shows_every_status_and_every_kind_of_burst(done):
    seen = {*done.dialogue.replies, *done.dialogue.reports}
    assert seen == {*Status, *ImageStatus}
    assert done.kinds.keys() >= {"mutated", "noise", "random bytes", "stale", "flood", "inference"}
    assert done.device.requests.counters["presentations"] > FRAMES // 50


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("link/requests", "(self.payload != checksum.byte)", "0"),
        ("link/executor", "self.expected + ~self.seq", "self.expected - self.seq"),
    ],
    ids=["the-checksum-is-not-looked-at", "the-number-before-is-the-one-expected"],
)
def test_a_wrong_top_level_does_not_pass(file, old, new):
    assert examine(Fault(file, "wrong", old, new, "halves")).outcome == CAUGHT


# What is noticed


def test_a_device_in_python_passes():
    made = dialogue()
    made.exchange([b"garbage\xc0", STATUS, pause(100), b"\xc0\xc0", STATUS[:5]])
    assert made.replies == {Status.OK: 2}
    assert (made.lost, made.reports) == (2, {Status.BAD_FRAME: 2, Status.OVERFLOW: 0})


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (lambda said, n: b"", "silence"),
        (lambda said, n: said if n else b"", "report"),
        (lambda said, n: b"" if n == 1 else said, "seq"),
        (lambda said, n: said * 2 if n == 0 else said, "report"),
        (lambda said, n: said * 2 if n == 1 else said, "seq"),
        (lambda said, n: b"\1" + said, "frame"),
        (lambda said, n: said[:-2] + bytes((said[-2] ^ 1,)) + b"\xc0", "frame"),
    ],
    ids=[
        "silent",
        "report-lost",
        "reply-lost",
        "report-twice",
        "reply-twice",
        "longer",
        "checksum",
    ],
)
def test_what_a_device_must_not_do_is_noticed(spoil, field):
    made = dialogue(spoil)
    sent = [b"garbage\xc0", escaped(request(0, 0x12)), b"\xc0"]
    with pytest.raises(Disagreement) as caught:
        _ = [made.exchange(items) for items in (sent, [])]
    assert caught.value.field == field


@pytest.mark.parametrize(
    "wrong", [{"seq": 9}, {"op": 0x83}, {"status": 1}, {"answer": b"?"}], ids=lambda wrong: [*wrong]
)
def test_a_field_that_differs_is_noticed(wrong):
    def spoil(said, n):
        reply = parsed(said[:-1])._replace(**wrong)
        return escaped(request(reply.seq, reply.op, bytes((reply.status,)) + reply.answer))

    with pytest.raises(Disagreement, match=f"^{[*wrong][0]} in cycle"):
        dialogue(spoil).exchange([STATUS])


def test_a_loss_must_be_told_before_the_next_request_is_done():
    made = dialogue()
    made.line.device.report = lambda status: None
    with pytest.raises(Disagreement, match="BAD_FRAME must be reported before DeviceReply"):
        made.exchange([b"garbage\xc0"])


# Noise


@pytest.mark.parametrize(
    ("levels", "heard"),
    [
        ((), []),
        (((False, 1),), []),
        (((False, 100),), [None]),
        (((False, 9 * DIVISOR), (True, DIVISOR)), [0]),
        (((False, DIVISOR), (True, DIVISOR), (False, 7 * DIVISOR)), [0b00000001]),
        (((False, 10 * DIVISOR), (True, DIVISOR), (False, DIVISOR)), [None, 255]),
    ],
    ids=["silence", "pulse", "break", "zero", "one", "bad-stop-bit-then-a-byte"],
)
def test_what_is_heard_in_noise(levels, heard):
    assert Noise((*levels, IDLE)).heard() == heard


# Traffic


def test_traffic_teaches_nothing_and_half_of_it_would_if_it_were_done():
    made = Fuzz(Line(), ImageTraffic(P, PRESET, Random(5)))
    kinds = Counter()
    bursts = made.traffic.bursts()
    while made.n_frames < 2000:
        burst = next(bursts)
        if burst.kind == "flood" or any(isinstance(item, Noise) for item in burst.items):
            continue
        made.send(burst)
        made.n_frames += burst.n_frames
        kinds[burst.kind] += 1
    assert made.device.requests.core.learned == []
    assert kinds["mutated"] > 100


# The command


def test_command_tells_what_was_sent_and_what_came_back(capsys, monkeypatch, done):
    monkeypatch.setattr(fuzz, "opened", lambda dialogue: Line())
    monkeypatch.setattr(Traffic, "bursts", lambda self: iter([Burst("one", [STATUS], 7)]))
    assert fuzz.main(["--frames", "7"]) == 0
    told = capsys.readouterr().out
    assert "7 frames in" in told
    assert "no hang, nothing learned; 0 frames lost" in told


def test_command_says_how_to_see_a_failure_again(capsys, monkeypatch):
    monkeypatch.setattr(
        fuzz, "opened", lambda dialogue: Line(lambda said, n: said if n < 40 else b"")
    )
    assert fuzz.main(["--frames", "100", "--seed", "9"]) == 1
    told = capsys.readouterr().out
    assert "silence in cycle" in told
    assert "again: python -m sim.fuzz --core dense --seed 9 --frames " in told


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--frames", "0"], "--frames must be at least 1, not 0"),
        (["--seed", "-1"], "--seed must be 0 to "),
        (["--seed", "x"], "must be a whole number, not 'x'"),
    ],
)
def test_command_refuses(options, text, capsys):
    try:
        status = fuzz.main(options)
    except SystemExit as exit:
        status = exit.code
    assert status == 2
    assert text in capsys.readouterr().err


def test_replies_are_parsed_by_their_checksum():
    reply = DeviceReply(1, 0x82, 0, b"\xc0\xdb")
    line = escaped(request(1, 0x82, b"\0\xc0\xdb"))[:-1]
    assert parsed(line) == reply
    assert parsed(line.replace(b"\xdb\xdd", b"\xdb")) is None
    assert parsed(line[1:]) is None
