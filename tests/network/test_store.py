"""State files: a run goes on from them to the same end, and nothing else can be made of them."""

import io
import json
import re
import zipfile

import numpy as np
import pytest

from golden.builder import Network, Poisson, fixed_probability, whole
from golden.builder.store import StateFileError
from golden.cells import Izhikevich
from golden.network.digest import digest as hashed
from tests.network.forging import forged


def network(seed: int = 1, weight: float = 6.0) -> Network:
    net = Network(dt="1/2 ms", seed=seed)
    exc = net.population(40, Izhikevich(c=np.linspace(-65, -50, 40)), "exc")
    rain = net.input(20, Poisson(200), "rain")
    net.connect(exc, exc, fixed_probability(0.2), weight=weight, delay=whole(1, 12))
    net.connect(rain, exc, weight=1.5, delay=3)
    net.noise(exc, 5)
    for what, variable, every in (
        (exc[3:] + rain, "spikes", 1),
        (exc[:2], "v", 7),
        (exc, "rate", 9),
    ):
        net.record(what, variable, every)
    return net


def kept(net):
    return [m.contents()[name].tolist() for m in net.monitors for name in m.COLUMNS]


@pytest.fixture
def path(tmp_path):
    net = network()
    net.run(steps=130)
    net.save(tmp_path / "state.npz")
    return tmp_path / "state.npz"


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refuses(path, reason, net=None):
    with pytest.raises(StateFileError) as caught:
        (net or network()).restore(path)
    assert str(caught.value) == f"{path} must be an intact state of this network: {reason}"


# By hand


def test_a_state_file_is_plain_arrays_and_says_what_it_is(path):
    with np.load(path, allow_pickle=False) as file:
        meta = json.loads(file["meta"].tobytes())
        assert {file[name].dtype.str for name in file.files if name != "meta"} == {"<i8"}
        assert file["words"].shape == (80,)
        assert file["lengths"].shape == (24,)
    assert (meta["format"], meta["version"], meta["step"]) == ("goldspike-network-state", 1, 130)
    assert meta["state"] == network_after(130).state.sha256()
    assert [m["label"] for m in meta["monitors"]] == [
        "spikes of exc[3:40] + rain[0:20]",
        "v of exc[0:2] every 7 steps",
        "rate of exc[0:40] every 9 steps",
    ]


def network_after(steps):
    net = network()
    net.run(steps=steps)
    return net


def test_blueprints_differ_in_what_decides_a_run_and_in_nothing_else():
    hashes = [
        net.build().blueprint.sha256()
        for net in (network(), network(), network(seed=2), network(weight=6.5))
    ]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


# Refusals


def test_a_state_of_another_network_is_refused(path):
    other = network(weight=7)
    ours, theirs = (n.build().blueprint.sha256()[:8] for n in (other, network()))
    refuses(path, f"it is of another network, {theirs}, not {ours}", other)


def test_a_state_of_other_monitors_is_refused(path):
    net = network()
    net.record(net.populations["rain"])
    labels = ", ".join(m.label for m in net.monitors)
    refuses(path, f"monitors must be of {labels}", net)


def test_no_population_is_added_after_a_state_was_loaded(path):
    net = network()
    net.restore(path)
    with pytest.raises(
        ValueError, match=r"^a network must be complete before it runs or is given a reward$"
    ):
        net.population(1, Izhikevich())


def test_truncated_and_flipped_files_are_refused(path, tmp_path):
    content = path.read_bytes()
    net, bad, refused = network(), tmp_path / "bad.npz", 0
    random = np.random.default_rng(1)
    for length in random.integers(0, len(content), 20):
        bad.write_bytes(content[:length])
        with pytest.raises(StateFileError):
            net.restore(bad)
    for at in random.integers(0, len(content), 200):
        bad.write_bytes(content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :])
        try:
            net.restore(bad)
            assert net.state.sha256() == network_after(130).state.sha256()
        except StateFileError:
            refused += 1
    assert refused > 150


