"""What a device says of itself when it is greeted."""

from typing import NamedTuple

from golden.dense.params import Params
from hdl.link.protocol import INFO, VERSION, build_hash

MAGIC = b"GS"


class DeviceError(Exception):
    """A device that is not the one expected, or that refuses; the text is one sentence."""


class Info(NamedTuple):
    """The fields of docs/link.md."""

    magic: bytes
    version: int
    pixel_bits: int
    build_hash: bytes
    queue: int
    height: int
    width: int
    n_axons: int
    n_neurons: int
    n_lanes: int
    n_classes: int
    weight_bits: int
    v_bits: int
    theta_bits: int
    last_bits: int
    preset: str


def read(answer: bytes) -> Info:
    """Return what an answer to HELLO says.

    Raises
    ------
    DeviceError
        If the device speaks another protocol.
    """
    if len(answer) != INFO.size or not answer.startswith(MAGIC):
        raise DeviceError("the device must be Goldspike, not something else")
    *fields, preset = INFO.unpack(answer)
    info = Info._make((*fields, preset.rstrip(b"\0").decode("ascii", errors="replace")))
    if info.version != VERSION:
        raise DeviceError(f"the device must speak protocol {VERSION}, not {info.version}")
    return info


def check(info: Info, built: Params, preset: str) -> None:
    """Refuse a device whose core is made for something else than ``built``.

    Raises
    ------
    DeviceError
        If it is.
    """
    if info.preset != preset:
        raise DeviceError(f"the device must be built for {preset}, not for {info.preset}")
    expected = build_hash(built).hex()
    if info.build_hash.hex() != expected:
        raise DeviceError(
            f"the device must be build {expected} of {preset}, which this version makes, "
            f"not {info.build_hash.hex()}"
        )
