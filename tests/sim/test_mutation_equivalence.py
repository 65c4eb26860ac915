# pyright: reportAttributeAccessIssue=false
"""Mutants that are proved equivalent are so, by all states that two copies reach; and many are."""

from itertools import product

import numpy as np
import pytest
from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from hdl.dense.core import Core
from sim.battery.networks import NETWORKS
from sim.battery.stimuli import expected, stimulus
from sim.mutation.abc_proofs import always_equal, never_differs
from sim.mutation.circuit import Circuit, Graph
from sim.mutation.equivalence import Proof, equivalent
from sim.mutation.heard import on_streams
from sim.mutation.netlist import drawn
from sim.mutation.reached import WORD, claims
from sim.targets.taps import Taps

N = 12
SECONDS = 60
GATES = "t:* t:$dff %d"
"""Where no register loses its name to a mutant: bounds are of those that have one."""


class Sum(wiring.Component):
    """Adds the low two bits of its input to a register of two."""

    def __init__(self):
        super().__init__({"i": In(4), "o": Out(2)})

    def elaborate(self, platform):
        m = Module()
        m.d.sync += self.o.eq(self.o + (self.i & 3))
        return m


class Pipe(wiring.Component):
    """Shows the sum of two inputs a cycle later, if there were any; the register is not held."""

    def __init__(self):
        super().__init__({"valid": In(1), "a": In(2), "b": In(2), "o": Out(3)})

    def elaborate(self, platform):
        m, valid, total = Module(), Signal(), Signal(3)
        m.d.sync += [valid.eq(self.valid), total.eq(Mux(self.valid, self.a + self.b, self.a))]
        m.d.comb += self.o.eq(Mux(valid, total, 0))
        return m


class Counter(wiring.Component):
    """Counts to a number and begins anew; tells of that, and of more if it came to it."""

    def __init__(self, most):
        self.most = most
        super().__init__({"go": In(1), "last": Out(1), "more": Out(1)})

    def elaborate(self, platform):
        m, count = Module(), Signal(range(self.most + 1))
        m.d.comb += [self.last.eq(count == self.most), self.more.eq(count > self.most)]
        m.d.sync += count.eq(Mux(self.go, Mux(self.last, 0, count + 1), count))
        return m


class Five(Counter):
    """Counts to four."""

    def __init__(self):
        super().__init__(4)


class Once(wiring.Component):
    """Counts to one, and tells that it has; any other number would do as well."""

    def __init__(self):
        super().__init__({"go": In(1), "done": Out(1)})

    def elaborate(self, platform):
        m, count = Module(), Signal(2)
        m.d.comb += self.done.eq(count.any())
        m.d.sync += count.eq(Mux(self.go & ~self.done, count + 1, count))
        return m


class Unwritten(wiring.Component):
    """Counts to four, writes into a memory at six, and shows what is in there."""

    def __init__(self):
        super().__init__({"go": In(1), "o": Out(2)})

    def elaborate(self, platform):
        m, count = Module(), Signal(3)
        m.submodules.kept = kept = Memory(shape=2, depth=4, init=[])
        write, read = kept.write_port(), kept.read_port()
        m.d.sync += count.eq(Mux(self.go, Mux(count == 4, 0, count + 1), count))
        m.d.comb += [
            write.en.eq(count == 6),
            write.addr.eq(count),
            write.data.eq(3),
            read.addr.eq(count),
            self.o.eq(read.data),
        ]
        return m


DESIGNS = (Sum, Pipe, Five, Once)


def truly(circuit, number):
    """Tell whether no state that two copies reach together shows a difference."""
    graph, both = circuit.functions(0, number)
    state = ((0,) * circuit.n_registers,) * 2
    seen, left = {state}, [state]
    read = [number for bit, number in circuit.inputs.items() if bit.name != "clk"]
    while left:
        state = left.pop()
        for levels in product((0, 1), repeat=len(read)):
            inputs = [0] * circuit.n_inputs
            for number, level in zip(read, levels, strict=True):
                inputs[number] = level
            found = [
                function.of(Graph(), [*inputs, *registers], graph.gates)
                for function, registers in zip(both, state, strict=True)
            ]
            if found[0][1] != found[1][1]:
                return False
            following = (tuple(found[0][0]), tuple(found[1][0]))
            if following not in seen:
                seen.add(following)
                left.append(following)
    return True


