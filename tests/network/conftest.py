"""The file of a built network, for tests of what comes back from it and what is refused."""

import pytest

from sim.battery.zoo import complete


@pytest.fixture(scope="session")
def content(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "net.npz"
    complete().build().save(path)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path, content):
    (tmp_path / "net.npz").write_bytes(content)
    return tmp_path / "net.npz"
