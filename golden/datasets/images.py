"""Image files as 8-bit grey arrays."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from golden.datasets.dataset import DataError
from golden.datasets.resize import resize

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "PPM", "WEBP")
"""What Pillow may try: no format that starts another program or holds pixels of 32 bits."""


def read_image(
    path: Path, size: tuple[int, int] | None = None, invert: bool = False
) -> NDArray[np.uint8]:
    """Read one image file as grey values.

    Colour becomes luma, 16 bits become their high byte, transparency is ignored, of an animation
    the first picture is taken, and a photograph is turned as its camera says.

    Parameters
    ----------
    path : Path
        PNG, JPEG, BMP, GIF, PPM or WebP file.
    size : (height, width) or None
        Give it this size by averaging areas; None = as it is.
    invert : bool
        Turn black into white, and white into black.

    Returns
    -------
    (height, width) uint8
        0 = black.

    Raises
    ------
    DataError
        If the file cannot be read as an image.
    """
    image = _grey(path)
    image = image if size is None else resize(image[None], size)[0]
    return 255 - image if invert else image


def _grey(path: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(path, formats=FORMATS) as image:
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I"):
                # Pillow's own conversion clips 16-bit values at 255 instead of scaling them.
                return (np.asarray(upright) >> 8).astype(np.uint8)
            return np.array(upright.convert("L"))
    except UnidentifiedImageError as error:
        raise DataError(
            f"{path} must be an image ({', '.join(FORMATS)}), not another kind of file"
        ) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} must be a readable image, not: {error}") from error
