"""Loops and memory, as LLVM's text: what a rule's functions are put together from."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

from golden.network.engine.lanes import LONG

WORD = ir.IntType(32)
ONE = ir.VectorType(WORD, 1)


class Emitter:
    """Emits into a module; all that is given to a function is words at addresses, by name."""

    def __init__(self, name: str):
        self.module = ir.Module(name)
        self.b = ir.IRBuilder()
        self.at: dict[str, Any] = {}
        """Addresses."""
        self.tables: dict[tuple[int, ...], Any] = {}

    def _words(self, address: Any, kind: ir.Type = WORD) -> Any:
        return self.b.inttoptr(address, kind.as_pointer())

    def _place(self, name: str, place: Any, kind: ir.Type = LONG) -> Any:
        return self.b.gep(self._words(self.at[name], kind), [place])

    def _load(self, name: str, place: Any, kind: ir.Type = LONG) -> Any:
        loaded = self.b.load(self._place(name, place, kind))
        return loaded if kind == LONG else self.b.sext(loaded, LONG)

    def _store(self, name: str, place: Any, value: Any) -> None:
        self.b.store(value, self._place(name, place, value.type))

    @contextmanager
    def _loop(self, first: Any, last: Any) -> Generator[Any]:
        """Repeat what is emitted within for numbers from ``first`` to below ``last``."""
        b, function = self.b, self.b.function
        head, body, done = (function.append_basic_block(x) for x in ("head", "body", "done"))
        entry = b.block
        b.branch(head)
        b.position_at_end(head)
        number = b.phi(LONG)
        number.add_incoming(first, entry)
        b.cbranch(b.icmp_signed("<", number, last), body, done)
        b.position_at_end(body)
        yield number
        number.add_incoming(b.add(number, long(1)), b.block)
        b.branch(head)
        b.position_at_end(done)

    def _vector(self, number: Any) -> Any:
        """Return a number as a vector of one."""
        word = number if number.type == WORD else self.b.trunc(number, WORD)
        return self.b.insert_element(ir.Constant(ONE, ir.Undefined), word, ir.Constant(WORD, 0))

    def _table(self, entries: tuple[int, ...]) -> Any:
        if entries not in self.tables:
            kind = ir.ArrayType(WORD, len(entries))
            made = ir.GlobalVariable(self.module, kind, f"table{len(self.tables)}")
            made.initializer, made.global_constant, made.linkage = (
                ir.Constant(kind, list(entries)),
                True,
                "internal",
            )
            self.tables[entries] = made
        return self.b.bitcast(self.tables[entries], WORD.as_pointer())


def long(number: int) -> Any:
    """Return a number of 64 bits."""
    return ir.Constant(LONG, number)
