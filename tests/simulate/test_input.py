"""golden.simulate --input: spikes from a file, and files that are none."""

import io
import json
import zipfile

import nir
import numpy as np
import pytest

from golden import simulate
from golden.simulation import page, spike_file
from tests.interchange.graphs import task
from tests.shared.commands import contents

TWO = '''"""Two inputs, and a cell for each of their neurons."""

from golden.builder import Network, Poisson, one_to_one
from golden.cells import Izhikevich

DURATION = 20


def network(seed=1, both=False, dt="1/2 ms"):
    net = Network(dt=dt, seed=seed)
    for name in ("left", "right")[: 1 + both]:
        source = net.input(3, Poisson(500), name)
        net.connect(source, net.population(3, Izhikevich()), one_to_one(), weight=5)
    return net
'''


@pytest.fixture(autouse=True)
def _drawless(monkeypatch):
    monkeypatch.setattr(page, "page", lambda *_: "")


@pytest.fixture
def two(tmp_path):
    path = tmp_path / "two.py"
    path.write_text(TWO)
    return str(path)


def counted(out):
    return json.loads((out / "metrics.json").read_text())["rate_hz"]


def read(out):
    with np.load(out / "spikes.npz") as file:
        mine = file["neurons"] < 3
        return file["steps"][mine].tolist(), file["neurons"][mine].tolist()


# By hand


@pytest.mark.parametrize(
    "arrays",
    [
        {"steps": [2, 2, 30], "neurons": [0, 2, 1]},
        {"times": [15.0, 1.0, 1.0], "neurons": [1, 2, 0]},
        {"times": [15, 1, 1], "neurons": [1, 2, 0]},
        {"steps": [1, 1, 15], "neurons": [0, 2, 1], "dt_ms": 1.0},
    ],
)
def test_an_input_spikes_as_the_file_says(two, tmp_path, arrays):
    (tmp_path / "in.npz").write_bytes(npz(**arrays))
    words = [two, "--out", str(tmp_path / "out"), "--input", str(tmp_path / "in.npz")]
    assert simulate.main(words) == 0
    assert read(tmp_path / "out") == ([2, 2, 30], [0, 2, 1])


def test_what_a_run_recorded_can_be_let_in_again(two, tmp_path):
    out = tmp_path / "out"
    assert simulate.main([two, "--out", str(out)]) == 0
    first = read(out)
    assert len(first[0]) > 10
    with np.load(out / "spikes.npz") as file:
        mine = file["neurons"] < 3
        steps, neurons = file["steps"][mine], file["neurons"][mine]
    np.savez_compressed(tmp_path / "in.npz", steps=steps, neurons=neurons)
    words = [two, "--out", str(out), "--seed", "2", "--input", f"left={tmp_path / 'in.npz'}"]
    assert simulate.main(words) == 0
    assert read(out) == first


def test_inputs_that_give_no_spike_are_named_and_no_others(two, tmp_path, capsys):
    (tmp_path / "in.npz").write_bytes(npz(times=[1000.0], neurons=[1]))
    late = ["--set", "both=true", "--input", f"right={tmp_path / 'in.npz'}"]
    assert simulate.main([two, "--out", str(tmp_path / "out"), *late]) == 0
    said = capsys.readouterr().out
    assert "right gave no spike; --input right=FILE lets it\n" in said
    assert "left gave no spike" not in said


def test_dt_is_a_parameter_like_others(two, tmp_path):
    assert simulate.main([two, "--out", str(tmp_path / "out"), "--dt", "1/4 ms"]) == 0
    assert json.loads((tmp_path / "out/metrics.json").read_text())["dt_ms"] == 0.25


# Refusals


def refused(capsys, tmp_path, *words):
    before = contents(tmp_path)
    assert simulate.main([*words, "--out", str(tmp_path / "out")]) == 2
    out, err = capsys.readouterr()
    assert (out, contents(tmp_path)) == ("", before)
    (line,) = err.splitlines()
    return line.removeprefix("error: ")


