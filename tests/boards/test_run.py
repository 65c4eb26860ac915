"""`python -m boards.run` with a device in Python: what is learned, kept and refused."""

import json
import os
import pty

import pytest

from boards import run
from boards.host.port import SerialPort
from golden import classify, train
from golden.training import model_file
from sim.device.dense import DenseModel
from tests.boards.data import little, plug_in, ten_classes
from tests.shared.commands import contents, idx_folder, picture, refused, state_of


@pytest.fixture
def data(tmp_path):
    return str(ten_classes(tmp_path / "data"))


@pytest.fixture(params=["stdp", "rstdp"])
def learning(request, data):
    """Return the options that `golden.train` takes too."""
    epochs = {"stdp": "3", "rstdp": "7"}[request.param]
    return ["--dataset", data, "--rule", request.param, "--epochs", epochs, "--seed", "5"]


@pytest.fixture
def preset(tmp_path):
    return little(tmp_path)


@pytest.fixture
def board(preset):
    """Return a function that runs a command on what is plugged in."""
    return lambda *words: run.main(["icebreaker", "--port", "line", "--preset", preset, *words])


@pytest.fixture
def learn(board):
    return lambda folder, *words: board("train", *words, "--out", str(folder))


# Learning


def test_the_device_ends_where_golden_ends(tmp_path, monkeypatch, learning, preset, learn):
    device = plug_in(monkeypatch, preset)
    assert train.main([*learning, "--preset", preset, "--out", str(tmp_path / "golden")]) == 0
    assert learn(tmp_path / "board", *learning, "--batch", "25", "--verify") == 0
    assert state_of(tmp_path / "board") == state_of(tmp_path / "golden")
    assert len(device.requests.core.learned) == 40 * int(learning[5])
    ours, theirs = (
        json.loads((tmp_path / n / "metrics.json").read_text()) for n in ("board", "golden")
    )
    assert ours["test_accuracy"] == theirs["test_accuracy"]
    assert sorted(contents(tmp_path / "board")) == ["metrics.json", "model.npz"]


def test_a_bad_line_changes_nothing(tmp_path, monkeypatch, learning, preset, learn):
    plug_in(monkeypatch, preset)
    assert learn(tmp_path / "good", *learning, "--images", "70") == 0
    plug_in(monkeypatch, preset, wrong=0.001)
    assert learn(tmp_path / "bad", *learning, "--images", "70") == 0
    assert state_of(tmp_path / "bad") == state_of(tmp_path / "good")
    figures = json.loads((tmp_path / "bad/metrics.json").read_text())
    assert figures["recoveries"] > 0


def test_the_model_is_one_that_golden_opens(
    tmp_path, monkeypatch, data, capsys, preset, board, learn
):
    plug_in(monkeypatch, preset)
    assert learn(tmp_path / "out", "--dataset", data, "--images", "30") == 0
    image = picture(tmp_path / "left.png")
    capsys.readouterr()
    assert classify.main([str(tmp_path / "out/model.npz"), str(image), "--json"]) == 0
    golden = json.loads(capsys.readouterr().out)
    assert board("classify", str(tmp_path / "out/model.npz"), str(image), "--json") == 0
    device = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert device["label"] == golden["label"]
    assert device["spikes"] == len(golden["spikes"])


def test_an_interrupted_run_goes_on_to_the_same_end(tmp_path, monkeypatch, learning, preset, learn):
    plug_in(monkeypatch, preset)
    assert learn(tmp_path / "whole", *learning) == 0
    save, saved = run.training.BoardRun.save, []

    def interrupted(self, path):
        save(self, path)
        saved.append(self.images)
        if len(saved) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run.training.BoardRun, "save", interrupted)
        assert learn(tmp_path / "parts", *learning, "--batch", "30") == 130
    assert 0 < saved[-1] < 120
    plug_in(monkeypatch, preset)
    assert learn(tmp_path / "parts", *learning, "--resume") == 0
    assert state_of(tmp_path / "parts") == state_of(tmp_path / "whole")