BIG = 1 << 40


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"words": np.zeros(79, int)}, "member words must be int64 (80,) in C order"),
        ({"words": np.zeros(80)}, "member words must be int64 (80,) in C order"),
        ({"words": np.full(80, BIG)}, "v of exc must fit 18 bits"),
        ({"spikes": [1, -1]}, "what is counted must not be negative"),
        ({"saturated": [-1, 0]}, "what is counted must not be negative"),
        ({"history": np.zeros(0, int)}, "history must be as long as it says"),
        ({"lengths": np.full(24, BIG)}, "history must be as long as it says"),
        ({"lengths": [3, *[0] * 23], "history": [5, 3, 9]},
         "history must be neurons in ascending order"),
        ({"lengths": [1, *[0] * 23], "history": [60]},
         "history must be neurons in ascending order"),
        ({"lengths": np.zeros(24, int), "history": np.zeros(0, int)},
         "its state must have the hash that it claims"),
        ({"extra": [1]}, "member extra.npy must not be there"),
        ({"monitor__0__i": [1]},
         "spikes of exc[3:40] + rain[0:20] must be whole, in order and within the limit"),
        ({"monitor__0__t": [130], "monitor__0__i": [1]},
         "spikes of exc[3:40] + rain[0:20] must be whole, in order and within the limit"),
        ({"monitor__0__t": [9], "monitor__0__i": [57]},
         "spikes of exc[3:40] + rain[0:20] must be of neurons that are recorded"),
        ({"monitor__2__seen": np.full(15, 9)},
         "rate of exc[0:40] every 9 steps must have bins in a row"),
        ({"edit": lambda meta: meta.update(step=-1)}, "step must be 0 to 4294967295, not -1"),
        ({"edit": lambda meta: meta.update(step=2.5)}, "step must be 0 to 4294967295, not 2.5"),
        ({"edit": lambda meta: meta.update(format="x")},
         "format must be 'goldspike-network-state'"),
        ({"edit": lambda meta: meta.update(version=2)}, "version must be 1, not 2"),
        ({"sign": False}, "its checksum differs from its contents"),
        ({"kind": zipfile.ZIP_DEFLATED}, "member words.npy must be stored, not compressed"),
    ],
)  # fmt: skip
def test_a_forged_file_is_refused(path, arrays, reason):
    refuses(forged(path, **arrays), reason)


def test_a_pickle_is_never_opened(path):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array([print], dtype=object), allow_pickle=True)
    whole = members(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in whole.items():
            archive.writestr(name, stream.getvalue() if name == "words.npy" else content)
    refuses(path, "member words must be int64 (80,) in C order")


def test_what_cannot_be_hashed_is_no_blueprint():
    for value, kind in ((np.zeros(2), "float64"), ({1, 2}, "set")):
        with pytest.raises(TypeError, match=f"^what is hashed must be integers, not {kind}$"):
            hashed(value)


# Equality


@pytest.mark.parametrize(("before", "after"), [("golden", "numba"), ("numba", "golden")])
@pytest.mark.parametrize("steps", [0, 5, 130])
def test_a_restored_network_goes_on_as_if_nothing_had_happened(tmp_path, before, after, steps):
    through, net = network_after(160), network()
    net.run(steps=steps, engine=before)
    net.save(tmp_path / "state.npz")
    again = network()
    again.restore(tmp_path / "state.npz")
    again.save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "state.npz").read_bytes()
    again.run(steps=160 - steps, engine=after)
    assert again.state.sha256() == through.state.sha256()
    assert again.state.spikes == through.state.spikes
    assert again.state.saturated == through.state.saturated
    assert kept(again) == kept(through)
    assert len(kept(again)[0]) > 100


def test_a_network_may_be_restored_in_the_middle_of_a_run(path):
    net = network_after(155)
    net.restore(path)
    net.run(steps=25)
    assert kept(net) == kept(network_after(155))
    assert re.fullmatch("[0-9a-f]{64}", net.state.sha256())
