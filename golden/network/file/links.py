"""Rows, drives, gap junctions and rewards in a network's file.

Of each set of rows ``name``, ``source``, ``target``, ``receptor``, ``connection``, ``use`` (of its
short-term plasticity, or null) and ``learning`` (`golden.network.file.rules`, or null); members
``rows N start``, ``post``, ``weight``, ``delay``, and with short-term plasticity ``recovery
coarse``, ``recovery fine``, ``facilitation coarse`` and ``facilitation fine``.

Of each drive ``group``, ``receptor``, ``first``, ``neurons``, ``purpose`` and ``noise`` (true or
false); members ``drive N changes``, ``levels``, and with noise ``deviation``.

Of each set of junctions ``name``, ``source``, ``target``, ``receptor`` and ``shift``; members
``gaps N pre``, ``post``, ``ahead``, ``behind``, ``offset``.

Of each train of rewards ``group`` (or null); members ``reward N steps`` and ``amounts``. What they
are is said in the modules
`blueprint`, `source`, `gaps` and `release` of `golden.network`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from golden.cells.program import Receptor
from golden.network.blueprint import LONGEST_DELAY, Group, Rows
from golden.network.file.members import FAR, WORD, Entry, MemberReader, MemberWriter, PlanFileError
from golden.network.file.rules import put_learning, take_learning
from golden.network.gaps import MOST_SHIFT, Gaps
from golden.network.release import FINE_BITS, ONE, Decay, Release
from golden.network.rules.words import REWARD_MOST
from golden.network.source import NOISE, Drive, RewardTrain
from golden.numbers.hash import PURPOSES

DECAYS = ("recovery", "facilitation")
TOLD = ("name", "source", "target", "receptor", "connection")


def put_rows(number: int, rows: Rows, writer: MemberWriter) -> dict[str, Any]:
    """Return rows as JSON values, and put their arrays into members."""
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
        "learning": put_learning(rows.learning, at, writer) if rows.learning else None,
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


def put_reward(number: int, train: RewardTrain, writer: MemberWriter) -> dict[str, Any]:
    """Return a train of rewards as JSON values, and put its arrays into members."""
    for name in ("steps", "amounts"):
        writer.put(f"reward {number} {name}", getattr(train, name))
    return {"group": train.group}


class LinkReader:
    """Reads what connects some groups.

    Every method takes the number of an item and what the file says about it.

    Raises
    ------
    ValueError
        If something is impossible.
    """

    def __init__(self, groups: tuple[Group, ...], dt: float, reader: MemberReader):
        self._groups, self._dt, self._reader = groups, dt, reader
        self._learners = 0
        """Synapses so far that learn."""

    def rows(self, number: int, given: Any) -> Rows:
        """Return rows."""
        entry = Entry("it", given, " ".join((*TOLD, "use", "learning")))
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
        release = None if entry["use"] is None else self._release(at, entry.whole("use", 1, ONE))
        rows = Rows(
            entry.text("name"),
            source,
            target,
            receptor.name,
            start,
            post.astype(np.int32),
            take("weight", -most, most).astype(np.int32),
            delay.astype(np.uint8),
            release,
            connection=entry.whole("connection", 0, WORD - 1),
        )
        return rows if entry["learning"] is None else self._learning(entry, at, rows, receptor)

    def _learning(self, entry: Entry, at: str, rows: Rows, receptor: Receptor) -> Rows:
        """Return rows with their rule."""
        if rows.release:
            raise PlanFileError("rows must have a rule or short-term plasticity, not both")
        size = (rows.synapses, self._learners)
        made = take_learning(entry["learning"], at, size, self._dt, receptor, self._reader)
        if (made.transmitted(made.start[0].astype(np.int64)) != rows.weight).any():
            raise PlanFileError("weight must be what its rule transmits at first")
        self._learners += rows.synapses
        return replace(rows, learning=made)

    def reward(self, number: int, given: Any) -> RewardTrain:
        """Return a train of rewards."""
        entry, at = Entry("it", given, "group"), f"reward {number}"
        group = None if entry["group"] is None else self._number(entry, "group")
        n, wide = self._reader.shape(f"{at} amounts")
        steps = self._reader.take(f"{at} steps", (n,), 0)
        amounts = self._reader.take(f"{at} amounts", (n, wide), -REWARD_MOST, REWARD_MOST)
        if (np.diff(steps) < 0).any():
            raise PlanFileError("steps of rewards must ascend")
        if wide != 1 and (group is None or wide != self._groups[group].size):
            raise PlanFileError("amounts must be one for each step, or for each neuron")
        return RewardTrain(group, steps, amounts.astype(np.int32))

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
