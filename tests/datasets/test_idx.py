"""IDX files and folders of them: read back, and every refusal."""

import gzip
import math
import tracemalloc
import zlib
from pathlib import Path

import pytest

from golden.datasets import DataError, load_dataset
from golden.datasets.idx import read_idx
from tests.datasets.packed import refused

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def idx(*shape: int, data: bytes | None = None) -> bytes:
    """Return an IDX file; by default its bytes are 0, 1, 2, ..."""
    words = (0x800 + len(shape), *shape)
    if data is None:
        data = bytes(i % 256 for i in range(math.prod(shape)))
    return b"".join(word.to_bytes(4, "big") for word in words) + data


def idx_folder(folder: Path) -> Path:
    """Write three training images and one test image of 2 x 4 pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = (idx(3, 2, 4), idx(3), idx(1, 2, 4), idx(1, data=b"\x01"))
    for name, content in zip(FILES, contents, strict=True):
        (folder / name).write_bytes(content)
    return folder


def refusal_peak(path: Path) -> int:
    """Return the bytes allocated at most while a file is refused."""
    tracemalloc.start()
    try:
        with pytest.raises(DataError):
            read_idx(path, 3)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# By hand


@pytest.mark.parametrize("suffix", ["", ".gz"], ids=["without-gz", "with-gz"])
def test_names_with_a_dot_are_known(tmp_path, suffix):
    plain = load_dataset(str(idx_folder(tmp_path / "plain")))
    idx_folder(tmp_path / "dotted")
    for name in FILES:
        path = tmp_path / "dotted" / name
        path.rename(path.with_name(name.replace("-idx", ".idx") + suffix))
    assert (load_dataset(str(tmp_path / "dotted")).train_images == plain.train_images).all()


def test_pixels_of_0_to_1_become_0_to_255_and_it_is_said(tmp_path, capsys):
    idx_folder(tmp_path)
    (tmp_path / FILES[0]).write_bytes(idx(3, 2, 4, data=b"\0\1" * 12))
    (tmp_path / FILES[2]).write_bytes(idx(1, 2, 4, data=b"\1\0" * 4))
    dataset = load_dataset(str(tmp_path))
    assert dataset.train_images[0].tolist() == [[0, 255, 0, 255]] * 2
    assert dataset.test_images[0].tolist() == [[255, 0, 255, 0]] * 2
    err = capsys.readouterr().err
    assert err == f"note: {tmp_path}: pixels of 0 and 1 are taken as 0 and 255\n"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("suffix", ["", ".gz"], ids=["without-gz", "with-gz"])
def test_idx_folder_is_read_whatever_its_names_say(tmp_path, pack, suffix):
    idx_folder(tmp_path)
    for name in FILES:
        packed = pack((tmp_path / name).read_bytes())
        (tmp_path / name).rename(tmp_path / f"{name}{suffix}").write_bytes(packed)
    dataset = load_dataset(str(tmp_path))
    assert dataset.name == str(tmp_path)
    assert dataset.train_images[1].tolist() == [[8, 9, 10, 11], [12, 13, 14, 15]]
    assert dataset.train_labels.tolist() == [0, 1, 2]
    assert dataset.test_images.tolist() == [[[0, 1, 2, 3], [4, 5, 6, 7]]]
    assert dataset.test_labels.tolist() == [1]
    assert dataset.class_names == ("0", "1", "2")


def test_loaded_arrays_may_be_written(tmp_path):
    load_dataset(str(idx_folder(tmp_path))).train_images[0, 0, 0] = 1


# Refusals


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(
            idx(3, 2, 4)[:-1], "hold 3 images of 2 x 4 (40 bytes), not 39 bytes", id="truncated"
        ),
        pytest.param(
            idx(3, 2, 4) + b"x", "hold 3 images of 2 x 4 (40 bytes), not more", id="trailing"
        ),
        pytest.param(
            idx(9), "start with 0x00000803 (images), not 0x00000801", id="labels-for-images"
        ),
        pytest.param(b"<html>", "start with 0x00000803 (images), not 0x3c68746d", id="wrong-magic"),
        pytest.param(idx(3, 2, 4)[:15], "have a header of 16 bytes, not 15 bytes", id="header-cut"),
        pytest.param(b"", "have a header of 16 bytes, not 0 bytes", id="empty"),
        pytest.param(
            idx(0, 28, 28), "hold 1 to 1073741824 pixels or labels, not 0", id="no-images"
        ),
        pytest.param(
            idx(2**31, 2**31, 2**31, data=b""),
            f"hold 1 to 1073741824 pixels or labels, not {2**93}",
            id="hostile-header",
        ),
    ],
)
def test_bad_idx_file_is_refused(tmp_path, pack, content, text):
    path = tmp_path / "x"
    path.write_bytes(pack(content))
    with refused(f"{path} must {text}"):
        read_idx(path, 3)


def test_folder_in_place_of_idx_file_is_refused(tmp_path):
    with refused(f"{tmp_path} must be readable, not: Is a directory"):
        read_idx(tmp_path, 3)


def test_label_file_errors_speak_of_labels(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(idx(5)[:-2])
    with refused(f"{path} must hold 5 labels (13 bytes), not 11 bytes"):
        read_idx(path, 1)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        pytest.param(
            lambda packed: packed[:-9],
            "Compressed file ended before the end-of-stream marker was reached",
            id="cut",
        ),
        pytest.param(
            lambda packed: packed[:-8] + bytes(4) + packed[-4:],
            f"CRC check failed 0x0 != {hex(zlib.crc32(idx(3, 2, 4)))}",
            id="wrong-crc",
        ),
        pytest.param(
            lambda packed: packed[:10] + b"\xff" + packed[11:],
            "Error -3 while decompressing data: invalid block type",
            id="wrong-block",
        ),
    ],
)
def test_damaged_gzip_is_refused(tmp_path, damage, reason):
    path = tmp_path / "x.gz"
    path.write_bytes(damage(gzip.compress(idx(3, 2, 4))))
    with refused(f"{path} must be a whole gzip file, not a damaged one: {reason}"):
        read_idx(path, 3)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_memory_follows_the_data_and_not_the_header(tmp_path, pack):
    path = tmp_path / "x"
    path.write_bytes(pack(idx(1, 2**15, 2**15, data=b"short")))
    assert refusal_peak(path) < 1 << 23


def test_gzip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(idx(1, 2, 2, data=bytes(1 << 25))))
    assert refusal_peak(path) < 1 << 23


@pytest.mark.parametrize("missing", FILES)
def test_missing_idx_file_is_named(tmp_path, missing):
    (idx_folder(tmp_path) / missing).unlink()
    first = next(name for name in FILES if name != missing)
    with refused(f"{tmp_path} must hold {missing} or {missing}.gz, not only {first}"):
        load_dataset(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        pytest.param(
            FILES[1], idx(2), "train_labels of {} must be 3, one per image, not 2", id="train-count"
        ),
        pytest.param(
            FILES[3], idx(2), "test_labels of {} must be 1, one per image, not 2", id="test-count"
        ),
        pytest.param(
            FILES[2],
            idx(1, 4, 2),
            "test_images of {} must be 2 x 4 pixels, as train_images are, not 4 x 2",
            id="test-size",
        ),
    ],
)
def test_idx_files_that_disagree_are_refused(tmp_path, name, content, text):
    (idx_folder(tmp_path) / name).write_bytes(content)
    with refused(text.format(tmp_path)):
        load_dataset(str(tmp_path))
