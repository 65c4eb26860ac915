# amaranth: UnusedElaboratable=no
"""Networks on a device in Python, over good lines and bad ones: the engine's bits come back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boards.host.frames import Frame, encoded
from boards.host.info import DeviceError
from boards.host.link import LinkError, LinkRequest
from boards.host.network import NetworkDriver
from boards.host.placed import BoardModel
from boards.host.placed import outside as items_of
from boards.host.simulated import SimPort, compiled
from boards.parts.board import board
from golden.builder import Network, Poisson, SpikeTrain, fixed_probability, uniform
from golden.cells import LIF
from golden.network.placement import placed
from golden.network.state import NetworkState
from golden.network.stepping import StepModel
from golden.network.taps import Tap
from hdl.link.network.protocol import Buffers, NetworkOp
from hdl.link.network.top import NetworkTop
from sim.battery.zoo import network
from sim.device.network import network_device
from sim.targets.library import QUICK
from tests.boards.bad_line import BadLine

BOARD = board("icebreaker")
BUFFERS = Buffers(spikes=64, items=9)


def line(placement, seed=0, wrong=0.0, late=0.0, name="net"):
    return BadLine(network_device(placement.chip, name, BUFFERS), seed, wrong, late)


def small(seed=1, queue=None):
    """Return a placed network that spikes often, with spikes from outside and a current."""
    net = Network(dt="1 ms", seed=seed)
    cells = net.population(12, LIF(tau=10, rest=-70, reset=-70, threshold=-50), "cells")
    rain = net.input(5, Poisson(200), "rain")
    random = np.random.default_rng(seed)
    spikes = np.sort(random.choice(60 * 4, 25, replace=False))
    train = SpikeTrain(spikes // 4, spikes % 4)
    outside = net.input(4, train, "outside")
    for source, weight in ((cells, 2.0), (rain, 6.0), (outside, 9.0)):
        net.connect(source, cells, fixed_probability(0.5), weight=weight, delay=uniform(1, 9))
    net.current(cells, 5, start=20, stop=30)
    return placed(net.build().blueprint, queue=queue)


def test_a_long_silence_is_said_in_parts():
    net = Network(dt="1 ms", seed=1)
    cells = net.population(2, LIF(), "cells")
    outside = net.input(1, SpikeTrain([0, 700]), "outside")
    net.connect(outside, cells, weight=1)
    placement = placed(net.build().blueprint)
    # Steps 1 to 255 are quiet, 257 to 511, 513 to 699; after step 700 there are 299 more.
    axon, end = 0, 1 << 24
    expected = [axon, end | 255, end | 255, end | 187, axon, end | 255, end | 43]
    assert items_of(placement, 0, 1000) == expected
    assert items_of(placement, 600, 650) == []


def run(device, placement, steps, taps=()):
    """Run step by step as far as a device will go; return spikes, samples and the model."""
    state = NetworkState.start(placement.blueprint)
    model = BoardModel(device, placement, state, taps)
    chunks, done = [], 0
    while done < steps:
        chunks.append(model.advance(steps - done))
        done += chunks[-1].steps
    return chunks, model


def equal(placement, steps, chunks, model, taps=()):
    """Compare with golden."""
    golden = StepModel(placement.blueprint, NetworkState.start(placement.blueprint), taps)
    expected = golden.advance(steps)
    for name in ("spike_steps", "spike_neurons"):
        found = np.concatenate([getattr(chunk, name) for chunk in chunks])
        np.testing.assert_array_equal(found, getattr(expected, name))
    for i, sample in enumerate(expected.samples):
        found = np.concatenate([chunk.samples[i] for chunk in chunks])
        np.testing.assert_array_equal(found, sample)
    state, truth = model.state(), golden.state()
    assert state.sha256() == truth.sha256()
    assert state.spikes == truth.spikes
    return expected


@pytest.mark.parametrize("seed", range(8))
def test_networks_of_everything_are_golden_s(seed):
    placement = placed(network(seed).build().blueprint, queue=64 * 256)
    with NetworkDriver(line(placement), placement.chip, "net", BUFFERS) as device:
        chunks, model = run(device, placement, 30)
        equal(placement, 30, chunks, model)
        assert device.link.recoveries == 0


def test_state_variables_are_sampled_and_a_run_goes_on_from_anywhere():
    placement = small()
    taps = [Tap(0, "v", np.array((3, 0, 11)), 7), Tap(0, "v", np.array((5,)), 3)]
    with NetworkDriver(line(placement), placement.chip, "net", BUFFERS) as device:
        chunks, model = run(device, placement, 50, taps)
        expected = equal(placement, 50, chunks, model, taps)
        # Somebody else has gone on, on another device.
        other = BoardModel(device, placement, model.state())
        golden = StepModel(placement.blueprint, NetworkState.start(placement.blueprint))
        golden.advance(50)
        later = [other.advance(10) for _ in range(10)]
        assert [c.steps for c in later] == [10] * 10
        golden.advance(100)
        assert other.state().sha256() == golden.state().sha256()
    assert len(expected.spike_steps) > 2 * BUFFERS.spikes


@settings(max_examples=20, deadline=None)
@given(
    # An answer with 49 spikes is long: where one byte of 200 is wrong, three of four are lost.
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.0005, 0.001]),
    st.sampled_from([0, 0.1]),
)
def test_nothing_is_run_twice_and_no_spike_is_lost_whatever_the_line_does(seed, wrong, late):
    placement = small(seed % 5)
    port = line(placement, seed, wrong, late)
    with NetworkDriver(port, placement.chip, "net", BUFFERS) as device:
        chunks, model = run(device, placement, 60)
        equal(placement, 60, chunks, model)
    assert port.device.requests.runs == [20, 10, 30]


def test_the_bad_line_is_as_bad_as_it_should_be():
    placement = small()
    port = line(placement, 5, 0.001, 0.1)
    with NetworkDriver(port, placement.chip, "net", BUFFERS) as device:
        chunks, model = run(device, placement, 60)
        equal(placement, 60, chunks, model)
        assert device.link.recoveries > 2
        assert device.counters()["bad_frames"] > 0


def test_spikes_that_the_queue_has_lost_are_told():
    placement = small(queue=3)
    expected = (
        r"^the queue must hold all spikes on their way, not lose \d+: "
        "its chip must have a queue of more than 3 places$"
    )
    with (
        NetworkDriver(line(placement), placement.chip, "net", BUFFERS) as device,
        pytest.raises(DeviceError, match=expected),
    ):
        run(device, placement, 60)


def test_a_run_that_another_host_has_left_is_broken_off():
    placement = small()
    port = line(placement)
    with NetworkDriver(port, placement.chip, "net", BUFFERS) as device:
        run(device, placement, 5)
        # It listens to nobody.
        list(device.once([LinkRequest(NetworkOp.RUN, b"\x09\0")]))
        assert port.device.requests.state()
    port.closed = False
    with NetworkDriver(port, placement.chip, "net", BUFFERS) as device:
        assert device.registers()["step"] == 0
        chunks, model = run(device, placement, 60)
        equal(placement, 60, chunks, model)


def test_the_gates_do_what_the_device_in_python_does():
    placement = small()
    top = NetworkTop(placement.chip, "net", BOARD.divisor, BUFFERS)
    port = SimPort(BOARD, compiled(top, QUICK))
    with NetworkDriver(port, placement.chip, "net", BUFFERS) as device:
        chunks, model = run(device, placement, 60)
        equal(placement, 60, chunks, model)
        assert device.link.recoveries == 0
        # Spikes wait for nobody in so short a run.
        again = BoardModel(device, placement, NetworkState.start(placement.blueprint))
        again.advance(5)
    with NetworkDriver(line(placement), placement.chip, "net", BUFFERS) as device:
        modelled = BoardModel(device, placement, NetworkState.start(placement.blueprint))
        modelled.advance(5)
    assert 0 < modelled.cycles <= again.cycles


def test_a_device_that_does_too_few_steps_is_given_up(monkeypatch):
    placement = small()
    port = line(placement)
    with NetworkDriver(port, placement.chip, "net", BUFFERS) as device:
        _, model = run(device, placement, 5)
        begin = port.device.requests._begin
        monkeypatch.setitem(port.device.requests.does, NetworkOp.RUN, lambda _: begin(b"\x02\0"))
        with pytest.raises(LinkError, match="^the device must have done 3 steps, not 2$"):
            model.advance(3)


def test_another_build_is_refused():
    with pytest.raises(DeviceError, match="^the device must be build "):
        NetworkDriver(line(small()), small().chip, "net", Buffers(128, 9)).__enter__()


def test_a_request_in_a_run_is_refused_by_name():
    placement = small()
    with NetworkDriver(line(placement), placement.chip, "net", BUFFERS) as device:
        run(device, placement, 5)
        list(device.once([LinkRequest(NetworkOp.RUN, b"\x09\0")]))
        expected = "^the device must accept READ, not answer RUNNING$"
        with pytest.raises(DeviceError, match=expected):
            device.registers()


def test_items_of_another_host_are_forgotten():
    placement = small()
    port = line(placement)
    port.write(encoded(Frame(0, NetworkOp.FEED, b"\1\0\0\0" * 5)))
    with NetworkDriver(port, placement.chip, "net", BUFFERS) as device:
        chunks, model = run(device, placement, 60)
        equal(placement, 60, chunks, model)
