"""What a core adds to the link: requests of its own, counters, and how it is made ready."""

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from amaranth.hdl import C, Module, Value

from hdl.link.graph import LinkState

if TYPE_CHECKING:
    from hdl.link.executor import Executor
    from hdl.link.totals import Totals


class Ask(NamedTuple):
    """A request that a service does."""

    first: Enum
    """The state that begins it; it ends in `LinkState.ANSWER`, or fails."""
    length: int | None
    """Bytes of its payload, None for any number. The first of them is in ``value`` in ``first``;
    where there is none of any number, `LinkState.ANSWER` follows at once."""
    answer: int = 0
    """Bytes of its answer, without the status."""
    tell: Enum | None = None
    """The state in which bytes of the answer are given, if there is any; it ends in
    `LinkState.END` or with `Totals.begin`."""


class Service:
    """A core that is read, written and reset, and nothing else; the others derive from this.

    A service describes states of the executor, in its module and with its verbs: ``states``,
    ``take``, ``fetch``, ``answer`` and ``fail``. What is a `Value` here is asked for when the
    module is made, after `describe`.
    """

    asks: Mapping[int, Ask] = {}
    """By op, which is 20h to 23h or 30h to 33h."""
    watched: Mapping[str, str] = {}
    """Fields of the core's record that it needs, by the name of the executor's port."""
    event_bytes: int = 1
    """Bytes of the tally's second counter."""
    counters: int = 0
    """Counters that it adds to; those of the link lie behind."""
    ready: Enum = LinkState.ANSWER
    """The state in which HELLO and RESET make the core ready; it ends in `LinkState.ANSWER`."""
    settle: tuple[Enum, Enum] | None = None
    """The state in which what it `owes` is awaited, which ends in `Totals.begin`, and the one
    behind its last counter, which ends in `LinkState.BEGIN`; None if it never owes anything."""
    refusal: int = 0
    """The status with which READ and WRITE are refused while the core is `occupied`; 0 if it never
    is between two requests."""

    def describe(self, m: Module, executor: "Executor", totals: "Totals") -> None:
        """Add states and registers."""

    def renew(self, m: Module, executor: "Executor") -> None:
        """RESET, in `LinkState.RENEW`: reset the core."""
        m.d.comb += executor.restart.eq(1)

    def occupied(self) -> Value:
        """Return whether the core is at work, and its bus would not answer."""
        return C(0)

    def owes(self, executor: "Executor") -> Value:
        """Return whether the request must wait until something is done that was answered before."""
        return C(0)

    def end(self, m: Module, executor: "Executor") -> None:
        """Do what must be done in `LinkState.END`, from where all of the answer has been given."""

    def state(self) -> Value:
        """Return the byte about the core in the answer to STATUS."""
        return C(0, 8)

    def operand(self, executor: "Executor") -> Value:
        """Return a byte: of the answer in the states `Ask.tell`, else of what is counted.

        In `LinkState.TOTAL` and `LinkState.ADD`, it is the byte ``part`` of what the counter
        ``counter`` gets.
        """
        return C(0, 8)

    def adds(self, executor: "Executor") -> Value:
        """Return whether the request adds to the service's counters behind `Totals.begin`."""
        return C(0)

    def told(self, executor: "Executor") -> Value:
        """Return whether the byte that is added in `LinkState.ADD` is also told."""
        return C(0)

    def one_more(self, executor: "Executor") -> Value:
        """Return whether the counter behind ``counter`` gets one more than `operand` says."""
        return C(0)
