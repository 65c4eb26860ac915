"""Where every operation stands.

First each as early as it can, those with the longest way behind them first. Then operations move
within their slack as long as that saves registers: what a value costs is a register for each
``interval`` cycles from its own to its last reader's, of as many bits as are read then.
"""

from golden.cells.schedule.dataflow import WIRES, Bits, Dataflow
from golden.cells.schedule.delays import delay
from golden.cells.schedule.fabric import Fabric
from golden.cells.schedule.registers import Registers

APART = frozenset({"word", "multiply", "table"})
"""Operations that nothing follows, and that follow nothing, within one cycle."""
SWEEPS = 8


class Planner:
    """Finds times for the operations of a flow.

    Parameters
    ----------
    flow : Dataflow
    fabric : Fabric
    interval : int
        Cycles from neuron to neuron.
    multipliers : int or None
        How many are shared; None if each product has its own.
    serial : bool
        The rounds of a random word share the gates of one, a cycle each, behind one in which its
        number is taken.
    """

    def __init__(
        self,
        flow: Dataflow,
        fabric: Fabric,
        interval: int,
        multipliers: int | None,
        serial: bool = False,
    ):
        self.flow, self.fabric, self.interval = flow, fabric, interval
        self.multipliers, self.serial = multipliers, serial
        self.kinds = [operation.kind for operation in flow.operations]
        self.steady = flow.steady()
        n = range(len(self.kinds))
        self.moving = [i for i in n if not (self.steady[i] or self.kinds[i] in WIRES)]
        """Operations that have a time."""
        self.sources: list[list[Bits]] = [[] for _ in n]
        self.readers: list[list[tuple[int, int, int]]] = [[] for _ in n]
        self.shown: list[list[Bits]] = [[] for _ in n]
        """Of each operation: what outlets show of it."""
        self.delays = [0 for _ in n]
        self.latencies = [0 for _ in n]
        for i in self.moving:
            self.delays[i] = delay(flow, i, fabric)
            self.latencies[i] = self._latency(i)
            for bits in flow.reads(i):
                if not self.steady[bits.source]:
                    self.sources[i].append(bits)
                    self.readers[bits.source].append((i, bits.start, bits.stop))
        self.outlet: dict[str, int | None] = {}
        for port, place in flow.results.items():
            found = [bits for bits in flow.needed(place) if not self.steady[bits.source]]
            for bits in found:
                self.shown[bits.source].append(bits)
            self.outlet[port] = found[0].source if found else None
        self.times = [0 for _ in n]
        self.units: dict[int, int] = {}
        self.busy: dict[tuple[int, int], int] = {}
        """The product of a unit and a phase."""
        self.registers = Registers(self)

    def _latency(self, place: int) -> int:
        kind = self.kinds[place]
        if self.serial and kind == "hash":
            number, _ = self.flow.operations[place].detail
            return 1 if number else 2
        if kind == "multiply":
            own = self.fabric.product_cycles
            # The choice between those that share it has a register of its own.
            return own if self.multipliers is None else max(own, 2)
        return self.fabric.table_cycles if kind == "table" else int(kind != "word")

    def start(self, place: int) -> int:
        """Return the cycle in which an operation is computed."""
        return self.times[place] - self.latencies[place]

    def plan(self) -> None:
        """Find the times."""
        self._list()
        self.latest = max([self.times[i] for i in self.moving if self.shown[i]], default=1)
        for sweep in range(SWEEPS):
            order = self.moving if sweep % 2 else self.moving[::-1]
            moved = [place for place in order if self._improve(place)]
            if not moved:
                break

    def _list(self) -> None:
        """Give every operation the earliest time, the longest way first."""
        way = [0 for _ in self.kinds]
        for place in reversed(self.moving):
            behind = [way[reader] for reader, _, _ in self.readers[place]]
            way[place] = self.latencies[place] * 1000 + self.delays[place] + max(behind, default=0)
        waiting = {i: {bits.source for bits in self.sources[i]} for i in self.moving}
        done: set[int] = set()
        while waiting:
            ready = [i for i, before in waiting.items() if before <= done]
            place = min(ready, key=lambda i: (self._first(i), -way[i], i))
            del waiting[place]
            done.add(place)
            if self.kinds[place] != "word":
                self._place(place)

    def _first(self, place: int) -> int:
        return max([self.times[bits.source] for bits in self.sources[place]], default=1)

    def _place(self, place: int) -> None:
        start = max(1, self._first(place) - 1)
        while not self._may_start(place, start):
            start += 1
        self._move(place, start + self.latencies[place])

    def _may_start(self, place: int, start: int) -> bool:
        self.times[place] = start + self.latencies[place]
        return self._fits(place) and (not self._shared(place) or self._unit(place) is not None)

    def _shared(self, place: int) -> bool:
        return self.multipliers is not None and self.kinds[place] == "multiply"

    def _unit(self, place: int) -> int | None:
        """Return a multiplier that is free, or its own, in the phase of a product."""
        phase = self.start(place) % self.interval
        free = (
            u for u in range(self.multipliers or 0) if self.busy.get((u, phase), place) == place
        )
        return next(free, None)

    def _move(self, place: int, time: int) -> None:
        if self._shared(place):
            self.busy = {at: other for at, other in self.busy.items() if other != place}
            self.times[place] = time
            unit = self._unit(place)
            assert unit is not None
            self.units[place] = unit
            self.busy[unit, self.start(place) % self.interval] = place
        self.times[place] = time

    def _fits(self, place: int) -> bool:
        """Tell whether an operation's sources are there in its cycle, and it fits into it."""
        start = self.start(place)
        if start < 1:
            return False
        before = 0
        for bits in self.sources[place]:
            source = bits.source
            if self.kinds[source] == "word" or self.times[source] <= start:
                continue
            if self.times[source] > start + 1 or self.apart(source) or self.apart(place):
                return False
            before = max(before, self._depth(source))
        return before == 0 or before + self.delays[place] <= self.fabric.budget

    def apart(self, place: int) -> bool:
        """Tell whether nothing may be in one cycle with it."""
        return self.kinds[place] in APART or self.round(place)

    def round(self, place: int) -> bool:
        """Tell whether it is a round of a random word for which others wait."""
        return self.serial and self.kinds[place] == "hash"

    def passes(self, place: int) -> bool:
        """Tell whether what it gives is there for one cycle, in registers that others need."""
        return self.kinds[place] == "multiply" or self.round(place)

    def _depth(self, place: int) -> int:
        """Return what has gone of a cycle when an operation in it is done."""
        start, before = self.start(place), 0
        for bits in self.sources[place]:
            if self.kinds[bits.source] != "word" and self.times[bits.source] > start:
                before = max(before, self._depth(bits.source))
        return before + self.delays[place]

    def _holds(self, place: int) -> bool:
        """Tell whether an operation and all that follow it within its cycle fit."""
        if not self._fits(place):
            return False
        time = self.times[place]
        for reader, _, _ in self.readers[place]:
            if self.start(reader) < time and not self._holds(reader):
                return False
        return True

    def _improve(self, place: int) -> bool:
        """Move an operation to where it costs least; tell whether that is another time."""
        if self.kinds[place] == "word" or self.round(place):
            return False
        around = {bits.source for bits in self.sources[place]} | {place}
        old = best = self.times[place]
        least = sum(map(self.registers.cost, around))
        for time in self._range(place):
            if time == old:
                continue
            self.times[place] = time
            if self._holds(place) and (not self._shared(place) or self._unit(place) is not None):
                cost = sum(map(self.registers.cost, around))
                if cost < least:
                    best, least = time, cost
        self.times[place] = old
        if best != old:
            self._move(place, best)
        return best != old

    def _range(self, place: int) -> range:
        real = [b.source for b in self.sources[place] if self.kinds[b.source] != "word"]
        first = max([self.times[s] - (not self.apart(s)) for s in real], default=1)
        last = [self.start(reader) + 1 for reader, _, _ in self.readers[place]]
        last += [self.latest] if self.shown[place] else []
        return range(max(first, 1) + self.latencies[place], min(last) + 1)

    def settling(self) -> int:
        """Return the cycles after which all that follows from constants stands."""
        found = [0 for _ in self.kinds]
        for place, operation in enumerate(self.flow.operations):
            if self.steady[place] and operation.operands:
                own = self.kinds[place] not in WIRES
                found[place] = own + max(found[operand] for operand in operation.operands)
        return max(found)

    def reads(self) -> dict[str, tuple[int, ...]]:
        """Return when words are read, by port."""
        found = {}
        for place in self.moving:
            if self.kinds[place] == "word":
                found[self.flow.operations[place].detail] = self.registers.ports(place)
        return {port: found[port] for port in self.flow.words}

    def writes(self) -> dict[str, int]:
        """Return when outlets show what is theirs; a state not before its last read."""
        reads, found = self.reads(), {}
        for port, place in self.outlet.items():
            word = place is not None and self.kinds[place] == "word"
            if place is None:
                time = 1
            elif word:
                time = reads[self.flow.operations[place].detail][0]
            else:
                time = self.times[place]
            kind, name, *_ = self.flow.outlets[port]
            for entry, cycles in reads.items():
                if kind == "state" and self.flow.words[entry][:2] == (kind, name):
                    time = max(time, *cycles)
            found[port] = time
        return found
