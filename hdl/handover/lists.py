"""Files for ``$readmemh``: hexadecimal words, a line each, with a comment in front."""

from collections.abc import Iterable, Sequence

from golden.dense.interface import BusRequest
from golden.numbers.fields import Field

NIBBLE = 4
PER_LINE = 32
"""Short words that stand in one line."""


def joined(fields: Sequence[Field], values: Iterable[int]) -> int:
    """Return a payload, its first field in the lowest bits."""
    number = shift = 0
    for field, value in zip(fields, values, strict=True):
        number |= (int(value) & ((1 << field.fmt.width) - 1)) << shift
        shift += field.fmt.width
    return number


def bits(fields: Iterable[Field]) -> int:
    """Return how wide a payload is."""
    return sum(field.fmt.width for field in fields)


def places(fields: Iterable[Field]) -> str:
    """Say which bits of a payload are which field, the highest first."""
    said, low = [], 0
    for field in fields:
        said.append(f"{field.name} [{low + field.fmt.width - 1}:{low}]")
        low += field.fmt.width
    return ", ".join(reversed(said))


def words(about: str, width: int, numbers: Iterable[int]) -> str:
    """Return a file of words of ``width`` bits."""
    digits = -(-width // NIBBLE)
    return f"// {about}\n" + "".join(f"{number:0{digits}x}\n" for number in numbers)


def requests(about: str, fields: Sequence[Field], asked: Iterable[BusRequest]) -> str:
    """Return a file of requests on the bus, as they stand at its payload."""
    said = f"{about}: {places(fields)}"
    return words(said, bits(fields), (joined(fields, request) for request in asked))


def pixels(images: Iterable[Sequence[int]], width: int) -> str:
    """Return a file of images, every pixel a word of ``width`` bits."""
    digits, text = -(-width // NIBBLE), ""
    for number, image in enumerate(images):
        text += f"// image {number}\n"
        for first in range(0, len(image), PER_LINE):
            text += " ".join(f"{x:0{digits}x}" for x in image[first : first + PER_LINE]) + "\n"
    return text
