"""The boards by name."""

from boards.parts import hx8k, icebreaker, tangnano9k, tangnano20k, ulx3s
from boards.parts.description import Board

BOARDS: dict[str, Board] = {
    entry.name: entry
    for file in (icebreaker, hx8k, ulx3s, tangnano9k, tangnano20k)
    for entry in file.BOARDS
}
"""All boards, in the order in which they are listed and built."""


def board(name: str) -> Board:
    """Return the board of a name.

    Raises
    ------
    ValueError
        If there is none.
    """
    if name not in BOARDS:
        raise ValueError(f"board must be one of {', '.join(BOARDS)}, not {name!r}")
    return BOARDS[name]
