"""Checkpoints: one form for all commands, each of which takes its own and no others."""

import re

import pytest

from golden.datasets import load_dataset
from golden.training import model_file
from golden.training.checkpoint import Checkpoint, CheckpointFile, ResumeError
from golden.training.course import Course
from golden.training.recipe import recipe


@pytest.fixture(scope="module")
def course():
    return Course(recipe("tiny", "stdp"), load_dataset("digits", size=(8, 8)), 1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "checkpoint.npz"


def some(course, **changes):
    return Checkpoint(course.initial(), 7, 0.5, {"wins": [1, 2]})._replace(**changes)


# By hand


def test_what_was_saved_is_loaded(course, path):
    file = CheckpointFile("golden.train", course, {"board": "hx8k"})
    file.save(path, some(course))
    state, *others = file.load(path)
    assert state.sha256() == course.initial().sha256()
    assert others == [7, 0.5, {"wins": [1, 2]}]


def test_checkpoint_is_a_model_file_without_votes(course, path):
    CheckpointFile("sim.epoch", course).save(path, some(course))
    model = model_file.load(path)
    assert not model.votes.any()
    assert model.params == course.recipe.params
    assert (model.about["by"], model.about["run"]["seed"]) == ("sim.epoch", 1)


def test_a_run_goes_on_with_a_core_that_learns_alike(course, path):
    def on_core(bits):
        return Course(recipe("tiny", "stdp", step_bits=bits), course.dataset, 1)

    CheckpointFile("golden.train", on_core(10)).save(path, some(course))
    assert CheckpointFile("golden.train", on_core(6)).load(path).images == 7


# Refusals


def test_model_and_what_another_command_wrote_are_refused(course, path):
    ours, theirs = CheckpointFile("golden.train", course), CheckpointFile("boards.run", course)
    text = f"^{re.escape(str(path))} must be a checkpoint of golden.train, not something else$"
    theirs.save(path, some(course))
    with pytest.raises(ResumeError, match=text):
        ours.load(path)
    model = model_file.load(path)
    model_file.save(path, model._replace(about=course.about))
    with pytest.raises(ResumeError, match=text):
        ours.load(path)


def test_what_else_identifies_a_run_is_compared_too(course, path):
    CheckpointFile("boards.run", course, {"board": "hx8k"}).save(path, some(course))
    text = f"^board must be 'hx8k' as in {re.escape(str(path))}, not 'icebreaker'; .*: build$"
    with pytest.raises(ResumeError, match=text):
        CheckpointFile("boards.run", course, {"board": "icebreaker", "build": "x"}).load(path)


@pytest.mark.parametrize(
    "changes",
    [{"images": -1}, {"images": 10**9}, {"images": 0}, {"seconds": 0.0}, {"seconds": 1}],
    ids=str,
)
def test_impossible_progress_is_refused(course, path, changes):
    file = CheckpointFile("golden.train", course)
    file.save(path, some(course, **changes))
    with pytest.raises(ResumeError, match="must say how far its run has come, not something else$"):
        file.load(path)
