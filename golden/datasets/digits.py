"""The 8 x 8 digits that come with scikit-learn: no file, no download."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from golden.datasets.dataset import DataError, Dataset, held_out


def load_digits() -> Dataset:
    """Return scikit-learn's digits, 1198 training and 599 test images.

    Values 0 to 16 become ``min(255, 16 * x)``. Every third image is a test image; the source goes
    through the digits in turns, so each class has 54 to 63 test and 111 to 129 training images.
    Writers are not kept apart: the same hands wrote both splits.

    Returns
    -------
    Dataset
        8 x 8 images, classes ``"0"`` to ``"9"``.

    Raises
    ------
    DataError
        If scikit-learn is not installed, or keeps its digits elsewhere.
    """
    # Importing scikit-learn takes seconds; reading the file that it reads takes none.
    package = find_spec("sklearn")
    origin = "" if package is None or package.origin is None else package.origin
    path = Path(origin).parent / "datasets" / "data" / "digits.csv.gz"
    if not path.is_file():
        raise DataError(f"digits must come with scikit-learn, and {path} is not there")
    table = np.loadtxt(path, dtype=np.int64, delimiter=",")
    pixels, digits = table[:, :-1].reshape(-1, 8, 8), table[:, -1]
    images = np.minimum(16 * pixels, 255).astype(np.uint8)
    labels = digits.copy()
    test = held_out(len(images))
    return Dataset(
        name="digits",
        train_images=images[~test],
        train_labels=labels[~test],
        test_images=images[test],
        test_labels=labels[test],
        class_names=tuple("0123456789"),
        form="fill",
    )
