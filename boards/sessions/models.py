"""Models on a device: `classify`, `load` and `dump` of `boards.run`."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boards.host import readback
from boards.host.dense import Answer, DenseDriver
from boards.host.info import DeviceError
from boards.sessions.session import ChosenDevice, opened
from golden.command.console import OK, OUT, Display, InputError, judging, writing
from golden.command.frame import Parser
from golden.command.options import whole, within
from golden.datasets import NAMES, load_dataset
from golden.dense.declaration import made_as
from golden.training import model_file, responses
from golden.training.given import add_image_options, given_images
from golden.training.model_file import Model, class_names, image_form
from golden.training.options import add_data_dir_option
from hdl.link.dense.protocol import build_hash


def add_classify_options(parser: Parser) -> None:
    """Add the options of `classify`."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="model.npz of train")
    parser.add_argument("images", metavar="IMAGE", type=Path, nargs="*", help="image files")
    add_image_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--dataset", help=f"answer test images instead: {', '.join(NAMES)}, or a folder"
    )
    add_data_dir_option(parser)
    parser.add_argument("--test", type=whole, help="test images (default: all)")


def add_load_options(parser: Parser) -> None:
    """Add the options of `load`."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="model.npz of train")


def add_dump_options(parser: Parser) -> None:
    """Add the options of `dump`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="model file to write")


def classify(args: Namespace, here: ChosenDevice) -> int:
    """Load a model and answer images; label, spikes and clock cycles of each."""
    model = fitting(args.model, here)
    with judging():
        if bool(args.images) == bool(args.dataset):
            raise InputError("IMAGE or --dataset must be given, not both or neither")
        names = class_names(args.model, model)
        if args.dataset:
            images, labels = _test_images(args, model)
        else:
            images = np.stack(given_images(args, model)).reshape(len(args.images), -1)
            labels = None
        silent = responses.silent(model.params, images if labels is None else images[:0])
    with opened(here) as device, Display() as display:
        _load(device, model)
        task = display.add_task("answer", total=len(images))
        answers = device.classify(images, lambda: display.advance(task))
    if labels is not None:
        right = sum(answer.label == label for answer, label in zip(answers, labels, strict=True))
        OUT.print(f"test accuracy {right / len(images):.2%} on {len(images)} images")
        return OK
    for path, answer, unseen in zip(args.images, answers, silent, strict=True):
        OUT.print(_line(path, answer, None if unseen else names, args.json), markup=False)
    return OK


def _test_images(args: Namespace, model: Model) -> tuple[NDArray, NDArray]:
    p = model.params
    form = None if args.dataset in NAMES else args.form or image_form(args.model, model)
    dataset = load_dataset(args.dataset, args.data_dir, (p.height, p.width), form)
    most = len(dataset.test_images)
    n_test = within("--test", most if args.test is None else args.test, 1, most)
    return dataset.test_images[:n_test].reshape(n_test, -1), dataset.test_labels[:n_test]


def _line(path: Path, answer: Answer, names: list[str] | None, as_json: bool) -> str:
    """Return an answer; without names, to an image that gives no event."""
    label = names[answer.label] if names and answer.n_spikes else None
    found = {"label": label, "spikes": answer.n_spikes, "cycles": answer.cycles}
    if as_json:
        return json.dumps({"image": str(path), **found})
    silence = "no label, nobody spiked" if names else "nothing seen"
    said = label if label is not None else silence
    return f"{path}: {said}  {answer.n_spikes} spikes, {answer.cycles} cycles"


def load(args: Namespace, here: ChosenDevice) -> int:
    """Load a model; what was written is read back and compared."""
    model = fitting(args.model, here)
    with opened(here) as device:
        _load(device, model)
        found = device.state().sha256()
    if found != model.state.sha256():
        raise DeviceError(f"the device must hold state {model.state.sha256()}, not {found}")
    OUT.print(f"state {found}")
    return OK


def dump(args: Namespace, here: ChosenDevice) -> int:
    """Read the network back into a model file; the device goes on as it was.

    The file says 0 presentations if the core does not count them.
    """
    names = [str(label) for label in range(here.built.n_classes)]
    about: dict[str, Any] = {
        "class_names": names,
        "board": here.board.name,
        "core": here.name,
        "build": build_hash(here.built).hex(),
    }
    with opened(here) as device:
        model = readback.model(device, about)
    with writing(args.file):
        model_file.save(args.file, model)
    OUT.print(f"state {model.state.sha256()}\nsee {args.file}", markup=False)
    return OK


def _load(device: DenseDriver, model: Model) -> None:
    with judging():
        device.load(model.params, model.state, model.classes, model.votes)


def fitting(path: Path, here: ChosenDevice) -> Model:
    """Read a model that the device's core can run."""
    with judging():
        model = model_file.load(path)
        model = model._replace(params=made_as(model.params, here.built))
    here.must_run([model.params])
    return model
