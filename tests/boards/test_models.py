"""Models that were made before a board's core had all of its parameters."""

from dataclasses import replace

import numpy as np
import pytest

from boards.sessions.models import as_made
from golden.dense import core, registers
from golden.training.model_file import Model
from golden.training.recipe import recipe

BUILT = registers.envelope(p for _, p in recipe("icebreaker", "stdp").schedule(60_000))


def model_of(**changes) -> Model:
    """Return an empty model of the iCEBreaker's preset, but for what is changed."""
    p = replace(recipe("icebreaker", "stdp").params, **changes)
    classes = np.zeros(p.n_neurons, dtype=np.int64)
    votes = np.zeros((p.vote_spikes, p.n_neurons, p.n_classes), dtype=np.int64)
    return Model(p, core.initial(p, 1), classes, votes, {})


def test_a_model_of_wider_steps_and_a_faster_field_is_run():
    older = model_of(step_bits=10, rf_in_turns=False)
    with pytest.raises(ValueError, match=r"^step_bits is fixed in hardware"):
        registers.check(BUILT, older.params)
    registers.check(BUILT, as_made(older, BUILT).params)


def test_a_model_of_more_steps_than_the_core_counts_is_not():
    with pytest.raises(ValueError, match=r"^n_steps must be 1 to 63, not 64$"):
        as_made(model_of(step_bits=10, n_steps=64), BUILT)
