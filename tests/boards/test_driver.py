"""The driver with a device in Python, over good lines and bad ones."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boards.host.dense import DenseDriver
from boards.host.frames import Frame, encoded
from boards.host.info import DeviceError
from boards.host.link import LinkError
from boards.parts.dense import core_params
from golden.dense import core
from golden.dense.engine import Learner
from golden.dense.interface import BusRequest, Region
from golden.dense.reward import in_turns
from golden.training import responses
from hdl.link.dense.protocol import ImageOp
from sim.device.dense import dense_device
from tests.boards.bad_line import BadLine

BUILT = core_params("tiny", "both")


def line(seed=0, wrong=0.0, late=0.0, preset="tiny", built=BUILT):
    return BadLine(dense_device(built, preset), seed, wrong, late)


def images(n, seed=1):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (n, 16)) * (rng.random((n, 16)) < 0.6)
    return pixels.astype(np.uint8), rng.integers(0, 10, n)


def network(seed=3):
    p = BUILT
    rng = np.random.default_rng(seed)
    votes = rng.integers(0, p.vote.max + 1, (p.vote_spikes, p.n_neurons, p.n_classes))
    return core.initial(p, seed), in_turns(p), votes


@pytest.mark.parametrize("n_lanes", [1, 2, 3, 4])
@pytest.mark.parametrize("weight_bits", [4, 7, 11])
def test_a_network_comes_back(n_lanes, weight_bits):
    built = core_params("tiny", "both", n_lanes=n_lanes, weight_bits=weight_bits)
    port, (_, classes, votes) = line(built=built), network()
    state = core.initial(built, 3)
    with DenseDriver(port, built, "tiny") as device:
        device.load(built, state, classes, votes)
        assert device.state().sha256() == state.sha256()
    assert port.device.requests.core.state.sha256() == state.sha256()
    assert (port.device.requests.core.machine.votes == votes).all()
    assert port.closed


def test_learning_is_that_of_the_engine():
    (state, classes, votes), (pixels, labels) = network(), images(200)
    learner = Learner(BUILT, state, classes)
    learner.learn(pixels, labels)
    with DenseDriver(line(), BUILT, "tiny") as device:
        device.load(BUILT, state, classes, votes)
        device.learn(pixels, labels)
        assert device.state().sha256() == learner.state.sha256() != state.sha256()
        told = device.counters()
    assert told["presentations"] == 200
    assert told["overflows"] == device.link.recoveries == 0


def test_a_device_of_another_preset_is_refused():
    with pytest.raises(DeviceError, match="^the device must be built for tiny, not for big$"):
        DenseDriver(line(preset="big"), BUILT, "tiny").__enter__()


def test_another_build_of_the_preset_is_refused():
    other = core_params("tiny", "both", n_lanes=1)
    expected = r"^the device must be build [0-9a-f]{16} of tiny, which this version makes, not "
    with pytest.raises(DeviceError, match=expected):
        DenseDriver(line(built=other), BUILT, "tiny").__enter__()


def test_a_silent_device_is_given_up():
    with pytest.raises(LinkError, match="^a device on line must answer, not be silent$"):
        DenseDriver(line(wrong=1.0), BUILT, "tiny").__enter__()


def test_a_device_that_falls_silent_is_given_up():
    port = line()
    with DenseDriver(port, BUILT, "tiny") as device:
        port.late = 1.0
        with pytest.raises(LinkError, match="^the device on line must answer, not fall silent$"):
            device.state()


def test_a_device_that_was_restarted_is_given_up():
    port = line()
    with DenseDriver(port, BUILT, "tiny") as device:
        device.state()
        port.device = dense_device(BUILT, "tiny")
        with pytest.raises(LinkError, match="^the device on line must go on, not be restarted$"):
            device.state()


def test_a_device_that_has_not_learned_every_image_is_given_up():
    port = line()
    with DenseDriver(port, BUILT, "tiny") as device:
        device.load(BUILT, *network())
        requests = port.device.requests
        present = requests.core.present

        def uncounted(*asked):
            requests.counters["presentations"] -= 1
            return present(*asked)

        requests.core.present = uncounted
        expected = "^the device must have learned 3 images, not 0$"
        with pytest.raises(LinkError, match=expected):
            device.learn(*images(3))


def test_a_request_that_is_refused_is_named():
    with DenseDriver(line(), BUILT, "tiny") as device:
        refused = BusRequest(0, Region.REGISTERS, 200)
        expected = "^the device must accept READ, not answer BAD_INDEX$"
        with pytest.raises(DeviceError, match=expected):
            device.transfer([refused])


def test_an_image_left_by_another_host_is_forgotten():
    port = line()
    port.write(encoded(Frame(0, ImageOp.PIXELS, b"\0\x07")))
    with DenseDriver(port, BUILT, "tiny") as device:
        device.load(BUILT, *network())
        assert len(device.classify(images(2)[0])) == 2


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32), st.sampled_from([0.0, 0.0005, 0.002, 0.005]), st.sampled_from([0, 0.1])
)
def test_every_image_is_learned_once_whatever_the_line_does(seed, wrong, late):
    (state, classes, votes), (pixels, labels) = network(), images(12)
    learner = Learner(BUILT, state, classes)
    learner.learn(pixels, labels)
    record = responses.record(BUILT, learner.state, pixels)
    port = line(seed, wrong, late)
    with DenseDriver(port, BUILT, "tiny") as device:
        device.load(BUILT, state, classes, votes)
        device.learn(pixels, labels)
        assert port.device.requests.core.learned == [image.tobytes() for image in pixels]
        assert device.state().sha256() == learner.state.sha256()
        found = [answer.label for answer in device.classify(pixels)]
    assert found == responses.answers(BUILT, votes, record.spikes).tolist()


def test_the_bad_line_is_as_bad_as_it_should_be():
    port, (state, classes, votes) = line(5, 0.005, 0.1), network()
    with DenseDriver(port, BUILT, "tiny") as device:
        device.load(BUILT, state, classes, votes)
        device.learn(*images(40))
        told = device.counters()
        assert device.link.recoveries > 5
    assert told["bad_frames"] > 5


def test_a_host_of_a_board_loads_neither_gates_nor_simulators():
    code = "import sys, boards.host.dense, boards.host.readback; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"amaranth", "sim"} & {name.partition(".")[0] for name in done.stdout.split()}
