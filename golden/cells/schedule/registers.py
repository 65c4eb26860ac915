"""What it costs to keep values until they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from golden.cells.schedule.planner import Planner

COPY, FIRST = 100, 10
"""A bit of a register that does nothing but wait; one that stands behind the logic that makes it,
and mostly in the same cell."""
AGAIN = frozenset({"state", "constant"})
"""Words that may be read twice: what arrives is cleared when it is read."""
Reads = list[tuple[int, int, int]]
"""Cycle, first bit and the one behind the last."""


class Registers:
    """Counts registers of a plan as it stands."""

    def __init__(self, planner: Planner):
        self.planner = planner

    def _reads(self, place: int) -> Reads:
        """Return what is read of an operation's register, or of a word."""
        p = self.planner
        time, word = p.times[place], p.kinds[place] == "word"
        found = []
        for reader, start, stop in p.readers[place]:
            cycle = p.start(reader)
            if word or cycle >= time:
                found.append((cycle, start, stop))
        return found

    def cost(self, place: int) -> int:
        """Return what the registers behind an operation cost."""
        p = self.planner
        kind, time, interval = p.kinds[place], p.times[place], p.interval
        reads = self._reads(place)
        if kind == "word":
            return self._cost_of_word(place, reads)
        if p.passes(place):
            # It is there for one cycle, and then kept.
            later = [(max(0, -(-(cycle - time) // interval)), a, b) for cycle, a, b in reads]
            return copies(later)
        behind = [((cycle - time) // interval, a, b) for cycle, a, b in reads]
        shown = [(0, bits.start, bits.stop) for bits in p.shown[place]]
        if kind == "table":
            return copies(behind)
        return copies(behind) + FIRST * size(behind + shown)

    def _cost_of_word(self, place: int, reads: Reads) -> int:
        groups = self.groups(place, reads)
        ports = (len(groups) - 1) * self.planner.fabric.port_bits * COPY
        return ports + sum(self._of_group(group) for group in groups)

    def _of_group(self, reads: Reads) -> int:
        first, interval = min(reads)[0], self.planner.interval
        return copies([((cycle - first) // interval, a, b) for cycle, a, b in reads])

    def ports(self, place: int) -> tuple[int, ...]:
        """Return the cycles in which a word is read from outside."""
        groups = self.groups(place, self._reads(place))
        return tuple(min(group)[0] for group in groups) or (1,)

    def groups(self, place: int, reads: Reads) -> list[Reads]:
        """Part the reads of a word by the port that serves them, as it costs least."""
        p = self.planner
        kind, name, *_ = p.flow.words[p.flow.operations[place].detail]
        groups = [sorted(reads)] if reads else []
        if kind not in AGAIN or not reads:
            return groups
        limit = self._written(name) if kind == "state" else None
        while len(groups) < p.fabric.ports:
            best, where = p.fabric.port_bits * COPY, None
            for i, group in enumerate(groups):
                for at in range(1, len(group)):
                    if group[at][0] == group[at - 1][0]:
                        continue
                    if limit is not None and group[at][0] > limit:
                        continue
                    saved = self._of_group(group)
                    saved -= self._of_group(group[:at]) + self._of_group(group[at:])
                    if saved > best:
                        best, where = saved, (i, at)
            if where is None:
                break
            i, at = where
            groups[i : i + 1] = [groups[i][:at], groups[i][at:]]
        return groups

    def _written(self, name: str) -> int | None:
        """Return when a state is written; None if it is only read."""
        p = self.planner
        for port, (kind, of, *_) in p.flow.outlets.items():
            if (kind, of) == ("state", name):
                place = p.outlet[port]
                return 1 if place is None else max(1, p.times[place])
        return None


def copies(reads: Reads) -> int:
    """Return what waiting registers cost.

    There are as many behind each other as a read's first entry says, each as wide as what is read
    of it and of those behind it.
    """
    cost, low, high, at = 0, 0, 0, 0
    for copy, start, stop in sorted(reads, reverse=True):
        if copy <= 0:
            break
        if high > low:
            cost += (at - copy) * (high - low)
            low, high = min(low, start), max(high, stop)
        else:
            low, high = start, stop
        at = copy
    return COPY * (cost + at * (high - low))


def size(reads: Reads) -> int:
    """Return how many bits are read at all."""
    if not reads:
        return 0
    return max(stop for _, _, stop in reads) - min(start for _, start, _ in reads)
