"""Runs that end in the middle: model and monitors never part."""

import os
import signal

import pytest

from golden.builder import Network
from golden.cells import Izhikevich
from tests.shared.commands import heeding


def driven():
    net = Network(dt="1/2 ms")
    a = net.population(2, Izhikevich(), "a")
    net.connect(a, a, weight=5, delay=2)
    net.current(a, 15)
    return net


class Torn(Exception):
    """What a monitor may raise."""


@pytest.mark.parametrize("engine", ["golden", "numba"])
def test_an_interrupt_while_monitors_are_told_waits_until_they_are(monkeypatch, engine):
    net = driven()
    spikes, v = net.record(net.populations["a"]), net.record(net.populations["a"], "v")
    through = driven()
    kept = through.record(through.populations["a"])
    through.run(steps=60)

    def interrupted(*given):
        monkeypatch.undo()
        os.kill(os.getpid(), signal.SIGINT)
        return type(spikes).take(spikes, *given)

    monkeypatch.setattr(spikes, "take", interrupted)
    with heeding(signal.SIGINT), pytest.raises(KeyboardInterrupt):
        net.run(steps=30, engine=engine)
    assert net.state.step == spikes.end == v.end == len(v.t) > 0
    net.run(steps=60 - net.state.step, engine=engine)
    assert net.state.sha256() == through.state.sha256()
    assert spikes.t.tolist() == kept.t.tolist()
    assert len(spikes.t) > 2


def test_a_run_that_broke_off_within_a_step_does_not_go_on_as_if_it_had_not(monkeypatch, tmp_path):
    net = driven()
    spikes = net.record(net.populations["a"])
    net.run(steps=5)
    net.save(tmp_path / "state.npz")

    def torn(*_):
        raise Torn

    monkeypatch.setattr(spikes, "take", torn)
    with pytest.raises(Torn):
        net.run(steps=3)
    monkeypatch.undo()
    said = r"^a network whose run broke off within a step must be restored, or made anew$"
    for what in (lambda: net.run(steps=1), lambda: net.state):
        with pytest.raises(ValueError, match=said):
            what()
    net.restore(tmp_path / "state.npz")
    net.run(steps=3)
    assert net.state.step == spikes.end == 8


def test_what_progress_raises_leaves_a_network_that_goes_on():
    net = driven()
    spikes = net.record(net.populations["a"])

    def progress(_):
        raise Torn

    with pytest.raises(Torn):
        net.run(steps=9, progress=progress)
    assert net.state.step == spikes.end == 1
    net.run(steps=8)
    assert net.state.step == spikes.end == 9
