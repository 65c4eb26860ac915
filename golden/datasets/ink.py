"""What is ink in an image, and what the paper that it stands on.

Ink may be dark on bright paper or bright on black; nobody has to say which. Everything is integers,
and scipy.ndimage's operators on integers compare and count and never round, so an image gives the
same bits on every machine.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

# scipy's annotations allow for results that it gives only with other arguments.
OPERATORS: Any = ndimage
LONGEST = 480
"""Images are averaged by a whole factor until no side is longer: on a photograph of a page there
are still dozens of pixels for a digit, and the grain is gone."""
COARSE = 48
"""Most pixels a side of the image of which the brightness of the paper is read."""
FAINTEST = 16
"""Ink differs from its paper by so much of 255."""
NOISE = 8
"""And by so many times the paper's typical deviation."""
SPECK = 50
"""A patch of ink so many times smaller than the largest is dirt."""
GRAIN = 10
"""Where even the largest patch is so many times smaller than all ink, all is dirt."""
EDGE = 64
"""Ink, of 255, of which patches are made; a pixel beside a patch belongs to it, too."""

Image = NDArray[np.int64]
Mask = NDArray[np.bool_]


def find_ink(grey: NDArray[np.uint8], bright: bool = False) -> NDArray[np.uint8]:
    """Return how much ink every pixel bears, and nothing of the paper around it.

    ::

        strength = how far a pixel is from the paper under it      (`_strength`)
        full     = the 90th percentile of what is at least half the largest strength
        noise    = the median of what is at most a quarter of full
        floor    = min(3 * noise, full // 4)
        ink      = (strength - floor) * 255 // (full - floor), within 0 to 255

    On paper without any noise, full is the largest strength.

    Parameters
    ----------
    grey : (height, width) uint8
        An image, whose light may fall from one side.
    bright : bool
        Ink is known to be brighter than the paper; else it is seen.

    Returns
    -------
    (rows, columns) uint8
        0 = paper, 255 = full ink, cut to the ink; (0, 0) if nothing is drawn.
    """
    strength = _strength(_averaged(grey), bright)
    largest = int(strength.max())
    strong = strength[strength >= -(-largest // 2)]
    full = int(np.percentile(strong, 90, method="lower"))
    rest = strength[strength <= full // 4]
    noise = int(np.median(rest)) if rest.size else 0
    if full < max(FAINTEST, NOISE * noise):
        return np.zeros((0, 0), np.uint8)
    full = full if noise else largest
    floor = min(3 * noise, full // 4)
    ink = np.clip((strength - floor) * 255 // (full - floor), 0, 255).astype(np.uint8)
    return ink[_drawn(ink)]


def _averaged(grey: NDArray[np.uint8]) -> Image:
    """Return the means of squares of pixels, the smallest that leave no side over `LONGEST`."""
    by = -(-max(grey.shape) // LONGEST)
    rows, columns = (max(1, side // by) for side in grey.shape)
    height, width = (min(by, side) for side in grey.shape)
    whole = grey[: rows * height, : columns * width].reshape(rows, height, columns, width)
    return whole.sum(axis=(1, 3), dtype=np.int64) // (height * width)


def _strength(image: Image, bright: bool) -> Image:
    """Return how far every pixel is from its paper, on the side of the ink; never negative.

    If the rim of the image is of one brightness, that is the paper's. If it is of several, and yet
    all paper, so is the paper under the ink: it is what a closing or an opening leaves, by a square
    too large for any stroke, and dark ink counts as a share of the light that falls on it. Else the
    image is cut to the ink: two levels of brightness are told apart, and the paper is the one that
    has more of the rim.
    """
    away = image - int(np.median(_rim(image)))
    if _is_paper(_rim(away), int(np.abs(away).max()) // 8):
        return np.maximum(-away if _dark(away) and not bright else away, 0)
    away = image - _paper(image)
    contrast = int(np.abs(away).max())
    if not _is_paper(_rim(away), contrast // 3):
        return _cut_strength(image, bright)
    if _dark(away) and not bright:
        paper = OPERATORS.grey_closing(image, _window(-away > contrast // 2))
        return (paper - image) * 255 // np.maximum(paper, 1)
    return OPERATORS.white_tophat(image, _window(away > contrast // 2))


def _is_paper(rim: Image, most: int) -> bool:
    """Tell whether all but a sixteenth of a rim deviate by at most so much."""
    return 16 * int(np.count_nonzero(np.abs(rim) > most)) <= rim.size


def _dark(away: Image) -> bool:
    """Tell whether what deviates most from the paper is darker, on the whole."""
    size = np.abs(away)
    return int(away[size > size.max() // 2].sum()) < 0


def _paper(image: Image) -> Image:
    """Return the brightness around every pixel: the median of a large square, in coarse pixels."""
    by = -(-max(image.shape) // COARSE)
    first = tuple(min(by, side) // 2 for side in image.shape)
    coarse = image[first[0] :: by, first[1] :: by]
    paper = OPERATORS.median_filter(coarse, max(coarse.shape) // 2 | 1, mode="nearest")
    sizes = zip(image.shape, paper.shape, strict=True)
    rows, columns = (np.minimum(np.arange(fine) // by, few - 1) for fine, few in sizes)
    return paper[np.ix_(rows, columns)]


def _window(drawn: Mask) -> int:
    """Return the side of a square that is twice too large for any stroke."""
    depth = OPERATORS.distance_transform_cdt(np.pad(drawn, 1), "chessboard")
    return 4 * int(np.max(depth)) + 1


def _rim(image: NDArray) -> NDArray:
    return np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])


def _cut_strength(image: Image, bright: bool) -> Image:
    """Return `_strength` on paper of one brightness: the median of what lies on its side.

    Light that fades without any edge is no ink.
    """
    dark = image <= _otsu(image)
    near = max(3, max(image.shape) // 16)
    steepest = OPERATORS.maximum_filter(image, near) - OPERATORS.minimum_filter(image, near)
    if 4 * steepest.max() < np.median(image[~dark]) - np.median(image[dark]):
        return np.zeros_like(image)
    if 2 * np.count_nonzero(_rim(dark)) < _rim(dark).size and not bright:
        return np.maximum(int(np.median(image[~dark])) - image, 0)
    return np.maximum(image - int(np.median(image[dark])), 0)


def _otsu(image: Image) -> int:
    """Return the brightness that best ends the dark pixels (Otsu, 1979), in exact integers."""
    counts = np.bincount(image.ravel(), minlength=256)
    n, total = int(counts.sum()), int((counts * np.arange(256)).sum())
    below, sums = np.cumsum(counts).tolist(), np.cumsum(counts * np.arange(256)).tolist()
    between = [
        (s * n - total * b) ** 2 // (b * (n - b)) if 0 < b < n else -1
        for b, s in zip(below, sums, strict=True)
    ]
    return int(np.argmax(between))


def _drawn(ink: NDArray[np.uint8]) -> tuple[slice, slice]:
    """Return where the ink lies: all patches but specks, with the soft edge beside them."""
    square = np.ones((3, 3))
    patches, _ = OPERATORS.label(ink >= EDGE, square)
    areas = np.bincount(patches.ravel())
    areas[0] = 0
    if GRAIN * areas.max() < areas.sum():
        return slice(0), slice(0)
    large = SPECK * areas >= areas.max()
    large[0] = False
    drawn = OPERATORS.binary_dilation(large[patches], square) & (ink > 0)
    return OPERATORS.find_objects(drawn.astype(np.int64))[0]
