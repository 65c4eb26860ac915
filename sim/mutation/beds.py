"""Where mutants are tried: a netlist of many, and what each hears until something differs."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from hdl.dense.core import Core
from hdl.link.dense.images import Images
from hdl.link.dense.protocol import link_map
from hdl.link.top import Top
from sim.battery.dialogues import DIALOGUES, held
from sim.battery.drills import Drills
from sim.battery.lives import Life, Piece
from sim.battery.networks import NETWORKS
from sim.battery.stimuli import expected, stimulus
from sim.mutation.fickle import Fickle
from sim.mutation.heard import Overheard, on_streams
from sim.mutation.netlist import Netlist, drawn
from sim.mutation.selected import CORE_DRIVER, LINE_DRIVER, MutatedCore, MutatedLine
from sim.records.compare import compare
from sim.targets.library import QUICK, netlist_library
from sim.targets.taps import Taps
from sim.targets.target import SimulatorError
from sim.traffic.fuzz import PRESET
from sim.traffic.noise import DIVISOR

CORE, LINK = "core", "link"
CHUNK = 500
"""Cycles of a network between two comparisons."""
OUTSIDE_THE_CORE = "t:* c:$flatten?core.* %d"
"""The link's own cells, as a selection of yosys."""
MOST_HEARD = 4
"""Runs of a core that say which states it reaches."""
LONGEST_TEXT = 120
"""Characters that are told of a difference; a reply may have hundreds of bytes."""
Found = tuple[str, int, str]
"""Where a difference was seen, in which cycle, and what it is."""


@dataclass(frozen=True)
class Bed(ABC):
    """A netlist of mutants, compiled."""

    name: str
    """Of the battery's network or dialogue."""
    netlist: Netlist
    compiled: Path

    @abstractmethod
    def difference(self, number: int) -> Found | None:
        """Return the first difference that a mutant makes, if any; 0 is the true design."""

    @abstractmethod
    def heard(self) -> Iterable[Mapping[str, NDArray[np.uint64]]]:
        """Return what the true design's inputs get in each cycle of some runs, by name."""


@dataclass(frozen=True)
class CoreBed(Bed):
    """A network of the battery, lives and drills of its core; the criterion is the record."""

    plays: dict[str, tuple[Piece, ...]]
    """What is done and predicted, each from reset on."""

    @classmethod
    def made(cls, name: str, n: int, seed: int, n_lives: int) -> "CoreBed":
        """Draw and compile mutants, and predict."""
        taps = Taps(_core(name))
        netlist = drawn(taps, n, seed)
        compiled = netlist_library(netlist.text, CORE_DRIVER, QUICK, taps.header())
        plays = {name: tuple(_pieces(stimulus(name), expected(name)))}
        for life in range(n_lives):
            plays[f"{name} life {life}"] = tuple(Life(NETWORKS[name], life))
        plays[f"{name} drills"] = tuple(Drills(NETWORKS[name]))
        return cls(name, netlist, compiled, plays)

    def difference(self, number: int) -> Found | None:
        """Play until the record is not as predicted."""
        for play, pieces in self.plays.items():
            done = 0
            with MutatedCore(_core(self.name), self.compiled, number) as target:
                for piece, record in pieces:
                    try:
                        rows = target.run(piece)
                    except SimulatorError as error:
                        return play, done, str(error)
                    if mismatch := compare(record, rows.view(record.dtype), done):
                        return play, mismatch.cycle, str(mismatch)
                    done += len(record)
        return None

    def heard(self):
        streams = _core(self.name).interface.streams(_core(self.name).p)
        return [on_streams(streams, pieces) for pieces in list(self.plays.values())[:MOST_HEARD]]


@dataclass(frozen=True)
class LinkBed(Bed):
    """A dialogue of the battery; the criterion is docs/link.md."""

    @classmethod
    def made(cls, name: str, n: int, seed: int) -> "LinkBed":
        """Draw and compile mutants."""
        p = DIALOGUES[name].p
        top = Top(Fickle(Core(p)), link_map(p), Images(p), PRESET, DIVISOR)
        netlist = drawn(top, n, seed, OUTSIDE_THE_CORE)
        return cls(name, netlist, netlist_library(netlist.text, LINE_DRIVER, QUICK))

    def difference(self, number: int) -> Found | None:
        """Talk until a reply is not as predicted."""
        found = held(MutatedLine(self.compiled, DIVISOR, number), self.name)
        return found and (self.name, found.cycle, str(found)[:LONGEST_TEXT])

    def heard(self):
        line = Overheard(self.compiled, DIVISOR)
        held(line, self.name)
        return [{"rx": np.array(line.levels, dtype=np.uint64)}]


def made(part: str, name: str, n: int, seed: int, n_lives: int) -> Bed:
    """Make the bed of a network or a dialogue."""
    return CoreBed.made(name, n, seed, n_lives) if part == CORE else LinkBed.made(name, n, seed)


@cache
def _core(name: str) -> Core:
    return Core(NETWORKS[name].built)


def _pieces(whole: Stimulus, record: NDArray[np.void]) -> Iterator[Piece]:
    """Cut a run in pieces; the first brings all that is put forward."""
    for start in range(0, whole.n_cycles, CHUNK):
        go = {stream: pattern[start : start + CHUNK] for stream, pattern in whole.go.items()}
        yield Stimulus({} if start else whole.items, go), record[start : start + CHUNK]
