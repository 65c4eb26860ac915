"""Rows, drives and gap junctions in a network's file.

Of each set of rows ``name``, ``source``, ``target``, ``receptor``, ``connection`` and ``use`` (of
its short-term plasticity, or null); members ``rows N start``, ``post``, ``weight``, ``delay``, and
with plasticity ``recovery coarse``, ``recovery fine``, ``facilitation coarse`` and ``facilitation
fine``.

Of each drive ``group``, ``receptor``, ``first``, ``neurons``, ``purpose`` and ``noise`` (true or
false); members ``drive N changes``, ``levels``, and with noise ``deviation``.

Of each set of junctions ``name``, ``source``, ``target``, ``receptor`` and ``shift``; members
``gaps N pre``, ``post``, ``ahead``, ``behind``, ``offset``. What they are is said in the modules
`blueprint`, `source`, `gaps` and `release` of `golden.network`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from golden.network.blueprint import LONGEST_DELAY, Group, Rows
from golden.network.file.members import FAR, WORD, Entry, MemberReader, MemberWriter, PlanFileError
from golden.network.gaps import MOST_SHIFT, Gaps
from golden.network.release import FINE_BITS, ONE, Decay, Release
from golden.network.source import NOISE, Drive
from golden.numbers.hash import PURPOSES

DECAYS = ("recovery", "facilitation")
TOLD = ("name", "source", "target", "receptor", "connection")


def put_rows(number: int, rows: Rows, writer: MemberWriter) -> dict[str, Any]:
    """Return rows as JSON values, and put their arrays into members.

    Raises
    ------
    ValueError
        If they learn: a rule is not yet written into a file.
    """
    if rows.learning:
        raise ValueError(
            f"synapses in a network's file must be static, not learn by {rows.learning.rule}: "
            f"{rows.name}"
        )
    at = f"rows {number}"
    for name in ("start", "post", "weight", "delay"):
        writer.put(f"{at} {name}", getattr(rows, name))
    for name in DECAYS if rows.release else ():
        decay = getattr(rows.release, name)
        writer.put(f"{at} {name} coarse", decay.coarse)
        writer.put(f"{at} {name} fine", decay.fine)
    return {
        **{name: getattr(rows, name) for name in TOLD},
        "use": rows.release.use if rows.release else None,
    }


def put_drive(number: int, drive: Drive, writer: MemberWriter) -> dict[str, Any]:
    """Return a drive as JSON values, and put its arrays into members."""
    noisy = drive.deviation is not None
    for name in ("changes", "levels", *(["deviation"] if noisy else [])):
        writer.put(f"drive {number} {name}", getattr(drive, name))
    told = {name: getattr(drive, name) for name in ("group", "receptor", "first", "purpose")}
    return {**told, "neurons": drive.levels.shape[1], "noise": noisy}


def put_gaps(number: int, gaps: Gaps, writer: MemberWriter) -> dict[str, Any]:
    """Return junctions as JSON values, and put their arrays into members."""
    for name in ("pre", "post", "ahead", "behind", "offset"):
        writer.put(f"gaps {number} {name}", getattr(gaps, name))
    return {name: getattr(gaps, name) for name in ("name", "source", "target", "receptor", "shift")}


class LinkReader:
    """Reads what connects some groups.

    Every method takes the number of an item and what the file says about it.

    Raises
    ------
    ValueError
        If something is impossible.
    """

    def __init__(self, groups: tuple[Group, ...], reader: MemberReader):
        self._groups, self._reader = groups, reader

    def rows(self, number: int, given: Any) -> Rows:
        """Return rows."""
        entry = Entry("it", given, " ".join((*TOLD, "use")))
        source, target = self._number(entry, "source"), self._number(entry, "target")
        at = f"rows {number}"
        receptor = self._groups[target].receptor(entry.text("receptor"))
        n = self._reader.length(f"{at} post")
        start = self._reader.take(f"{at} start", (self._groups[source].size + 1,), 0, n)
        if start[0] != 0 or start[-1] != n or (np.diff(start) < 0).any():
            raise PlanFileError(f"start must ascend from 0 to {n}")
        take = self._list(at, n)
        most = (1 << (receptor.width - 1)) - 1
        post = take("post", 0, self._groups[target].size - 1)
        delay = take("delay", 1, LONGEST_DELAY)
        where = np.repeat(np.arange(len(start) - 1), np.diff(start))
        order = np.lexsort((post, delay, where))
        if not (np.diff(order) > 0).all():
            raise PlanFileError("a row must be in order of delays, and then of targets")
        return Rows(
            entry.text("name"),
            source,
            target,
            receptor.name,
            start,
            post.astype(np.int32),
            take("weight", -most, most).astype(np.int32),
            delay.astype(np.uint8),
            None if entry["use"] is None else self._release(at, entry.whole("use", 1, ONE)),
            connection=entry.whole("connection", 0, WORD - 1),
        )

    def _release(self, at: str, use: int) -> Release:
        decays = []
        for name, begin in zip(DECAYS, (ONE, ONE - use), strict=True):
            n = self._reader.length(f"{at} {name} coarse")
            coarse = self._reader.take(f"{at} {name} coarse", (n,), 0, begin)
            fine = self._reader.take(f"{at} {name} fine", (1 << FINE_BITS,), 0, ONE)
            if not n or coarse[-1]:
                raise PlanFileError(f"{name} must end with 0")
            decays.append(Decay(coarse.astype(np.int32), fine.astype(np.int32)))
        return Release(use, *decays)

    def drive(self, number: int, given: Any) -> Drive:
        """Return a drive."""
        entry = Entry("it", given, "group receptor first neurons purpose noise")
        group, at = self._number(entry, "group"), f"drive {number}"
        size = self._groups[group].size
        first = entry.whole("first", 0, size - 1)
        neurons = entry.whole("neurons", 1, size - first)
        n = self._reader.length(f"{at} changes")
        changes = self._reader.take(f"{at} changes", (n,), 0)
        if not n or (np.diff(changes) <= 0).any():
            raise PlanFileError("changes must ascend, one at least")
        levels = self._reader.take(f"{at} levels", (n, neurons), 1 - WORD, WORD - 1)
        if type(entry["noise"]) is not bool:
            raise PlanFileError("noise must be true or false")
        deviation = None
        if entry["noise"]:
            deviation = self._list(at, neurons)("deviation", 0, WORD - 1).astype(np.int32)
        return Drive(
            group,
            self._groups[group].receptor(entry.text("receptor")).name,
            first,
            changes,
            levels.astype(np.int32),
            deviation,
            entry.whole("purpose", NOISE, PURPOSES - 1 if entry["noise"] else FAR),
        )

    def gaps(self, number: int, given: Any) -> Gaps:
        """Return junctions."""
        entry = Entry("it", given, "name source target receptor shift")
        source, target = self._number(entry, "source"), self._number(entry, "target")
        self._groups[source].receptor(None)
        take = self._list(f"gaps {number}", self._reader.length(f"gaps {number} pre"))
        return Gaps(
            entry.text("name"),
            source,
            target,
            self._groups[target].receptor(entry.text("receptor")).name,
            take("pre", 0, self._groups[source].size - 1).astype(np.int32),
            take("post", 0, self._groups[target].size - 1).astype(np.int32),
            take("ahead", 0, WORD - 1).astype(np.int32),
            take("behind", 0, WORD - 1).astype(np.int32),
            take("offset", -FAR, FAR),
            entry.whole("shift", 1, MOST_SHIFT),
        )

    def _number(self, entry: Entry, name: str) -> int:
        return entry.whole(name, 0, len(self._groups) - 1)

    def _list(self, at: str, n: int) -> Callable[..., Any]:
        return lambda name, low, high: self._reader.take(f"{at} {name}", (n,), low, high)