def test_a_difference_is_said_and_ends_the_run(tmp_path, monkeypatch, data, capsys, preset, learn):
    plug_in(monkeypatch, preset)
    present = DenseModel.present

    def spoiled(self, *args):
        told = present(self, *args)
        if self.machine.registers["presented"] == 15:
            self.machine.w[0, 0] ^= 1
        return told

    monkeypatch.setattr(DenseModel, "present", spoiled)
    words = ("--dataset", data, "--images", "40", "--batch", "10", "--verify")
    assert learn(tmp_path / "out", *words) == 1
    assert "not equal after the batch of images 11 to 20: state " in capsys.readouterr().out
    assert model_file.load(tmp_path / "out/checkpoint.npz").about["images"] == 10


# Models


def test_what_was_loaded_can_be_dumped(tmp_path, monkeypatch, learning, preset, board, learn):
    plug_in(monkeypatch, preset)
    assert learn(tmp_path / "out", *learning, "--images", "50") == 0
    plug_in(monkeypatch, preset)
    assert board("load", str(tmp_path / "out/model.npz")) == 0
    assert board("dump", str(tmp_path / "dumped.npz")) == 0
    ours, theirs = (model_file.load(tmp_path / n) for n in ("dumped.npz", "out/model.npz"))
    # Nobody knows how often the device has learned: it does not count, and was loaded by another.
    assert (ours.state.presented, theirs.state.presented) == (0, 50)
    assert ours.state._replace(presented=50).sha256() == theirs.state.sha256()
    assert (ours.votes == theirs.votes).all()
    assert (ours.classes == theirs.classes).all()


def test_a_dumped_model_answers_as_the_device(
    tmp_path, monkeypatch, data, capsys, preset, board, learn
):
    plug_in(monkeypatch, preset)
    assert learn(tmp_path / "out", "--dataset", data, "--images", "50") == 0
    assert board("dump", str(tmp_path / "dumped.npz")) == 0
    capsys.readouterr()
    said = []
    for name in ("out/model.npz", "dumped.npz"):
        words = ["classify", str(tmp_path / name), "--dataset", data]
        assert board(*words) == 0
        said.append(capsys.readouterr().out.splitlines()[-1])
    assert said[0] == said[1]
    assert said[0].startswith("test accuracy ")


def test_a_device_with_an_impossible_state_holds_no_network(
    tmp_path, monkeypatch, capsys, preset, board
):
    plug_in(monkeypatch, preset).requests.core.machine.registers["lfsr"] = 0
    assert board("dump", str(tmp_path / "dumped.npz")) == 1
    assert "the device must hold a network: lfsr must be 1 to" in capsys.readouterr().err
    assert not (tmp_path / "dumped.npz").exists()


# Refusals


def test_an_unknown_board_is_refused_with_the_names(capsys):
    status = run.main(["arty", "--port", "line", "dump", "x.npz"])
    assert refused(capsys, status).startswith("error: board must be one of icebreaker, hx8k, ")


def test_a_port_that_is_not_there_is_refused(tmp_path, capsys):
    words = ["icebreaker", "--port", str(tmp_path / "tty"), "dump", str(tmp_path / "x.npz")]
    expected = f"error: {tmp_path}/tty must be a serial port that can be opened, not: No such file"
    assert refused(capsys, run.main(words)).startswith(expected)
    assert contents(tmp_path) == {}


def test_a_port_that_is_in_use_is_refused(tmp_path, capsys):
    master, slave = pty.openpty()
    name = os.ttyname(slave)
    with SerialPort(name, 9600):
        status = run.main(["icebreaker", "--port", name, "dump", str(tmp_path / "x.npz")])
    os.close(master)
    os.close(slave)
    assert refused(capsys, status) == f"error: {name} must be free, not in use by another program"


def test_a_file_is_no_port(tmp_path, capsys):
    (tmp_path / "file").touch()
    name = str(tmp_path / "file")
    status = run.main(["icebreaker", "--port", name, "dump", str(tmp_path / "x.npz")])
    assert refused(capsys, status) == f"error: {name} must be a serial port, not something else"


def test_a_device_of_another_preset_is_refused(tmp_path, monkeypatch, capsys, data, learn):
    plug_in(monkeypatch, "digits")
    assert (
        refused(capsys, learn(tmp_path / "out", "--dataset", data))
        == "error: the device must be built for little, not for digits"
    )
    assert not (tmp_path / "out").exists()


