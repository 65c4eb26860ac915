"""Image files and folders of them: read back, and every refusal."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from golden.datasets import load_dataset
from golden.datasets.images import FORMATS, read_image
from tests.datasets.packed import refused


def image_folder(folder: Path, **classes: list[int]) -> Path:
    """Write 4 x 3 (width x height) grey images of one value each."""
    for name, values in classes.items():
        (folder / name).mkdir(parents=True)
        for i, value in enumerate(values):
            Image.new("L", (4, 3), value).save(folder / name / f"{i}.png")
    return folder


# By hand


def test_third_image_of_undivided_folder_is_held_out(tmp_path):
    dataset = load_dataset(str(image_folder(tmp_path, a=[1, 2, 3], b=[4, 5, 6, 7])))
    assert dataset.train_images[:, 0, 0].tolist() == [1, 2, 4, 5, 7]
    assert dataset.train_labels.tolist() == [0, 0, 1, 1, 1]
    assert dataset.test_images[:, 0, 0].tolist() == [3, 6]
    assert dataset.test_labels.tolist() == [0, 1]
    assert dataset.class_names == ("a", "b")


def test_divided_folder_keeps_its_division_and_passes_over_hidden_files(tmp_path):
    image_folder(tmp_path / "train", a=[1], b=[2, 3])
    image_folder(tmp_path / "test", b=[4])
    (tmp_path / "train" / "a" / ".DS_Store").write_bytes(b"x")
    dataset = load_dataset(str(tmp_path))
    assert dataset.train_images.shape == (3, 3, 4)
    assert dataset.train_labels.tolist() == [0, 1, 1]
    assert dataset.test_images[:, 0, 0].tolist() == [4]
    assert dataset.test_labels.tolist() == [1]


def test_size_makes_images_of_a_folder_equal(tmp_path):
    image_folder(tmp_path, a=[10, 20, 30])
    Image.new("L", (9, 9), 40).save(tmp_path / "a" / "3.png")
    dataset = load_dataset(str(tmp_path), size=(2, 2))
    assert dataset.train_images.tolist() == [[[v] * 2] * 2 for v in (10, 20, 40)]


@pytest.mark.parametrize(
    ("image", "grey"),
    [
        # ITU-R 601 luma: 0.299 R + 0.587 G + 0.114 B
        pytest.param(Image.new("RGB", (1, 1), (100, 200, 50)), 153, id="colour"),
        pytest.param(Image.new("RGBA", (1, 1), (7, 7, 7, 0)), 7, id="transparent"),
        pytest.param(Image.new("1", (1, 1), 1), 255, id="one-bit"),
        pytest.param(Image.fromarray(np.array([[0x8001]], np.uint16)), 0x80, id="16-bit"),
    ],
)
def test_image_becomes_8_bit_grey(tmp_path, image, grey):
    image.save(tmp_path / "x.png")
    assert read_image(tmp_path / "x.png").tolist() == [[grey]]


def test_photograph_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x112] = 6
    Image.new("L", (4, 3)).save(tmp_path / "x.png", exif=exif)
    assert read_image(tmp_path / "x.png").shape == (4, 3)


# Refusals


def make_empty(folder: Path):
    """Leave the folder as it is."""


def make_flat(folder: Path):
    """Put an image where a class should be."""
    Image.new("L", (4, 3)).save(folder / "0.png")


def make_train_only(folder: Path):
    """Leave out ``test``."""
    image_folder(folder / "train", a=[1])


def make_new_class(folder: Path):
    """Put a class into ``test`` that ``train`` has not."""
    image_folder(folder / "train", a=[1])
    image_folder(folder / "test", b=[1])


def make_empty_class(folder: Path):
    """Make one class without images."""
    image_folder(folder, a=[1, 2, 3], b=[])


def make_small_class(folder: Path):
    """Make a class of which none may be held out."""
    image_folder(folder, a=[1, 2, 3], b=[1, 2])


def make_text(folder: Path):
    """Put a text beside the images of a class."""
    image_folder(folder, a=[1, 2, 3])
    (folder / "a" / "x.txt").write_text("hello")


def make_cut_image(folder: Path):
    """Cut an image short."""
    path = image_folder(folder, a=[1, 2, 3]) / "a" / "0.png"
    Image.effect_noise((99, 99), 50).save(path)
    path.write_bytes(path.read_bytes()[:999])


def make_other_size(folder: Path):
    """Add an image of another size."""
    image_folder(folder, a=[1, 2, 3])
    Image.new("L", (3, 4)).save(folder / "a" / "3.png")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (make_empty, "{} must hold a folder of images per class, not nothing"),
        (make_flat, "{} must hold a folder of images per class, not only files"),
        (make_train_only, "{} must hold both train and test, not only train"),
        (make_new_class, "{}/test/b must be one of the classes in train, not a new one"),
        (make_empty_class, "{}/b must hold image files, not nothing"),
        (
            make_small_class,
            "{}/b must hold at least 3 images, so that one can be held out, not 2",
        ),
        (
            make_text,
            f"{{}}/a/x.txt must be an image ({', '.join(FORMATS)}), not another kind of file",
        ),
        (make_cut_image, "{}/a/0.png must be a readable image, not: image file is truncated"),
        (
            make_other_size,
            "{0}/a/3.png must be 3 x 4 pixels as {0}/a/0.png is, not 4 x 3: give a size for all",
        ),
    ],
)
def test_bad_image_folder_is_refused(tmp_path, make, text):
    make(tmp_path)
    with refused(text.format(tmp_path)):
        load_dataset(str(tmp_path))
