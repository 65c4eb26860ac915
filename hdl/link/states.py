"""State machines with a flip-flop for each state, which is smaller where cells have four inputs."""

from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum

from amaranth.hdl import Cat, Module, Mux, Signal, Value

CHOICES = 8
"""States that can follow one state, itself included."""


class States:
    """A state machine; `finish` adds it to the module when all states are known.

    States are members of any enums, as a machine may be described in several files.

    Parameters
    ----------
    first : Enum
        The state after reset.
    """

    def __init__(self, first: Enum):
        self._first = first
        self._at: dict[Enum, Signal] = {}
        self._choice: dict[Enum, Signal] = {}
        self._following: dict[Enum, list[Enum | None]] = {}
        self._entered: dict[Enum, Value] = {}
        self._current = first

    def flag(self, state: Enum) -> Signal:
        """Return the flip-flop of a state."""
        if state not in self._at:
            begins = state is self._first
            self._at[state] = Signal(name=f"at_{state.name.lower()}", init=begins)
        return self._at[state]

    def at(self, *states: Enum) -> Value:
        """Return whether the machine is in one of these states."""
        return Cat(self.flag(state) for state in states).any()

    @contextmanager
    def state(self, m: Module, state: Enum) -> Generator[None]:
        """Describe a state; like ``m.State``."""
        self._choice[state] = Signal(range(CHOICES), name=f"choice_{state.name.lower()}")
        self._following[state] = [state]
        self._current = state
        with m.If(self.at(state)):
            yield

    def go(self, m: Module, state: Enum | None) -> None:
        """Let a state follow; the last one said counts. None is the one that is entered."""
        following = self._following[self._current]
        if state not in following:
            following.append(state)
        m.d.comb += self._choice[self._current].eq(following.index(state))

    def enter(self, state: Enum, condition: Value) -> None:
        """Let a state follow where the condition is true: then ``go(m, None)`` was said."""
        self._entered[state] = condition

    def finish(self, m: Module) -> None:
        """Add the flip-flops.

        Raises
        ------
        ValueError
            If a state that is asked for or gone to was not described.
        """
        sought = [*self._at, *(state for ways in self._following.values() for state in ways)]
        for state in sought:
            if state and state not in self._choice:
                raise ValueError(f"{state} must be described, not only gone to")
        for state, at in self._at.items():
            ways = [at & (self._choice[state] == 0)]
            if state in self._entered:
                ways.append(self._entered[state])
            for other, following in self._following.items():
                if other is not state and state in following:
                    ways.append(self._choice[other] == following.index(state))
            m.d.sync += at.eq(Cat(ways).any())


def chosen(*terms: tuple[Value, Value]) -> Value:
    """Return the value whose condition is true, of which at most one is; 0 if none is."""
    width = max(len(value) for _, value in terms)
    result = Mux(0, 0, 0)
    for condition, value in terms:
        result = result | Mux(condition, value, 0)
    return result[:width]
