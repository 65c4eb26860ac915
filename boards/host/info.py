"""What a device says of itself when it is greeted."""

from typing import NamedTuple

from hdl.link.protocol import INFO, VERSION, LinkMap

MAGIC = b"GS"


class DeviceError(Exception):
    """A device that is not the one expected, or that refuses; the text is one sentence."""


class Info(NamedTuple):
    """The fields of docs/link.md."""

    version: int
    about: bytes
    """What the core says of itself."""
    build_hash: bytes
    queue: int
    preset: str


def read(answer: bytes) -> Info:
    """Return what an answer to HELLO says.

    Raises
    ------
    DeviceError
        If the device speaks another protocol; the text says how the two come together.
    """
    if len(answer) != INFO.size or not answer.startswith(MAGIC):
        raise DeviceError("the device must be Goldspike, not something else")
    _, version, first, build_hash, queue, others, preset = INFO.unpack(answer)
    if version != VERSION:
        older = "so build it anew: python -m boards.build BOARD"
        remedy = older if version < VERSION else "so take a newer Goldspike"
        raise DeviceError(f"the device must speak protocol {VERSION}, not {version}, {remedy}")
    name = preset.rstrip(b"\0").decode("ascii", errors="replace")
    return Info(version, first + others, build_hash, queue, name)


def check(info: Info, places: LinkMap, preset: str) -> None:
    """Refuse a device whose core is another.

    Raises
    ------
    DeviceError
        If it is.
    """
    if info.preset != preset:
        raise DeviceError(f"the device must be built for {preset}, not for {info.preset}")
    expected = places.build_hash.hex()
    if info.build_hash.hex() != expected:
        raise DeviceError(
            f"the device must be build {expected} of {preset}, which this version makes, "
            f"not {info.build_hash.hex()}"
        )
