"""Ten classes of small images, and a line to a device in Python instead of a port."""

from pathlib import Path

import numpy as np
import pytest

from boards.parts.dense import core_params
from boards.sessions import session
from golden.datasets.idx_folder import FOLDER_FILES
from golden.training.recipe import PRESETS
from sim.device.dense import DenseDevice, dense_device
from tests.boards.bad_line import BadLine

LITTLE = """
[presets.little]
height = 4
width = 4
receptive_field = "none"
n_neurons = 12
weight_bits = 4
n_lanes = 5
v_width = 16
v_th = 60
theta_init = 0
theta_width = 16
n_steps = 8
stdp = "stdp"
rstdp = "rstdp"
"""
"""As `tiny`, with a neuron and more for every class, and lanes to spare."""


def little(folder: Path) -> str:
    """Write a file of presets; return the name of `LITTLE` in it."""
    path = folder / "my.toml"
    path.write_text(PRESETS.read_text() + LITTLE)
    return f"{path}#little"


def ten_classes(folder: Path, n_train: int = 40, n_test: int = 10) -> Path:
    """Write IDX files of 8 x 8 pixels: random images whose upper rows tell the class."""
    folder.mkdir()
    rng = np.random.default_rng(1)
    for names, n_images in ((FOLDER_FILES[:2], n_train), (FOLDER_FILES[2:], n_test)):
        labels = np.arange(n_images, dtype=np.uint8) % 10
        images = rng.integers(0, 90, (n_images, 8, 8)).astype(np.uint8)
        images[:, :4] += 160 * (labels[:, None, None] >> np.arange(4, dtype=np.uint8)[:, None] & 1)
        for name, array in zip(names, (images, labels), strict=True):
            header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
            (folder / name).write_bytes(header + array.tobytes())
    return folder


def plug_in(patch: pytest.MonkeyPatch, preset: str, wrong: float = 0.0) -> DenseDevice:
    """Let every command find the same device, whatever the port."""
    device = dense_device(core_params(preset, "both"), preset.rpartition("#")[2])
    patch.setattr(session, "open_port", lambda chosen: BadLine(device, 1, wrong))
    return device
