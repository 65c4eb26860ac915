"""Short-term plasticity: by hand, against floats, and its refusals."""

import re

import numpy as np
import pytest

from golden.builder import Network, ShortTerm, SpikeTrain
from golden.builder.short_term import LONGEST, decay
from golden.network.release import NEVER, ONE, ReleaseState
from sim.battery.tiny import Adder


def efficacies(plasticity: ShortTerm, steps: list[int], dt: float = 1.0) -> np.ndarray:
    """Return what the spikes of one neuron transmit of a weight of 1."""
    release = plasticity.release(dt)
    state = ReleaseState.start(release, 1)
    for step in steps:
        state.emit(release, step, np.array([0]), len(steps))
    return np.concatenate(state.sent[::-1]) / ONE


def exact(plasticity: ShortTerm, times: np.ndarray) -> np.ndarray:
    """Return the same in floats."""
    x, u, sent = 1.0, plasticity.U, []
    for k, time in enumerate(times):
        if k:
            age = time - times[k - 1]
            x = 1 + (x - x * u - 1) * np.exp(-age / plasticity.tau_rec)
            fading = np.exp(-age / plasticity.tau_fac) if plasticity.tau_fac else 0
            u = plasticity.U + u * (1 - plasticity.U) * fading
        sent.append(u * x)
    return np.array(sent)


def test_the_first_spike_uses_u_and_the_second_what_is_left():
    # Nothing recovers: 1/4, then 1/4 of 3/4, then 1/4 of 9/16.
    assert efficacies(ShortTerm(0.25, LONGEST, 0), [5, 6, 7]).tolist() == [1 / 4, 3 / 16, 9 / 64]
    # Nothing tires, nothing fades but a part in a million: 1/4, then 1/4 + 3/4 1/4, ...
    assert efficacies(ShortTerm(0.25, 0, LONGEST), [5, 6, 7]).tolist() == [1 / 4, 7 / 16, 37 / 64]


def test_decays_end_at_zero_and_begin_where_they_should():
    table = decay(ONE, 100.0)
    age = np.array([0, 1, 100, 255, 256, 1000, 5000, 1 - NEVER])
    assert table.after(age).tolist() == [32768, 32442, 12055, 2559, 2533, 1, 0, 0]
    assert decay(ONE, 0.0).after(np.array([1, 1000])).tolist() == [0, 0]


@pytest.mark.parametrize("times", [(0.5, 800, 0), (0.15, 200, 1500), (0.04, 100, 1000), (1, 20, 3)])
def test_a_thousand_spikes_agree_with_floats(times):
    """The bar is 1/2,000 of the full weight; measured are 1/9,800 at most."""
    plasticity = ShortTerm(*times)
    steps = np.cumsum(np.random.default_rng(1).geometric(0.01, 1000))
    for dt in (1.0, 0.125):
        error = efficacies(plasticity, steps.tolist(), dt) - exact(plasticity, steps * dt)
        assert np.abs(error).max() < 1 / 2000


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"U": 0}, "U must be 1.52588e-05 to 1, not 0"),
        ({"U": 1.5}, "U must be 1.52588e-05 to 1, not 1.5"),
        ({"tau_rec": -1}, "tau_rec must be 0 ms or more, not -1"),
        ({"tau_fac": float("nan")}, "tau_fac must be 0 ms or more, not nan"),
    ],
)
def test_what_cannot_be_is_refused(given, said):
    with pytest.raises(ValueError, match=re.escape(said) + "$"):
        ShortTerm(**given)


def test_a_time_constant_whose_table_were_endless_is_refused():
    said = r"^tau_fac must be at most 262144 steps of 0\.5 ms, not 1e\+06 ms$"
    with pytest.raises(ValueError, match=said):
        ShortTerm(0.5, 100, 1e6).release(0.5)


def test_what_is_on_its_way_belongs_to_the_state():
    hashes = set()
    for weight_used in (0.25, 0.5):
        net = Network(dt=1)
        told = net.input(1, SpikeTrain([0]), "told")
        cell = net.population(1, Adder(), "cell")
        net.connect(told, cell, weight=64, delay=6, plasticity=ShortTerm(weight_used, 1, 0))
        net.run(steps=3)
        (release,) = net.state.releases
        assert release is not None
        release.u[:] = 0
        hashes.add(net.state.sha256())
    assert len(hashes) == 2


def tired(steps: int) -> Network:
    net = Network(dt=1)
    cells = net.population(2, Adder(v=np.array([90, 40])), "cells")
    net.current(cells, 20)
    net.connect(cells, cells, weight=24, delay=7, plasticity=ShortTerm(0.5, 40, 90))
    if steps:
        net.run(steps=steps)
    return net


def test_a_run_goes_on_from_a_file_with_what_is_on_its_way(tmp_path):
    whole, begun, resumed = tired(40), tired(23), tired(0)
    begun.save(tmp_path / "state.npz")
    resumed.restore(tmp_path / "state.npz")
    assert resumed.state.sha256() == begun.state.sha256()
    resumed.run(steps=17, engine="golden")
    assert resumed.state.sha256() == whole.state.sha256()
