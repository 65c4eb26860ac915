"""Networks by name: each does what its first line says."""

import importlib
from pathlib import Path

import numpy as np
import pytest

import golden.examples
from golden.examples import (
    neurapse_feedforward,
    reward,
    spikelearn_recurrent,
    spikelearn_simple,
    tsodyks_markram,
)

HOME = Path(golden.examples.__file__).parent
MODULES = sorted(
    ".".join(file.relative_to(HOME).with_suffix("").parts) for file in HOME.rglob("[a-z]*.py")
)
SMALL = {
    "brunel": {"order": 50},
    "bindsnet_lc": {"images": 1},
    "spikelearn_mb": {"steps": 50},
    "cobahh": {"size": 200},
    "bindsnet_benchmark": {"n": 50},
    "cuba": {"size": 400},
    "diehl_cook": {"images": 1},
    "spnet": {"seconds": 1},
}
"""Parameters of those that are large."""


@pytest.mark.parametrize("place", MODULES)
def test_every_network_says_what_it_shows_and_runs(place):
    module, name = importlib.import_module(f"golden.examples.{place}"), place.split(".")[-1]
    first = (module.__doc__ or "").splitlines()[0]
    assert first.endswith((".", "?"))
    assert 10 < module.DURATION <= 10_000 or name == "spikelearn_simple"
    net = module.network(**SMALL.get(name, {}))
    net.run(steps=40)
    assert net.state.overflows == 0
    other = module.network(seed=2, **SMALL.get(name, {}))
    assert other.build().blueprint.seed == 2


def test_coincident_spikes_fire_the_cell_that_hears_them_at_once():
    net = neurapse_feedforward.network()
    spikes = net.record(net.populations["post"])
    pre = net.record(net.populations["pre"])
    net.run(neurapse_feedforward.DURATION)
    assert pre.i.tolist() == [0, 1, 2]
    assert spikes.i.tolist() == [1]


def test_a_synapse_that_tires_hears_a_begin_and_one_that_warms_up_a_lasting_beat():
    net = tsodyks_markram.network()
    begun, lasting = (net.record(net.populations[name]) for name in ("begun", "lasting"))
    net.run(tsodyks_markram.DURATION)
    # Every cell answers the first beat, and none later.
    assert begun.i.tolist() == [0, 1, 2, 3, 4]
    assert set(begun.t) == {1}
    # Only beats of 20 a second and more warm up, the faster the sooner: in steps of half a ms.
    firsts = [lasting.t[lasting.i == i] for i in range(5)]
    assert [f[0] if len(f) else None for f in firsts] == [None, None, 1601, 351, 101]
    assert np.all(np.diff([len(f) for f in firsts[1:]]) > 0)


def test_spikelearns_simple_network_is_spikelearns():
    """V = (1 - s) (a v + (1 - a) x), s = v >= 1 (spikelearn.neurons.SpikingLayer)."""
    net = spikelearn_simple.network()
    spikes = net.record(net.populations["l1"])
    net.run(40)
    a, v, s = np.exp(-1 / 4), np.zeros(10), np.zeros(10)
    found = []
    for step in range(40):
        v = (1 - s) * (a * v + (1 - a) * np.arange(10) * 0.2)
        s = (v >= 1).astype(float)
        found += [(step, i) for i in np.flatnonzero(s)]
    assert list(zip(spikes.t, spikes.i, strict=True)) == found
    assert len(found) > 20


def test_a_recurrent_network_has_the_rates_of_the_float_one():
    """The same wiring and input in float64; only the noise of rounding differs."""
    net = spikelearn_recurrent.network()
    monitors = [net.record(net.populations[name]) for name in ("input", "exc", "inh")]
    net.run(200)
    blueprint = net.build().blueprint
    weights = {}
    for rows in blueprint.rows:
        pair = blueprint.groups[rows.source], blueprint.groups[rows.target]
        scale = pair[1].receptor(None).scale
        matrix = np.zeros((pair[1].size, pair[0].size))
        pre = np.repeat(np.arange(pair[0].size), np.diff(rows.start))
        matrix[rows.post, pre] = scale.quantity(rows.weight)
        weights[pair[0].name, pair[1].name] = matrix
    raster = np.zeros((200, 200))
    raster[monitors[0].t, monitors[0].i] = 1
    a = np.exp(-1 / 4)
    v, s = (
        {"exc": np.zeros(1000), "inh": np.zeros(20)},
        {"exc": np.zeros(1000), "inh": np.zeros(20)},
    )
    count = dict.fromkeys(v, 0.0)
    for step in range(200):
        before = s | {"input": raster[step - 1] if step else np.zeros(200)}
        for name in v:
            x = sum(w @ before[pre] for (pre, post), w in weights.items() if post == name)
            v[name] = (1 - before[name]) * (a * v[name] + (1 - a) * x)
        s = {name: (x >= 1).astype(float) for name, x in v.items()}
        count = {name: count[name] + s[name].sum() for name in count}
    got = {"exc": len(monitors[1].t), "inh": len(monitors[2].t)}
    assert count["exc"] > 1000
    assert got["exc"] == pytest.approx(count["exc"], rel=0.03)
    assert got["inh"] == pytest.approx(count["inh"], rel=0.1)


def test_reward_teaches_which_action_is_right_and_without_it_nothing_does():
    shares = {}
    for rewarded in (True, False):
        net = reward.network(trials=100, rewarded=rewarded)
        net.run(reward.DURATION)
        shares[rewarded] = reward.results(net)["right in 20 trials"]
    assert min(shares[True][2:]) >= 0.9
    assert max(shares[False]) <= 0.75
