"""What a flat netlist in RTLIL says of its cells: where they come from, and what they drive."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sim.battery.inject import FOLDER

WIRE = re.compile(r"  wire (?P<options>.*?)(?P<name>[\\$]\S+)$")
CELL = re.compile(r"  cell \S+ (?P<name>\S+)$")
CONNECT = re.compile(r"    connect \\(?P<port>\S+) (?P<signal>.+)$")
SOURCE = re.compile(r'  attribute \\src "(?P<places>.*)"$')
NAME = re.compile(r"[\\$]\S+")
DRIVING = {"Y", "Q", "DATA"}
"""Ports that drive, those of cells that read memories included."""
ROOMS = ("dense", "link")
"""Of `hdl`, in which submodules have the names of their files; in a network core it is another."""


class Place(NamedTuple):
    """A line of the hardware's source."""

    module: str
    """Of `hdl`, as ``dense/stdp``."""
    line: int
    """0 where only the module is known."""


class Flat:
    """A netlist of one module.

    Parameters
    ----------
    text : str
        RTLIL, as yosys writes it.
    rooms : Sequence[str]
        As `ROOMS`.
    """

    def __init__(self, text: str, rooms: Sequence[str] = ROOMS):
        self._rooms = rooms
        self._places: dict[str, Place | None] = {}
        self._outputs: set[str] = set()
        self._drives: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self._readers: dict[str, list[str]] = defaultdict(list)
        place = cell = None
        for line in text.splitlines():
            if told := SOURCE.match(line):
                place = source(told["places"].split("|"))
            elif told := WIRE.match(line):
                self._places[told["name"]], place = place, None
                if "output" in told["options"]:
                    self._outputs.add(told["name"])
            elif told := CELL.match(line):
                cell = told["name"]
                self._places[cell], place = place, None
            elif cell and (told := CONNECT.match(line)):
                self._connect(cell, told["port"], NAME.findall(told["signal"]))
            elif line == "  end":
                place = cell = None

    def _connect(self, cell, port, wires):
        if port in DRIVING:
            self._drives[cell][port] = wires
        else:
            for wire in wires:
                self._readers[wire].append(cell)

    def is_output(self, cell: str, port: str) -> bool:
        """Tell whether a cell's port drives outputs of the design."""
        return not self._outputs.isdisjoint(self._drives[cell].get(port, ()))

    def place(self, cell: str) -> Place:
        """Return where a cell comes from: itself, or what it drives, or its submodule.

        Multiplexers have no line of their own, but the registers and wires behind them have, if
        they are of the same room: behind the link lies the core.
        """
        around = submodule(cell, self._rooms)
        others = {*self._rooms} - {_room(around)} if _room(around) in self._rooms else set()
        seen, level = set(), [cell]
        while level:
            for name in level:
                found = self._places.get(name)
                if found and _room(found) not in others:
                    return found
            seen |= set(level)
            wires = [wire for name in level for wire in sum(self._drives[name].values(), [])]
            behind = [reader for wire in wires for reader in self._readers[wire]]
            level = [name for name in dict.fromkeys(wires + behind) if name not in seen]
        return around


def _room(place: Place) -> str:
    return place.module.partition("/")[0]


def source(places: list[str]) -> Place | None:
    """Return the first place of a source attribute that lies in the hardware's source."""
    for told in places:
        file, _, line = told.partition(":")
        path = Path(file)
        if path.is_relative_to(FOLDER):
            return Place(path.relative_to(FOLDER).with_suffix("").as_posix(), int(line))
    return None


def submodule(cell: str, rooms: Sequence[str]) -> Place:
    """Return the file that the innermost submodule around a cell is named after."""
    stems = {path.stem: room for room in rooms for path in (FOLDER / room).glob("*.py")}
    for part in reversed(cell.removeprefix("$flatten").split(".")[:-1]):
        stem = part.lstrip("\\")
        if room := stems.get(stem):
            return Place(f"{room}/{stem}", 0)
    return Place(cell, 0)
