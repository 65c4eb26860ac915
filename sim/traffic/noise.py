"""What may come over a line, and which bytes a UART hears in it."""

from typing import NamedTuple

from sim.targets.serial import Serial

DIVISOR = 4
"""Clock cycles of a bit: the least, so that it is quick."""
BYTE = 10 * DIVISOR


class Noise(NamedTuple):
    """What no byte can say: levels of the line with the cycles that they are held.

    At the end it is high for a byte at least, so that the next one begins in step.
    """

    levels: tuple[tuple[bool, int], ...]

    def heard(self) -> list[int | None]:
        """Return the bytes that a receiver takes it for; None is one with a bad stop bit."""
        line = [high for high, cycles in self.levels for _ in range(cycles)]
        found, now = [], 0
        while False in line[now:]:
            middle = line.index(False, now) + DIVISOR // 2
            if line[middle]:
                # Shorter than half a bit: no start bit.
                now = middle
                continue
            *bits, stop = (line[middle + k * DIVISOR] for k in range(1, 10))
            found.append(sum(bit << k for k, bit in enumerate(bits)) if stop else None)
            # After a bad stop bit nothing is heard until the line is idle.
            now = line.index(True, middle + 9 * DIVISOR)
        return found


Item = bytes | Noise


def pause(cycles: int) -> Noise:
    """Return silence."""
    return Noise(((True, cycles),))


def heard(item: Item) -> list[int | None]:
    """Return the bytes that a receiver hears."""
    return list(item) if isinstance(item, bytes) else item.heard()


def put(line: Serial, item: Item) -> int:
    """Send; return the cycles that it takes."""
    if isinstance(item, bytes):
        line.send(item)
        return len(item) * BYTE
    for high, cycles in item.levels:
        line.hold(high, cycles)
    return sum(cycles for _, cycles in item.levels)
