# pyright: reportAttributeAccessIssue=false
"""A component is cut out of a netlist as it is; what is proved of it is true of the whole."""

import numpy as np
import pytest
from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from sim.mutation.circuit import Circuit
from sim.mutation.equivalence import Proof, equivalent, in_components
from sim.mutation.netlist import drawn
from sim.mutation.parts import alone, around
from tests.sim.test_mutation_equivalence import Counter, truly

N = 40
INNER, OUTER = r"$flatten\within.\limits.", r"$flatten\within."


class Limits(wiring.Component):
    """Tells four from more in the low three of six bits."""

    def __init__(self):
        super().__init__({"i": In(6), "last": Out(1), "more": Out(1)})

    def elaborate(self, platform):
        m = Module()
        low = self.i & 7
        m.d.comb += [self.last.eq(low == 4), self.more.eq(low > 4)]
        return m


class Within(wiring.Component):
    """Counts up to four and begins anew, at first with one; what it counted is in a memory."""

    def __init__(self):
        super().__init__({"go": In(1), "o": Out(3), "seen": Out(1)})

    def elaborate(self, platform):
        m, count = Module(), Signal(3, init=1)
        m.submodules.limits = limits = Limits()
        m.submodules.kept = kept = Memory(shape=3, depth=1, init=[])
        write, read = kept.write_port(), kept.read_port()
        following = Mux(limits.last | limits.more, 0, count + 1)
        m.d.sync += count.eq(Mux(self.go, following, count))
        m.d.comb += [
            limits.i.eq(count),
            self.seen.eq(limits.last | limits.more),
            write.en.eq(self.go),
            write.data.eq(count),
            self.o.eq(read.data),
        ]
        return m


class Nested(wiring.Component):
    """Has another within."""

    def __init__(self):
        super().__init__({"go": In(1), "o": Out(3), "seen": Out(1)})

    def elaborate(self, platform):
        m = Module()
        m.submodules.within = within = Within()
        m.d.comb += [within.go.eq(self.go), self.o.eq(within.o), self.seen.eq(within.seen)]
        return m


class Counting(wiring.Component):
    """Has a counter to 36 within."""

    def __init__(self):
        super().__init__({"go": In(1), "last": Out(1), "more": Out(1)})

    def elaborate(self, platform):
        m = Module()
        m.submodules.counter = counter = Counter(36)
        m.d.comb += [
            counter.go.eq(self.go),
            self.last.eq(counter.last),
            self.more.eq(counter.more),
        ]
        return m


class Bounded(wiring.Component):
    """Counts up to four; it is outside of what tells four from more."""

    def __init__(self):
        super().__init__({"go": In(1), "last": Out(1), "more": Out(1)})

    def elaborate(self, platform):
        m, count = Module(), Signal(3)
        m.submodules.limits = limits = Limits()
        following = Mux(limits.last, 0, count + 1)
        m.d.sync += count.eq(Mux(self.go, following, count))
        m.d.comb += [limits.i.eq(count), self.last.eq(limits.last), self.more.eq(limits.more)]
        return m


@pytest.fixture(scope="module")
def nested():
    """Return a netlist, and the numbers of its mutants."""
    # With this seed some are the same in the component within, others only in the whole.
    netlist = drawn(Nested(), N, 2)
    return netlist, [mutant.number for mutant in netlist.mutants]


def parts(netlist):
    return {mutant.number: list(around(netlist, mutant)) for mutant in netlist.mutants}


# By hand


def test_components_around_a_mutant_are_the_innermost_first(nested):
    netlist, _ = nested
    for mutant in netlist.mutants:
        if not _of_memory(netlist, mutant.number):
            inner = mutant.cell.startswith(INNER)
            assert parts(netlist)[mutant.number] == [INNER] * inner + [OUTER]


def test_ports_of_memories_are_in_no_component(nested):
    netlist, _ = nested
    found = [found for number, found in parts(netlist).items() if _of_memory(netlist, number)]
    assert found
    assert not any(found)


def _of_memory(netlist, number):
    return netlist.mutants[number - 1].port in ("ADDR", "DATA", "EN")


def test_component_alone_has_its_own_registers_and_begins_with_them(nested):
    netlist, _ = nested
    assert Circuit(alone(netlist, INNER, [])).n_registers == 0
    circuit = Circuit(alone(netlist, OUTER, []))
    assert circuit.n_registers == 3
    assert sorted(circuit.complemented) == [0, 0, 1]


# Equality


def test_what_is_the_same_in_a_component_is_the_same_in_the_whole(nested):
    netlist, numbers = nested
    same, circuit = in_components(netlist, numbers), Circuit(netlist.text)
    assert same
    assert all(truly(circuit, number) for number in same)


def test_what_a_component_never_reaches_is_proved_in_it():
    netlist = drawn(Counting(), N, 1)
    circuit = Circuit(netlist.text)
    same = in_components(netlist, range(1, N + 1))
    assert all(truly(circuit, number) for number in same)
    assert not all(Proof(circuit, number).found([], 1) for number in same)


def test_what_only_the_surroundings_hide_is_proved_in_the_whole():
    netlist = drawn(Bounded(), N, 1)
    inside = [mutant.number for mutant in netlist.mutants if list(around(netlist, mutant))]
    circuit = Circuit(netlist.text)
    hidden = {n for n in inside if truly(circuit, n)} - in_components(netlist, inside)
    assert hidden
    run = {"go": np.ones(50, dtype=np.uint64)}
    assert hidden <= equivalent(netlist, hidden, lambda: [run])
