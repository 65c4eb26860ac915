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
    dataset = load_dataset(str(tmp_path), size=(2, 2), form="as-is")
    assert dataset.train_images.tolist() == [[[v] * 2] * 2 for v in (10, 20, 40)]


@pytest.mark.parametrize(
    ("image", "grey"),
    [
        # ITU-R 601 luma: 0.299 R + 0.587 G + 0.114 B
        pytest.param(Image.new("RGB", (1, 1), (100, 200, 50)), 153, id="colour"),
        pytest.param(Image.new("1", (1, 1), 1), 255, id="one-bit"),
        pytest.param(Image.fromarray(np.array([[0x8001]], np.uint16)), 0x80, id="16-bit"),
    ],
)
def test_image_becomes_8_bit_grey(tmp_path, image, grey):
    image.save(tmp_path / "x.png")
    assert read_image(tmp_path / "x.png").pixels.tolist() == [[grey]]


def inked(mode: str, ink: int) -> Image.Image:
    """Return 3 x 1 pixels: opaque ink, half transparent ink, and what cannot be seen."""
    image = Image.new("LA", (3, 1), (ink, 0))
    image.putpixel((0, 0), (ink, 255))
    image.putpixel((1, 0), (ink, 128))
    if mode == "P":
        image = Image.new("P", (3, 1), 1)
        image.putpalette([ink] * 3 + [255 - ink] * 3)
        image.putpixel((0, 0), 0)
        image.info["transparency"] = 1
        return image
    return image.convert(mode)


@pytest.mark.parametrize("mode", ["LA", "RGBA", "P"])
@pytest.mark.parametrize(
    ("ink", "greys"), [(0, [0, 127, 255]), (255, [255, 128, 0])], ids=["dark", "bright"]
)
def test_what_is_transparent_is_paper_of_the_other_brightness(tmp_path, mode, ink, greys):
    inked(mode, ink).save(tmp_path / "x.png")
    found = read_image(tmp_path / "x.png").pixels.tolist()
    assert found == [[greys[0], greys[2] if mode == "P" else greys[1], greys[2]]]


def test_a_card_with_transparent_corners_is_its_own_paper(tmp_path):
    image = Image.new("LA", (10, 10), (240, 255))
    image.paste((10, 255), (3, 3, 7, 7))
    image.putpixel((0, 0), (0, 0))
    image.save(tmp_path / "x.png")
    pixels = read_image(tmp_path / "x.png").pixels
    assert (pixels[0, 0], pixels[0, 1], pixels[5, 5]) == (240, 240, 10)


def test_nothing_but_transparency_is_white_paper(tmp_path):
    Image.new("RGBA", (2, 2), (0, 0, 0, 0)).save(tmp_path / "x.png")
    assert read_image(tmp_path / "x.png").pixels.tolist() == [[255, 255]] * 2


@pytest.mark.parametrize(
    ("values", "greys", "stretched"),
    [
        (np.array([[0, 1]], np.uint8), [[0, 255]], True),
        (np.array([[0, 1]], np.uint16), [[0, 255]], True),
        (np.array([[0, 200]], np.uint16), [[0, 200]], True),
        (np.array([[0, 256]], np.uint16), [[0, 1]], False),
        (np.array([[1, 1]], np.uint8), [[1, 1]], False),
        (np.array([[0, 2]], np.uint8), [[0, 2]], False),
        (np.array([[0, 0]], np.uint8), [[0, 0]], False),
    ],
)
def test_pixels_of_0_to_1_become_0_to_255(tmp_path, values, greys, stretched):
    Image.fromarray(values).save(tmp_path / "x.png")
    pixels, found = read_image(tmp_path / "x.png")
    assert (pixels.tolist(), found) == (greys, stretched)


def test_a_folder_of_pixels_of_0_to_1_is_stretched_and_says_so(tmp_path, capsys):
    image_folder(tmp_path, a=[7, 8, 9])
    Image.fromarray(np.eye(3, 4, dtype=np.uint8)).save(tmp_path / "a/0.png")
    assert load_dataset(str(tmp_path)).train_images[0].max() == 255
    assert capsys.readouterr().err == (
        f"note: reading {tmp_path}: 1 images, whose pixels span 0 to 1, are taken as 0 to 255\n"
    )


def test_what_systems_leave_in_folders_is_passed_over(tmp_path):
    image_folder(tmp_path, a=[7, 8, 9])
    for name in ("Thumbs.db", "desktop.ini"):
        (tmp_path / "a" / name).write_bytes(b"x")
    for folder in (
        tmp_path / "__MACOSX",
        tmp_path / "a/@eaDir",
        tmp_path / "System Volume Information",
    ):
        folder.mkdir()
    assert load_dataset(str(tmp_path)).class_names == ("a",)


@pytest.mark.filterwarnings("error")
def test_an_image_of_100_megapixels_prints_no_warning(tmp_path):
    Image.new("1", (10_000, 10_000)).save(tmp_path / "x.png")
    assert read_image(tmp_path / "x.png").pixels.shape == (10_000, 10_000)


def test_images_of_a_folder_have_the_form_of_mnist_unless_told_otherwise(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for i in range(3):
            image = Image.new("L", (60, 90), 255)
            image.paste(0, (5, 5, 15, 45))
            image.save(tmp_path / name / f"{i}.png")
    brought = load_dataset(str(tmp_path), size=(28, 28))
    assert brought.form == "mnist"
    assert np.argwhere(brought.train_images[0])[[0, -1]].tolist() == [[4, 12], [23, 16]]
    plain = load_dataset(str(tmp_path), size=(28, 28), form="as-is")
    assert (plain.form, plain.train_images[0, 0, 27]) == ("as-is", 255)


def test_photograph_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x112] = 6
    Image.new("L", (4, 3)).save(tmp_path / "x.png", exif=exif)
    assert read_image(tmp_path / "x.png").pixels.shape == (4, 3)


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