def test_a_model_that_does_not_fit_is_refused(tmp_path, monkeypatch, capsys, data, preset, board):
    plug_in(monkeypatch, preset)
    words = ["--dataset", data, "--preset", preset, "--neurons", "11", "--epochs", "1"]
    assert train.main([*words, "--out", str(tmp_path / "golden")]) == 0
    capsys.readouterr()
    for command in ("load", "classify"):
        images = ["x.png"] * (command == "classify")
        status = board(command, str(tmp_path / "golden/model.npz"), *images)
        expected = "error: n_neurons is fixed in hardware: it must be 12, not 11"
        assert refused(capsys, status) == expected


def test_a_model_with_an_offset_is_refused_where_none_fits(
    tmp_path, monkeypatch, capsys, data, preset, board
):
    device = plug_in(monkeypatch, preset)
    words = ["--dataset", data, "--preset", preset, "--epochs", "1"]
    assert train.main([*words, "--out", str(tmp_path / "golden")]) == 0
    capsys.readouterr()
    path = tmp_path / "golden/model.npz"
    model = model_file.load(path)
    model_file.save(path, model._replace(state=model.state._replace(offset=3)))
    expected = "error: offset must be 0 in a core made without, not 3"
    assert refused(capsys, board("load", str(path))) == expected
    assert not device.requests.core.machine.w.any()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--images", "0"), "--images must be 1 to 800, not 0"),
        (("--images", "801"), "--images must be 1 to 800, not 801"),
        (("--batch", "0"), "--batch must be at least 1, not 0"),
        (("--test", "11"), "--test must be 0 to 10, not 11"),
        (("--seed", "-1"), "seed must be 0 to 4294967295, not -1"),
        (("--set", "dw_shift=3"), "dw_shift is fixed in hardware: it must be 10, not 3"),
        (("--resume",), "--resume must find {}/checkpoint.npz, and there is none"),
    ],
    ids=["no-image", "too-many", "batch", "test", "seed", "hardware", "resume"],
)
def test_impossible_training_is_refused(
    tmp_path, monkeypatch, capsys, data, words, expected, preset, learn
):
    plug_in(monkeypatch, preset)
    out = tmp_path / "out"
    assert refused(capsys, learn(out, "--dataset", data, *words)) == f"error: {expected}".format(
        out
    )
    assert not out.exists()


def test_a_data_set_with_other_classes_is_refused(tmp_path, monkeypatch, capsys, preset, learn):
    plug_in(monkeypatch, preset)
    two = str(idx_folder(tmp_path / "two"))
    expected = "error: n_classes is fixed in hardware: it must be 10, not 2"
    assert refused(capsys, learn(tmp_path / "out", "--dataset", two)) == expected


def test_resuming_another_run_is_refused(tmp_path, monkeypatch, capsys, data, preset, learn):
    plug_in(monkeypatch, preset)
    monkeypatch.setattr(run.training, "examine", _interrupt)
    words = ("--dataset", data, "--images", "20")
    assert learn(tmp_path / "out", *words) == 130
    capsys.readouterr()
    before = contents(tmp_path / "out")
    status = learn(tmp_path / "out", *words, "--seed", "2", "--resume")
    path = tmp_path / "out/checkpoint.npz"
    assert refused(capsys, status) == f"error: seed must be 1 as in {path}, not 2"
    status = learn(tmp_path / "out", *words[:2], "--images", "10", "--resume")
    assert refused(capsys, status) == "error: --images must be at least 20, not 10"
    status = learn(tmp_path / "out", *words)
    assert "must be continued with --resume or removed" in refused(capsys, status)
    assert contents(tmp_path / "out") == before


def _interrupt(*_):
    raise KeyboardInterrupt


def test_images_or_a_data_set_must_be_given(
    tmp_path, monkeypatch, capsys, data, preset, board, learn
):
    plug_in(monkeypatch, preset)
    assert learn(tmp_path / "out", "--dataset", data, "--images", "20") == 0
    capsys.readouterr()
    model = str(tmp_path / "out/model.npz")
    expected = "error: IMAGE or --dataset must be given, not both or neither"
    assert refused(capsys, board("classify", model)) == expected
    status = board("classify", model, "x.png", "--dataset", data)
    assert refused(capsys, status) == expected
