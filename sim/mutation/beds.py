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
from hdl.network.core import NetworkCore
from sim.battery import cores
from sim.battery.dialogues import IMAGE_DIALOGUES, held
from sim.battery.drills import Drills
from sim.battery.lives import Life, Piece
from sim.battery.network_drills import network_drills
from sim.battery.network_lives import network_life
from sim.battery.networks import NETWORKS
from sim.battery.stimuli import expected, stimulus
from sim.mutation.fickle import Fickle
from sim.mutation.flat import ROOMS
from sim.mutation.heard import Overheard, on_streams
from sim.mutation.netlist import Netlist, drawn
from sim.mutation.selected import CORE_DRIVER, LINE_DRIVER, MutatedCore, MutatedLine
from sim.records.compare import compare
from sim.targets.library import QUICK, netlist_library
from sim.targets.taps import Taps
from sim.targets.target import SimulatorError
from sim.traffic.images import PRESET
from sim.traffic.noise import DIVISOR

CORE, NETWORK, LINK = "core", "network", "link"
CHUNK = 500
"""Cycles of a network between two comparisons."""
OUTSIDE_THE_CORE = "t:* c:$flatten?core.* %d"
"""The link's own cells, as a selection of yosys."""
MOST_HEARD = 4
"""Runs of a core that say which states it reaches."""
SUBMODULES = {CORE: ROOMS, NETWORK: ("network", "cells")}
"""Rooms of `hdl` that name submodules of a core, as of `sim.mutation.flat`."""
LONGEST_TEXT = 120
"""Characters that are told of a difference; a reply may have hundreds of bytes."""
Found = tuple[str, int, str]
"""Where a difference was seen, in which cycle, and what it is."""


@dataclass(frozen=True)
class Bed(ABC):
    """A netlist of mutants, compiled."""

    name: str
    """Of the battery's network, network core or dialogue."""
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
    """A core of the battery, and what it goes through; the criterion is the record."""

    part: str
    """Of the hardware: `CORE` or `NETWORK`."""
    plays: dict[str, tuple[Piece, ...]]
    """What is done and predicted, each from reset on."""

    @classmethod
    def made(cls, part: str, name: str, n: int, seed: int, n_lives: int) -> "CoreBed":
        """Draw and compile mutants, and predict."""
        taps = Taps(_core(part, name))
        netlist = drawn(taps, n, seed, rooms=SUBMODULES[part])
        compiled = netlist_library(netlist.text, CORE_DRIVER, QUICK, taps.header())
        plays = _played if part == CORE else _network_played
        return cls(name, netlist, compiled, part, dict(plays(name, n_lives)))

    def difference(self, number: int) -> Found | None:
        """Play until the record is not as predicted."""
        for play, pieces in self.plays.items():
            done = 0
            with MutatedCore(_core(self.part, self.name), self.compiled, number) as target:
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
        core = _core(self.part, self.name)
        streams = core.interface.streams(core.p)
        return [on_streams(streams, pieces) for pieces in list(self.plays.values())[:MOST_HEARD]]


@dataclass(frozen=True)
class LinkBed(Bed):
    """A dialogue of the battery; the criterion is docs/link.md."""

    @classmethod
    def made(cls, name: str, n: int, seed: int) -> "LinkBed":
        """Draw and compile mutants."""
        p = IMAGE_DIALOGUES[name].p
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
    """Make the bed of a network, a network core or a dialogue."""
    if part == LINK:
        return LinkBed.made(name, n, seed)
    return CoreBed.made(part, name, n, seed, n_lives)


@cache
def _core(part: str, name: str) -> Core | NetworkCore:
    """Return the true core; a bed does not hold it, as a process could not send it."""
    return Core(NETWORKS[name].built) if part == CORE else NetworkCore(cores.chip(name))


def _played(name: str, n_lives: int) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Yield the run of a network, lives and drills of its core."""
    yield name, tuple(_pieces(stimulus(name), expected(name)))
    for life in range(n_lives):
        yield f"{name} life {life}", tuple(Life(NETWORKS[name], life))
    yield f"{name} drills", tuple(Drills(NETWORKS[name]))


def _network_played(name: str, n_lives: int) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Yield the run of a network core, its lives and drills."""
    yield name, tuple(_pieces(cores.heard(name), cores.foretold(name)))
    for life in range(n_lives):
        yield f"{name} life {life}", tuple(_pieces(*network_life(name, life).record()))
    for drill, played in network_drills(name):
        yield f"{name}, {drill}", tuple(_pieces(*played))


def _pieces(whole: Stimulus, record: NDArray[np.void]) -> Iterator[Piece]:
    """Cut a run in pieces; the first brings all that is put forward."""
    for start in range(0, whole.n_cycles, CHUNK):
        go = {stream: pattern[start : start + CHUNK] for stream, pattern in whole.go.items()}
        yield Stimulus({} if start else whole.items, go), record[start : start + CHUNK]
