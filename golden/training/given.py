"""Image files that a trained model is to answer, shared by all commands that classify."""

from argparse import ArgumentParser, Namespace

import numpy as np
from numpy.typing import NDArray

from golden.datasets.form import bring
from golden.datasets.images import read_image
from golden.datasets.notes import note
from golden.training.model_file import Model, image_form
from golden.training.options import add_form_option


def add_image_options(parser: ArgumentParser) -> None:
    """Add the options of `given_images`: how images come to the network."""
    parser.add_argument(
        "--invert",
        action="store_true",
        help="the ink is dark on white: do not look which of both is the ink",
    )
    add_form_option(parser, "that of the images that the model has learned from")


def given_images(args: Namespace, model: Model) -> list[NDArray[np.uint8]]:
    """Return the images of ``args``, each (height, width), as the model needs them.

    Raises
    ------
    golden.datasets.DataError, golden.training.model_file.ModelFileError
        If a file cannot be read as an image, or the model names an unknown form.
    """
    form = args.form or image_form(args.model, model)
    size = (model.params.height, model.params.width)
    images: list[NDArray[np.uint8]] = []
    for path in args.images:
        grey, stretched = read_image(path)
        if stretched:
            note(f"{path}: pixels span 0 to 1, and are taken as 0 to 255")
        images.append(bring(grey, size, form, args.invert))
    return images
