"""Model files: nothing is lost, and what is damaged is refused or has no meaning."""

import random
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from golden.training import model_file
from golden.training.model_file import Model, ModelFileError, load, save
from sim.battery.networks import TINY
from tests.shared.by_hand import ints, network

P = replace(TINY, vote_spikes=2, a_plus=(3, 1), a_late=(2,), v_th=-5, reward="error")

MODEL = Model(
    P,
    network(P, (15, -16), (0, 1), (-3, 4), offset=7, lfsr=2**32 - 1, presented=5)._replace(
        theta=ints(0, 255), last=ints(0, 1, 1023)
    ),
    ints(1, 0),
    np.array([[[0, 255], [7, 8]], [[1, 2], [3, 4]]], dtype=np.int64),
    {"dataset": "digits", "seed": 3, "history": [{"theta": 1.5}], "name": "Ä\u2028", "none": None},
)

SEED = 20250101
"""Of the first flips; the id of a failing test is its seed."""


def same(one: Model, other: Model) -> bool:
    return (
        (one.params, one.about) == (other.params, other.about)
        and one.state.sha256() == other.state.sha256()
        and one.classes.tolist() == other.classes.tolist()
        and one.votes.tolist() == other.votes.tolist()
    )


@pytest.fixture
def path(tmp_path) -> Path:
    save(tmp_path / "model.npz", MODEL)
    return tmp_path / "model.npz"


def refused_or_equal(path: Path, data: bytes) -> bool:
    """Load the data; return whether it was refused, and fail if it gives another model."""
    path.write_bytes(data)
    try:
        loaded = load(path)
    except ModelFileError:
        return True
    assert same(loaded, MODEL)
    return False


# By hand


def test_members_and_their_order(path):
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist()]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    members = ["w", "theta", "last", "scalars", "classes", "votes", "meta"]
    assert names == [f"{name}.npy" for name in members]


def test_every_member_is_a_plain_array(path):
    with np.load(path, allow_pickle=False) as archive:
        assert archive["scalars"].tolist() == [7, 2**32 - 1, 5]
        assert archive["w"].tolist() == MODEL.state.w.tolist()
        assert archive["votes"].dtype == np.int64


def test_saving_replaces_the_old_file(path):
    save(path, MODEL._replace(about={"seed": 4}))
    assert load(path).about == {"seed": 4}


def test_loaded_arrays_may_be_changed(path):
    load(path).state.w[0, 0] = 3


# Refusals: damage


@pytest.mark.parametrize("seed", range(SEED, SEED + 4))
def test_flipped_bytes_are_refused_or_mean_nothing(path, seed):
    rng, whole, refused = random.Random(seed), path.read_bytes(), 0
    for _ in range(250):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            data[rng.randrange(len(data))] ^= rng.randint(1, 255)
        refused += refused_or_equal(path, bytes(data))
    assert refused > 200


def test_every_byte_of_the_directory_flipped(path):
    whole, refused = path.read_bytes(), 0
    start = whole.index(b"PK\x01\x02")
    for at in range(start, len(whole)):
        for flip in (1, 0x40, 0xFF):
            data = whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :]
            refused += refused_or_equal(path, data)
    assert refused > len(whole) - start


def test_truncated_file_is_refused(path):
    whole = path.read_bytes()
    for length in sorted({*np.linspace(0, len(whole) - 1, 50, dtype=int).tolist(), 1, 21, 22}):
        assert refused_or_equal(path, whole[:length])


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"\x93NUMPY", b"not a model", b"\0" * 100],
    ids=["empty", "two-bytes", "array", "text", "zeros"],
)
def test_what_is_no_archive_is_refused(tmp_path, content):
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    text = f"{path} must be an intact Goldspike model file: File is not a zip file"
    with pytest.raises(ModelFileError, match=f"^{re.escape(text)}$"):
        load(path)


def test_missing_file_is_the_systems_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz")


# Equality


def test_round_trip_keeps_every_field(path):
    loaded = load(path)
    assert same(loaded, MODEL)
    for mine, theirs in zip(loaded.state, MODEL.state, strict=True):
        assert type(mine) is type(theirs)
        assert np.array_equal(mine, theirs)
    assert loaded.classes.dtype == loaded.votes.dtype == np.int64


def test_file_is_the_same_every_time(path):
    first = path.read_bytes()
    save(path, load(path))
    assert path.read_bytes() == first


def test_module_documents_its_members():
    for name in model_file._shapes(P):
        assert f"``{name}``" in (model_file.__doc__ or "")
