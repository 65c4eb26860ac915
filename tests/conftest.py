"""How examples are drawn; and a run of golden.train that was stopped half-way, to be resumed."""

import shutil
import signal

import pytest
from hypothesis import settings

from golden import train
from golden.training.trainer import Trainer
from tests.shared.commands import QUICK, heeding, signalling

# The same examples everywhere, and none that fails because a machine is busy.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="module")
def interrupted_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("interrupted")
    with pytest.MonkeyPatch.context() as patch, heeding(signal.SIGINT):
        patch.setattr(Trainer, "advance", signalling(signal.SIGINT, after=2))
        assert train.main([*QUICK, "--out", str(folder)]) == 130
    return folder


@pytest.fixture
def interrupted(interrupted_once, tmp_path):
    """Return the folder of a run that was stopped half-way."""
    return shutil.copytree(interrupted_once, tmp_path / "run")
