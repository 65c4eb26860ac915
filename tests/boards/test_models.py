"""Models that were made before a board's core had all of its parameters."""

from dataclasses import replace

import numpy as np
import pytest

from boards.parts.board import board
from boards.sessions.models import fitting
from boards.sessions.session import ChosenDevice
from golden.command.console import InputError
from golden.dense import core, registers
from golden.training import model_file
from golden.training.model_file import Model
from golden.training.recipe import recipe

BUILT = registers.envelope(p for _, p in recipe("icebreaker", "stdp").schedule(60_000))


def read(tmp_path, **changes):
    """Return parameters of an empty model of the iCEBreaker's preset, as its core runs them."""
    p = replace(recipe("icebreaker", "stdp").params, **changes)
    classes = np.zeros(p.n_neurons, dtype=np.int64)
    votes = np.zeros((p.vote_spikes, p.n_neurons, p.n_classes), dtype=np.int64)
    path = tmp_path / "model.npz"
    model_file.save(path, Model(p, core.initial(p, 1), classes, votes, {}))
    here = ChosenDevice(board("icebreaker"), "sim", "icebreaker", BUILT)
    return fitting(path, here).params


def test_a_model_of_wider_steps_and_a_faster_field_is_run(tmp_path):
    p = recipe("icebreaker", "stdp").params
    with pytest.raises(ValueError, match=r"^step_bits is fixed in hardware"):
        registers.check(BUILT, replace(p, step_bits=10))
    assert read(tmp_path, step_bits=10, rf_in_turns=False) == p


def test_a_model_of_more_steps_than_the_core_counts_is_not(tmp_path):
    with pytest.raises(
        InputError, match=r"^n_steps must be 1 to 63, not 64: step_bits=7 makes room for it$"
    ):
        read(tmp_path, step_bits=10, n_steps=64)


def test_a_model_of_another_size_is_not(tmp_path):
    with pytest.raises(InputError, match=r"^n_lanes is fixed in hardware: it must be 16, not 8$"):
        read(tmp_path, step_bits=10, n_lanes=8)