@pytest.fixture(scope="module", params=DESIGNS, ids=lambda design: design.__name__)
def judged(request):
    """Return the name of a design, its circuit without a selector's inputs, and its verdicts."""
    # With this seed, every design has equivalent ones among them.
    netlist = drawn(request.param(), N, 4)
    random = np.random.default_rng(1)
    names = ("i", "valid", "a", "b", "go")
    run = {name: random.integers(0, 16, 200).astype(np.uint64) for name in names}
    numbers = [mutant.number for mutant in netlist.mutants]
    return request.param, netlist, equivalent(netlist, numbers, lambda: [run])


# By hand


def claimed(design):
    """Return the registers of a design, and what is proved of it after a run of 200 cycles."""
    circuit = Circuit(drawn(design, 1, 1, GATES).text)
    run = {"go": np.ones(200, dtype=np.uint64)}
    return circuit, {frozenset(cube) for cube in claims(circuit, [run])}


def test_numbers_that_a_short_counter_never_holds_are_proved():
    circuit, found = claimed(Counter(4))
    word = next(word for word in circuit.words.values() if len(word) == 3)
    assert found == {
        frozenset((word[place], number >> place & 1) for place in range(3)) for number in (5, 6, 7)
    }


def test_largest_number_of_a_long_counter_is_proved():
    circuit, found = claimed(Counter(0b100100))
    word = next(word for word in circuit.words.values() if len(word) == 6)
    assert found == {
        frozenset((word[place], 1) for place in places)
        for places in ((0, 2, 5), (1, 2, 5), (3, 5), (4, 5))
    }


def test_memory_that_is_never_written_is_proved_so():
    circuit, found = claimed(Unwritten())
    words = [word for name, word in circuit.words.items() if WORD.search(name)]
    bits = [number for word in words for number in word.values()]
    assert len(bits) == 4 * 2
    assert {frozenset({(bit, 1)}) for bit in bits} <= found


def test_other_numbers_for_the_same_are_equal_inside_but_differ():
    circuit = Circuit(drawn(Once(), N, 1).text)
    equal = {number for number in range(1, N + 1) if always_equal(circuit, number)}
    never = {number for number in equal if never_differs(circuit, number, SECONDS)}
    assert never < equal
    assert not any(Proof(circuit, number).found([], 1) for number in equal - never)


def test_mutant_that_matters_beyond_a_bound_alone_never_differs():
    netlist = drawn(Counter(0b100100), N, 1)
    circuit = Circuit(netlist.text)
    never = {number for number in range(1, N + 1) if never_differs(circuit, number, SECONDS)}
    assert any(not Proof(circuit, number).found([], 1) for number in never)
    assert all(truly(circuit, number) for number in never)


def test_mutants_of_bits_that_nobody_reads_are_equivalent():
    netlist = drawn(Sum(), N, 1)
    unread = {m.number for m in netlist.mutants if m.bit > 1}
    assert unread
    assert unread <= equivalent(netlist, unread, list)


# Equality


def test_what_is_proved_is_true(judged):
    _, netlist, same = judged
    circuit = Circuit(netlist.text)
    assert same
    assert all(truly(circuit, number) for number in same)


def test_nothing_that_is_true_is_missed_in_small_designs(judged):
    _, netlist, same = judged
    circuit = Circuit(netlist.text)
    missed = {m for m in netlist.mutants if m.number not in same and truly(circuit, m.number)}
    assert not missed


def test_gates_of_a_core_go_through_the_phases_of_its_record():
    name = "ties"
    taps = Taps(Core(NETWORKS[name].built))
    circuit = Circuit(drawn(taps, 1, 1).text)
    word = circuit.words["core.sequencer.value"]
    codes = taps.core.sequencer.state.phase.codes
    run = on_streams(taps.core.interface.streams(taps.core.p), [(stimulus(name), expected(name))])
    bits, _ = circuit.trace(run, [word[place] for place in sorted(word)])
    phases = (bits.astype(np.int64) << np.arange(len(word))).sum(axis=1)
    shown = np.array([phase.value for phase in codes])[phases]
    assert np.array_equal(shown, expected(name)["phase"])
