"""The 8 x 8 digits that come with scikit-learn: no file, no download."""

import numpy as np

from golden.datasets.dataset import Dataset, held_out


def load_digits() -> Dataset:
    """Return scikit-learn's digits, 1198 training and 599 test images.

    Values 0 to 16 become ``min(255, 16 * x)``. Every third image is a test image; the source goes
    through the digits in turns, so each class has 54 to 63 test and 111 to 129 training images.
    Writers are not kept apart: the same hands wrote both splits.

    Returns
    -------
    Dataset
        8 x 8 images, classes ``"0"`` to ``"9"``.
    """
    # Importing scikit-learn takes seconds, which users of the other data sets need not wait for.
    from sklearn import datasets

    pixels, digits = datasets.load_digits(return_X_y=True)
    pixels = pixels.reshape(-1, 8, 8).astype(np.int64)
    images = np.minimum(16 * pixels, 255).astype(np.uint8)
    labels = digits.astype(np.int64)
    test = held_out(len(images))
    return Dataset(
        name="digits",
        train_images=images[~test],
        train_labels=labels[~test],
        test_images=images[test],
        test_labels=labels[test],
        class_names=tuple("0123456789"),
    )
