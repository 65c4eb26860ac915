"""Files that tests of golden.simulate share."""

import pytest

from tests.simulate.networks import SMALL


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small_net.py"
    path.write_text(SMALL)
    return path
