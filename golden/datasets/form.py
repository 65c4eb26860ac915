"""Forms: how ink lies in the images that a network has learned from, and how others come to it.

======== =========================== ================================= =========================
form     longer side of the ink      what is put into the middle       whose images have it
======== =========================== ================================= =========================
mnist    20 of 28 parts of the frame the ink's centre of mass          MNIST; folders of images
emnist   24 of 28                    the box around the ink            EMNIST
fill     all of it                   the box around the ink            digits, Fashion, KMNIST
as-is    not looked for              nothing: resized by area          a folder whose IDX files
                                                                       are not like MNIST
======== =========================== ================================= =========================

An image that already has a form, or has it with black and white exchanged, keeps its pixels.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.datasets.dataset import AS_IS
from golden.datasets.ink import find_ink
from golden.datasets.resize import resize


@dataclass(frozen=True, slots=True)
class Form:
    """Where the ink lies in a frame."""

    parts: int
    """Longer side of the ink, in 28ths of the frame."""
    mass: bool
    """The centre of mass is in the middle, not that of the box."""

    def longest(self, side: int) -> int:
        """Return the longer side of the ink, where the frame's has ``side`` pixels."""
        return max(1, self.parts * side // 28)

    def slack(self, side: int) -> int:
        """Return by how much that side may be shorter: boxes of data sets are less exact."""
        return 1 if self.mass else max(1, side // 8)


MNIST = "mnist"
FORMS: dict[str, Form | None] = {
    MNIST: Form(20, True),
    "emnist": Form(24, False),
    "fill": Form(28, False),
    AS_IS: None,
}
"""Forms by the names under which models keep them."""


def bring(
    grey: NDArray[np.uint8], size: tuple[int, int], name: str = AS_IS, invert: bool = False
) -> NDArray[np.uint8]:
    """Bring an image to a size and a form.

    Parameters
    ----------
    grey : (height, width) uint8
        Any image.
    size : (height, width)
        Wanted size.
    name : str
        A key of `FORMS`.
    invert : bool
        Exchange black and white first; ink is then known to be bright.

    Returns
    -------
    (height, width) uint8
        0 = no ink, 255 = full ink; all 0 if nothing is drawn. As it is, 0 = black.
    """
    grey = 255 - grey if invert else grey
    form = FORMS[name]
    if form is None:
        return resize(grey[None], size)[0]
    for same in (grey,) if invert else (grey, 255 - grey):
        if has_form(same[None], size, name)[0]:
            return resize(same[None], size)[0]
    return _placed(find_ink(grey, invert), size, form)


def has_form(images: NDArray[np.uint8], size: tuple[int, int], name: str) -> NDArray[np.bool_]:
    """Tell which images have a form, whatever their size.

    Their frame is that of ``size``, or smaller by some factor; less than half of its rim is not
    black; the longer side of the ink is what the form says or little less (a pixel, for mnist);
    and its middle is within 0.55 pixels of the frame's, where rounding has put all of MNIST's.

    Parameters
    ----------
    images : (n, height, width) uint8
        Images of one size.
    size : (height, width)
        Size of the network's images.
    name : str
        A key of `FORMS`.

    Returns
    -------
    (n,) bool
        False for an image without ink, and for `AS_IS`.
    """
    n_images, height, width = images.shape
    form = FORMS[name]
    if form is None or height * size[1] != width * size[0] or height > size[0]:
        return np.zeros(n_images, np.bool_)
    rim = images[:, [0, -1]].reshape(n_images, -1), images[:, :, [0, -1]].reshape(n_images, -1)
    inked = np.concatenate(rim, axis=1) > 0
    fitting = 2 * np.count_nonzero(inked, axis=1) < inked.shape[1]
    full = np.zeros(n_images, np.bool_)
    for side, axis in ((height, 2), (width, 1)):
        drawn = np.any(images, axis=axis)
        first, end = np.argmax(drawn, axis=1), side - np.argmax(drawn[:, ::-1], axis=1)
        longest = form.longest(side)
        fitting &= (end - first <= longest) & drawn.any(axis=1)
        full |= end - first >= longest - form.slack(side)
        weights = images.sum(axis=axis, dtype=np.int64) if form.mass else drawn.astype(np.int64)
        fitting &= _in_the_middle(weights, form, first, end)
    return fitting & full


def _in_the_middle(weights, form: Form, first, end) -> NDArray[np.bool_]:
    side = weights.shape[1]
    if not form.mass:
        return np.abs(first + end - side) <= 1
    total = weights.sum(axis=1)
    return np.abs(20 * weights @ np.arange(side) - 10 * side * total) <= 11 * total


def _placed(ink: NDArray[np.uint8], size: tuple[int, int], form: Form) -> NDArray[np.uint8]:
    """Return cut ink at the size and place that a form gives it, its fullest pixel 255."""
    frame = np.zeros(size, np.uint8)
    if not ink.size:
        return frame
    scaled = resize(ink[None], _scaled(ink.shape, size, form))[0].astype(np.int64)
    scaled = scaled * 255 // scaled.max()
    corner = [
        min(max(side // 2 - _middle(scaled.sum(axis=axis), form), 0), side - scaled.shape[1 - axis])
        for side, axis in zip(size, (1, 0), strict=True)
    ]
    rows, columns = (slice(at, at + n) for at, n in zip(corner, scaled.shape, strict=True))
    frame[rows, columns] = scaled
    return frame


def _scaled(ink: tuple[int, ...], size: tuple[int, int], form: Form) -> tuple[int, int]:
    """Return the largest size of the same proportions within the form's box, at least 1 x 1."""
    (high, wide), (height, width) = (form.longest(side) for side in size), ink
    if height * wide >= width * high:
        return high, max(1, (2 * width * high + height) // (2 * height))
    return max(1, (2 * height * wide + width) // (2 * width)), wide


def _middle(weights: NDArray[np.int64], form: Form) -> int:
    """Return the place in the middle of ink, from its sums along the other axis."""
    if not form.mass:
        return len(weights) // 2
    total = int(weights.sum())
    return (2 * int(weights @ np.arange(len(weights))) + total) // (2 * total)
