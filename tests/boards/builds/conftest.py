"""Fake tools for builds."""

import pytest

from tests.boards.builds.fake_build import put


@pytest.fixture
def tools(monkeypatch):
    """Put fake tools in place, and return what changes the environment that tells them."""
    put(monkeypatch)
    return monkeypatch
