"""How long the core waits for an image; `test_timing_session.py` has the cycles of filling."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from golden.dense import core
from golden.dense.interface import Start
from golden.dense.timing import Machine, Session, eager
from golden.dense.timing.filling import wait
from tests.dense.test_timing import LEARNING
from tests.dense.test_timing_session import REGISTERS


@pytest.mark.parametrize("gain", [0, 1], ids=["at-once", "dry-run"])
@pytest.mark.parametrize("empty", [False, True], ids=["seen", "nothing-seen"])
def test_a_presentation_that_is_short_waits_for_the_next_image(gain, empty):
    field = {"receptive_field": "oriented", "rf_in_turns": True, "rf_shift": 0}
    p = replace(LEARNING, height=6, width=6, activity_gain=gain, **field)
    random = np.random.default_rng(1)
    images = np.zeros((3, 36), dtype=np.int64) if empty else random.integers(0, 256, (3, 36))
    session = Session(p, REGISTERS, Machine.loaded(p, p, core.initial(p, 1)))
    session.run(eager(3000, images.ravel(), [Start(True, 0)] * 3))
    waits = [
        wait(p, image, end - start)
        for image, (start, end) in zip(images[:2], session.starts[:2], strict=True)
    ]
    assert [later[0] - this[1] - 1 for this, later in pairwise(session.starts)] == waits
    assert min(waits) > 0
