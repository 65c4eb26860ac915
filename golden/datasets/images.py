"""Image files as 8-bit grey arrays."""

import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from golden.datasets.dataset import DataError

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "PPM", "WEBP")
"""What Pillow may try: no format that starts another program or holds pixels of 32 bits."""
PICTURE = 128
"""What is opaque and spans so many grey values is a picture with a paper of its own."""
WHITE, BLACK = 255, 0


class Grey(NamedTuple):
    """An image."""

    pixels: NDArray[np.uint8]
    """(height, width), 0 = black."""
    stretched: bool
    """The file's pixels are 0 and 1 where others have 0 and 255, or 8 bits in words of 16."""


def read_image(path: Path) -> Grey:
    """Read one image file as grey values.

    Colour becomes luma, 16 bits become their high byte, of an animation the first picture is taken,
    and a photograph is turned as its camera says. Values of 0 and 1 alone become 0 and 255, and 16
    bits of which the upper 8 are never used become the lower ones.

    What is transparent becomes paper: white under dark ink and black under bright. Where the opaque
    part is a picture by itself, dark and bright, its median is the paper.

    Parameters
    ----------
    path : Path
        PNG, JPEG, BMP, GIF, PPM or WebP file.

    Raises
    ------
    DataError
        If the file cannot be read as an image.
    """
    try:
        with warnings.catch_warnings():
            # Pillow doubts images from 89 megapixels on, and refuses twice as many: that will do.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                return _stretched(_values(ImageOps.exif_transpose(image)))
    except UnidentifiedImageError as error:
        raise DataError(
            f"{path} must be an image ({', '.join(FORMATS)}), not another kind of file"
        ) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{path} must be a readable image, not: {reason}") from error


def stretch_of(pixels: NDArray) -> int:
    """Return what pixels of 0 and 1 must be multiplied by: 255, or 1 if they are none."""
    return 255 if pixels.size and (pixels.min(), pixels.max()) == (0, 1) else 1


def _values(image: Image.Image) -> NDArray:
    """Return grey values of 8 bits, or of 16 if the file has them."""
    if image.mode.startswith("I"):
        # Pillow's own conversion clips 16-bit values at 255 instead of scaling them.
        return np.asarray(image)
    if not image.has_transparency_data:
        return np.array(image.convert("L"))
    image = image.convert("RGBA")
    drawn, opacity = image.convert("L"), image.getchannel("A")
    paper = Image.new("L", image.size, _paper(np.asarray(drawn), np.asarray(opacity)))
    paper.paste(drawn, mask=opacity)
    return np.array(paper)


def _paper(drawn: NDArray[np.uint8], opacity: NDArray[np.uint8]) -> int:
    opaque = drawn[opacity >= 128]
    if not opaque.size:
        return WHITE
    dark, bright = (int(np.percentile(opaque, q, method="lower")) for q in (2, 98))
    if bright - dark >= PICTURE:
        return int(np.percentile(opaque, 50, method="lower"))
    return WHITE if dark + bright < 256 else BLACK


def _stretched(values: NDArray) -> Grey:
    stretch = stretch_of(values)
    if values.dtype == np.uint8:
        return Grey(values * np.uint8(stretch), stretch > 1)
    if values.size and values.max() > 255:
        return Grey((values >> 8).astype(np.uint8), False)
    return Grey((values * stretch).astype(np.uint8), bool(values.any()))
