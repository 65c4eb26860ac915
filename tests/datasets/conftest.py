"""A cache of data sets that is empty."""

import pytest


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Return the folder of the cache; nothing else says where data lie."""
    monkeypatch.delenv("GOLDSPIKE_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache" / "goldspike"
