"""Named data sets on disk: where they are found, and what is refused."""

import gzip
import hashlib
import re

import pytest

from golden.datasets import load_dataset, named
from golden.datasets.catalogue import SOURCES
from golden.datasets.idx_folder import FOLDER_FILES
from tests.datasets.packed import CONTENTS, PACKED, emnist, emnist_zip, idx, refused, write

# By hand


@pytest.mark.parametrize("inside", ["", "mnist"], ids=["directly", "in-subfolder"])
@pytest.mark.parametrize("given", ["argument", "environment", "cache"])
def test_named_set_is_found_on_disk(tmp_path, cache, monkeypatch, given, inside):
    folder = cache / "mnist" if given == "cache" else tmp_path / "data" / inside
    write(folder, PACKED)
    if given == "environment":
        monkeypatch.setenv("GOLDSPIKE_DATA", str(tmp_path / "data"))
    dataset = load_dataset("mnist", tmp_path / "data" if given == "argument" else None)
    assert dataset.name == "mnist"
    assert dataset.train_images.tolist() == [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]]
    assert dataset.train_labels.tolist() == [1, 2]
    assert dataset.class_names == tuple("0123456789")


@pytest.mark.parametrize(
    ("name", "folder"),
    [("mnist", "MNIST"), ("kmnist", "KMNIST"), ("fashion-mnist", "FashionMNIST")],
)
@pytest.mark.parametrize("inside", ["", "raw"], ids=["above", "within"])
def test_folders_of_torchvision_are_known(tmp_path, cache, name, folder, inside):
    write(tmp_path / folder / "raw", PACKED)
    given = tmp_path / folder if inside else tmp_path
    assert load_dataset(name, given).train_labels.tolist() == [1, 2]
    if inside:
        assert load_dataset(str(given)).train_labels.tolist() == [1, 2]


def test_argument_comes_before_environment_and_subfolder_before_folder(
    tmp_path, cache, monkeypatch
):
    other = PACKED | {f"{FOLDER_FILES[1]}.gz": idx(2, first=7)}
    write(tmp_path / "environment", other)
    write(tmp_path / "argument" / "mnist", PACKED)
    for name, data in other.items():
        (tmp_path / "argument" / name).write_bytes(data)
    monkeypatch.setenv("GOLDSPIKE_DATA", str(tmp_path / "environment"))
    assert load_dataset("mnist", tmp_path / "argument").train_labels.tolist() == [1, 2]
    assert load_dataset("mnist").train_labels.tolist() == [7, 8]


@pytest.mark.parametrize("form", ["zip", "files"])
def test_emnist_is_turned_upright(tmp_path, cache, form):
    if form == "zip":
        emnist_zip(tmp_path / "data" / "gzip.zip")
    else:
        write(tmp_path / "data", emnist("balanced"))
    dataset = load_dataset("emnist", tmp_path / "data")
    assert dataset.train_images[0].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert dataset.train_labels.tolist() == [1, 2]
    assert "".join(dataset.class_names) == "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"


def test_emnist_letters_count_from_zero(tmp_path, cache):
    emnist_zip(tmp_path / "emnist" / "gzip.zip")
    dataset = load_dataset("emnist-letters", tmp_path)
    assert [dataset.class_names[label] for label in dataset.train_labels] == ["A", "B"]


def test_every_source_names_four_files_and_known_sums():
    for source in SOURCES.values():
        assert len(source.files) == 4
        assert source.mirrors
        assert all(re.fullmatch("[0-9a-f]{64}", sha256) for sha256 in source.sha256.values())
        packed = {f"{name}.gz" for name in source.files}
        assert set(source.sha256) == ({source.archive} if source.archive else packed)


# Refusals


def test_data_dir_that_is_no_folder_is_refused(tmp_path, cache):
    with refused(f"--data-dir must be a folder, not {tmp_path / 'x'}"):
        load_dataset("mnist", tmp_path / "x")


def test_environment_that_names_no_folder_is_refused(tmp_path, cache, monkeypatch):
    monkeypatch.setenv("GOLDSPIKE_DATA", str(tmp_path / "x"))
    with refused(f"$GOLDSPIKE_DATA must be a folder, not {tmp_path / 'x'}"):
        load_dataset("mnist")


def test_incomplete_data_dir_is_refused(tmp_path, cache):
    name = FOLDER_FILES[3]
    write(tmp_path / "data", PACKED)
    (tmp_path / "data" / f"{name}.gz").unlink()
    text = f"{tmp_path / 'data'} must hold {name} or {name}.gz, not only {FOLDER_FILES[0]}"
    with refused(text):
        load_dataset("mnist", tmp_path / "data")


def test_files_of_another_set_are_refused(tmp_path, cache, monkeypatch):
    write(tmp_path / "data", PACKED)
    md5 = hashlib.md5(gzip.decompress(CONTENTS[3])).hexdigest()
    monkeypatch.setitem(named.TEST_LABELS_MD5, md5, "mnist")
    assert load_dataset("mnist", tmp_path / "data").name == "mnist"
    with refused(f"{tmp_path / 'data'} must hold kmnist, not mnist"):
        load_dataset("kmnist", tmp_path / "data")


def test_damaged_archive_is_refused(tmp_path, cache):
    data = emnist_zip(tmp_path / "gzip.zip")
    (tmp_path / "gzip.zip").write_bytes(data[:-30])
    with refused(f"{tmp_path / 'gzip.zip'} must be a whole zip file, not: File is not a zip file"):
        load_dataset("emnist", tmp_path)


def test_archive_without_the_split_is_refused(tmp_path, cache):
    emnist_zip(tmp_path / "gzip.zip")
    wanted = "gzip/emnist-digits-train-images-idx3-ubyte.gz"
    with refused(f"{tmp_path / 'gzip.zip'} must hold {wanted}, not other files"):
        load_dataset("emnist-digits", tmp_path)
