"""State machines with a flip-flop for each state, which is smaller where cells have four inputs."""

from collections.abc import Generator
from contextlib import contextmanager

from amaranth.hdl import Cat, Module, Mux, Signal, Value

CHOICES = 8
"""States that can follow one state, itself included."""


class States:
    """A state machine; `finish` adds it to the module when all states are known.

    Parameters
    ----------
    m : Module
        Where to.
    """

    def __init__(self, m: Module):
        self.m = m
        self._at: dict[str, Signal] = {}
        self._choice: dict[str, Signal] = {}
        self._following: dict[str, list[str]] = {}
        self._entered: dict[str, Value] = {}
        self._current = ""

    def at(self, *names: str) -> Value:
        """Return whether the machine is in one of these states; the first ever asked for begins."""
        for name in names:
            init = not self._at
            self._at.setdefault(name, Signal(name=f"at_{name.lower()}", init=init))
        return Cat(self._at[name] for name in names).any()

    @contextmanager
    def state(self, name: str) -> Generator[None]:
        """Describe a state; like ``m.State``."""
        self._choice[name] = Signal(range(CHOICES), name=f"choice_{name.lower()}")
        self._following[name] = [name]
        self._current = name
        with self.m.If(self.at(name)):
            yield

    @property
    def here(self) -> Signal:
        """Whether the machine is in the state that is being described."""
        return self._at[self._current]

    def go(self, name: str) -> None:
        """Let a state follow; the last one said counts."""
        following = self._following[self._current]
        if name not in following:
            following.append(name)
        self.m.d.comb += self._choice[self._current].eq(following.index(name))

    def leave(self) -> None:
        """Let another state follow, that of `enter`."""
        self.go("")

    def enter(self, name: str, condition: Value) -> None:
        """Let a state follow where the condition is true: together with `leave`."""
        self._entered[name] = condition

    def finish(self) -> None:
        """Add the flip-flops."""
        for name, at in self._at.items():
            ways = [at & (self._choice[name] == 0)]
            if name in self._entered:
                ways.append(self._entered[name])
            for other, following in self._following.items():
                if other != name and name in following:
                    ways.append(self._choice[other] == following.index(name))
            self.m.d.sync += at.eq(Cat(ways).any())


def chosen(*terms: tuple[Value, Value]) -> Value:
    """Return the value whose condition is true, of which at most one is; 0 if none is."""
    width = max(len(value) for _, value in terms)
    result = Mux(0, 0, 0)
    for condition, value in terms:
        result = result | Mux(condition, value, 0)
    return result[:width]
