"""The built top level in simulation, behind the same driver and the same commands as a board."""

import json
import random
import re
import signal
import time
from dataclasses import replace

import numpy as np
import pytest

from boards import run
from boards.host.dense import DenseDriver
from boards.host.simulated import SimPort, compiled
from boards.parts.board import board
from boards.parts.dense import core_params
from boards.sessions.session import SIM
from golden import train
from golden.datasets import load_dataset
from golden.dense import core
from golden.dense.engine import Learner
from golden.training import responses
from golden.training.course import Course
from golden.training.recipe import PRESETS, recipe
from hdl.link.dense.top import DenseTop
from sim.targets import library
from tests.boards.bad_line import spoiled
from tests.boards.data import little, ten_classes
from tests.shared.commands import finish, python, state_of

BOARD = board("icebreaker")
SMALL = board("tangnano9k")
FEWER = """
[presets.fewer]
theta_shift = 0
v_width = 14
theta_width = 13
n_neurons = 16
weight_bits = 4
n_lanes = 4
stdp = "stdp"
rstdp = "rstdp"
"""
"""The smallest board's core with all its pixels and formats, and fewer neurons in fewer lanes."""


class BadSim(SimPort):
    """A simulated device at the end of a line that treats bytes badly."""

    def __init__(self, *args):
        super().__init__(*args)
        self.random, self.wrong = random.Random(3), 0.0

    def write(self, data):
        super().write(bytes(spoiled(self.random, self.wrong, data)))

    def read(self, timeout):
        return bytes(spoiled(self.random, self.wrong, super().read(timeout)))


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    return little(tmp_path_factory.mktemp("preset"))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return str(ten_classes(tmp_path_factory.mktemp("data") / "ten"))


def words(preset, *more):
    return ["icebreaker", "--port", SIM, "--preset", preset, *more]


# A small core


@pytest.mark.parametrize(("rule", "epochs"), [("stdp", 3), ("rstdp", 7)])
def test_a_simulated_board_ends_where_golden_ends(tmp_path, preset, data, rule, epochs, capsys):
    learning = ["--dataset", data, "--rule", rule, "--epochs", str(epochs)]
    golden, ours = tmp_path / "golden", tmp_path / "sim"
    assert train.main([*learning, "--preset", preset, "--out", str(golden)]) == 0
    more = ["--batch", "50", "--verify", "--out", str(ours)]
    assert run.main(words(preset, "train", *learning, *more)) == 0
    # 16 pixels, two frames and a presentation of some hundred cycles, at 4 cycles a bit.
    (cycles,) = re.findall(r"^(\d+) cycles an image with the line$", capsys.readouterr().out, re.M)
    assert 500 < int(cycles) < 5000
    assert state_of(ours) == state_of(golden)
    figures = [json.loads((folder / "metrics.json").read_text()) for folder in (ours, golden)]
    assert figures[0]["test_accuracy"] == figures[1]["test_accuracy"]
    assert figures[0]["test_cycles_per_image"] == figures[1]["cycles_per_image"]


def test_a_bad_line_to_the_gates_changes_nothing(preset):
    built = core_params(preset, "both")
    pixels = np.random.default_rng(1).integers(0, 256, (60, 16)).astype(np.uint8)
    labels = np.arange(60) % 10
    state, classes = core.initial(built, 1), np.arange(12) % 10
    learner = Learner(built, state, classes)
    learner.learn(pixels, labels)
    port = BadSim(BOARD, compiled(DenseTop(built, "little", BOARD.divisor)))
    with DenseDriver(port, built, "little") as device:
        port.wrong = 0.002
        device.load(built, state, classes)
        device.learn(pixels, labels)
        assert device.state().sha256() == learner.state.sha256()
        assert device.link.recoveries > 5
        assert device.counters()["bad_frames"] > 0


def test_a_killed_run_goes_on_to_the_same_end(tmp_path, preset, data):
    learning = ["train", "--dataset", data, "--epochs", "9", "--batch", "10", "--test", "0"]
    whole, parts = (words(preset, *learning, "--out", str(tmp_path / n)) for n in ("a", "b"))
    assert run.main(whole) == 0
    checkpoint = tmp_path / "b/checkpoint.npz"
    with python("-m", "boards.run", *parts) as process:
        begun = _written(process, checkpoint, 0)
        _written(process, checkpoint, _written(process, checkpoint, begun))
        process.send_signal(signal.SIGKILL)
        assert finish(process)[0] == -signal.SIGKILL
    assert not (tmp_path / "b/metrics.json").exists()
    assert run.main([*parts, "--resume"]) == 0
    assert state_of(tmp_path / "b") == state_of(tmp_path / "a")


def _written(process, path, after):
    """Wait until a process has written a file anew; return when that was."""
    while process.poll() is None:
        if path.exists() and (found := path.stat().st_mtime_ns) != after:
            return found
        time.sleep(0.01)
    raise AssertionError(finish(process))


# The core of a board


def test_a_core_for_whole_images_loads_classifies_and_learns(tmp_path):
    """As the smallest board's: the compiler takes its time for each lane, the line for each w."""
    path = tmp_path / "fewer.toml"
    path.write_text(PRESETS.read_text() + FEWER)
    line = replace(SMALL, baud=6_000_000, preset=f"{path}#fewer")
    built = line.params()
    made = recipe(line.preset, "stdp")
    course = Course(made, load_dataset("digits", size=(28, 28)), 1)
    batch, state = course.batch(0, 10), course.initial()
    learner = Learner(batch.params, state, course.classes)
    rng = np.random.default_rng(1)
    votes = rng.integers(0, 256, (2, built.n_neurons, built.n_classes))
    # -O3 would compile for longer than it saves: a test has two minutes, on a busy machine too.
    top = compiled(DenseTop(built, "fewer", line.divisor), library.QUICK)
    with DenseDriver(SimPort(line, top), built, "fewer") as device:
        device.load(batch.params, state, course.classes, votes)
        answers = device.classify(batch.images[:3])
        device.learn(batch.images, batch.labels)
        found = device.state()
    record = responses.record(batch.params, state, batch.images[:3])
    expected = responses.answers(batch.params, votes, record.spikes)
    assert [answer.label for answer in answers] == expected.tolist()
    assert [answer.cycles for answer in answers] == record.cycles.tolist()
    learner.learn(batch.images, batch.labels)
    assert found.sha256() == learner.state.sha256() != state.sha256()