def npz(**arrays) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "File is not a zip file"),
        (npz(steps=[1], neurons=[0])[:-30], "File is not a zip file"),
        (npz(neurons=[1]), "there must be steps or times, not both or none"),
        (npz(steps=[1], times=[1], neurons=[0]), "there must be steps or times, not both or none"),
        (npz(steps=[1.5], neurons=[0]), "steps must be a row of whole numbers, not float64 (1,)"),
        (npz(times=["a"], neurons=[0]), "times must be a row of numbers, not <U1 (1,)"),
        (npz(steps=[[1]], neurons=[0]), "steps must be a row of whole numbers, not int64 (1, 1)"),
        (npz(steps=[1], neurons=[3]), "neuron of a spike must be 0 to 2, not 3"),
        (npz(steps=[1, 2], neurons=[0]), "spikes must have a neuron for each time, not 1 for 2"),
        (npz(times=[-1], neurons=[0]), "a spike must be at 0 ms or later, not at -1 ms"),
        (npz(times=[np.nan], neurons=[0]), "time of a spike must be finite, not nan"),
        (npz(steps=[4, 4], neurons=[0, 0]),
         "neuron 0 must spike at most once a step, not twice at 2 ms"),
        (npz(steps=np.array([print]), neurons=[0]),
         "Object arrays cannot be loaded when allow_pickle=False"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_line(two, tmp_path, capsys, content, reason):
    path = tmp_path / "in.npz"
    path.write_bytes(content)
    found = refused(capsys, tmp_path, two, "--input", str(path))
    assert found == f"{path} must hold spikes for left: {reason}"


def test_a_bomb_is_not_unpacked(two, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(spike_file, "MOST_BYTES", 1000)
    path = tmp_path / "in.npz"
    np.savez_compressed(path, steps=np.zeros(1000, int), neurons=np.zeros(3, int))
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("steps.npy").compress_size < 1000
    assert refused(capsys, tmp_path, two, "--input", str(path)) == (
        f"{path} must hold spikes for left: steps.npy must be at most 1,000 bytes"
    )


def test_a_missing_file_is_one_line(two, tmp_path, capsys):
    assert "No such file" in refused(capsys, tmp_path, two, "--input", str(tmp_path / "none.npz"))


def test_several_inputs_are_told_apart_by_name(two, tmp_path, capsys):
    assert refused(capsys, tmp_path, two, "--set", "both=true", "--input", "in.npz") == (
        "--input must be NAME=FILE with NAME one of left, right, not in.npz"
    )


def test_a_wrong_name_is_the_fault_and_a_path_may_have_an_equals_sign(two, tmp_path, capsys):
    (tmp_path / "a=b.npz").write_bytes(npz(steps=[2, 2, 30], neurons=[0, 2, 1]))
    path = str(tmp_path / "a=b.npz")
    wrong = "NAME of --input NAME=FILE must be one of left, not foo"
    assert refused(capsys, tmp_path, two, "--input", f"foo={path}") == wrong
    assert refused(capsys, tmp_path, two, "--input", "foo=none.npz") == wrong
    missing = refused(capsys, tmp_path, two, "--input", str(tmp_path / "c=d.npz"))
    assert "No such file" in missing
    assert "left, right, not foo" in (
        refused(capsys, tmp_path, two, "--set", "both=true", "--input", f"foo={path}")
    )
    for given in (path, f"left={path}"):
        words = [two, "--out", str(tmp_path / "out"), "--input", given]
        assert simulate.main(words) == 0
        assert read(tmp_path / "out") == ([2, 2, 30], [0, 2, 1])


# Graphs


def test_a_nir_file_runs_with_its_input(tmp_path, capsys):
    graph, (steps, neurons) = task()
    nir.write(tmp_path / "lif.nir", graph)
    np.savez(tmp_path / "in.npz", steps=steps, neurons=neurons)
    options = ["--dt", "0.1", "--steps", "1100", "--out", str(tmp_path / "out")]
    given = ["--input", str(tmp_path / "in.npz")]
    assert simulate.main([str(tmp_path / "lif.nir"), *options, *given]) == 0
    spikes = np.load(tmp_path / "out" / "spikes.npz")
    assert spikes["steps"][spikes["neurons"] == 1].tolist() == [461, 511, 711, 761]


def test_a_nir_file_needs_a_step_and_must_be_one(tmp_path, capsys):
    nir.write(tmp_path / "lif.nir", task()[0])
    file = str(tmp_path / "lif.nir")
    assert (
        refused(capsys, tmp_path, file) == f"{file}: dt must be given: a NIR file does not say it"
    )
    assert refused(capsys, tmp_path, file, "--dt", "0.1", "--set", "spike=soft") == (
        f"{file}: spike must be one of unit, dirac, not soft"
    )
    (tmp_path / "bad.nir").write_bytes(b"none")
    assert "must be a NIR file" in refused(capsys, tmp_path, str(tmp_path / "bad.nir"))
