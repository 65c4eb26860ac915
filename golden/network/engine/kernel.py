"""A program compiled: one step of a group of neurons.

Neurons lie in blocks of `LANES`; in a block every word (states, constants that differ from neuron
to neuron, flag of a spike, margin) has `LANES` places in a row. So the distance between two words
of a neuron is known when the loop over a block is compiled, and it becomes vector instructions.
Places of the last block that are no neuron's are computed too, but nothing is counted there.
Values whose proven range fits are computed in int32, the others in int64.
"""

import hashlib
import importlib.util
import sys
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import config

from golden.cells.program import Program
from golden.cells.value import Value
from golden.command.atomic import write_atomically
from golden.numbers.compiled import FOLDER, OPTIONS

LANES = 64
CONDITIONS = ("less", "and", "or", "not")
POINTER = types.CPointer(types.int32)
SIGNATURE = types.int64(
    POINTER,
    POINTER,
    types.int64,
    types.int64,
    POINTER,
    POINTER,
    types.CPointer(types.uint32),
    types.int64,
    POINTER,
    types.CPointer(types.int64),
)
"""words, sums, distance of two receptors' sums, neurons, shared constants, tables, keys of the
step, number of the first neuron, fired neurons (written), counts; returns how many fired."""

FORMS = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "less": "{0} < {1}",
    "and": "{0} & {1}",
    "or": "{0} | {1}",
    "not": "not {0}",
    "left": "{0} << {detail}",
    "floor": "{0} >> {detail}",
    "shift": "{0} >> {1}",
    "within": "{0}",
    "select": "{1} if {0} else {2}",
    "minimum": "{0} if {0} < {1} else {1}",
    "maximum": "{1} if {0} < {1} else {0}",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the words of a block are, and what is shared by all neurons of a group."""

    rows: dict[str, int]
    """Rows of a block: ``state v``, ``constant a``, ``spike``, ``margin``."""
    shared: dict[str, int]
    """Places of constants that are the same for all."""
    tables: dict[tuple, int]
    """Where each table begins."""

    @classmethod
    def of(cls, program: Program) -> "Layout":
        """Lay out the words of a program."""
        names = [f"state {s.name}" for s in program.states]
        names += [f"constant {c.name}" for c in program.constants if c.values.ndim]
        rows = {name: i for i, name in enumerate([*names, "spike", "margin"])}
        shared = [c.name for c in program.constants if not c.values.ndim]
        tables, end = {}, 0
        for value in program.values:
            if value.operation == "table" and value.detail not in tables:
                tables[value.detail] = end
                end += len(value.detail)
        return cls(rows, {name: i for i, name in enumerate(shared)}, tables)

    def table_words(self) -> np.ndarray:
        """Return all tables, one behind the other."""
        return np.array([x for table in self.tables for x in table], np.int32)


HEAD = """\
from numpy import int32 as i32, int64 as i64, uint32 as u32


def kernel(words, sums, apart, neurons, shared, tables, keys, first, fired, counts):
    n = 0
    {loads}
    for block in range((neurons + {lanes} - 1) // {lanes}):
        base = block * {span}
        here = block * {lanes}
        real = i32(min(neurons - here, {lanes}))
        some = i32(0)
        {zeros}
        for lane in range({lanes}):
            {body}
        {totals}
        if some:
            for lane in range({lanes}):
                if words[base + {spike} + lane]:
                    fired[n] = i32(here + lane)
                    n += 1
    return n
"""


def source(program: Program) -> str:
    """Return the text of the kernel."""
    layout = Layout.of(program)
    counters = range(len(program.counters()))
    body = [_assignment(value, program, layout) for value in program.values]
    places = {f"state {name}": place for name, place in program.written.items()}
    places |= {"spike": program.spike, "margin": program.margin}
    for name, place in places.items():
        body.append(f"words[base + {layout.rows[name] * LANES} + lane] = i32(v{place})")
    body.append(f"some |= i32(v{program.spike})")
    return HEAD.format(
        loads="\n    ".join(f"c{i} = i32(shared[{i}])" for i in layout.shared.values()),
        span=len(layout.rows) * LANES,
        lanes=LANES,
        zeros="\n        ".join(f"n{i} = i32(0)" for i in counters),
        body="\n            ".join(body),
        totals="\n        ".join(f"counts[{i}] += n{i}" for i in counters),
        spike=layout.rows["spike"] * LANES,
    )


def _assignment(value: Value, program: Program, layout: Layout) -> str:
    """Return the line, or lines, that compute one value."""
    name, kind = f"v{value.index}", "i32" if _narrow(value) else "i64"
    if value.operation in FORMS:
        operands = [_operand(program.values[place], value) for place in value.operands]
        text = FORMS[value.operation].format(*operands, detail=value.detail)
        return f"{name} = {text if value.operation in CONDITIONS else f'{kind}({text})'}"
    return _special(value, program, layout, name, kind)


def _special(value: Value, program: Program, layout: Layout, name: str, kind: str) -> str:
    detail = value.detail
    first = _operand(program.values[value.operands[0]], value) if value.operands else ""
    match value.operation:
        case "state":
            return f"{name} = i32(words[base + {layout.rows[f'state {detail}'] * LANES} + lane])"
        case "arrival":
            order = [r.name for r in program.receptors].index(str(detail))
            return f"{name} = i32(sums[{order} * apart + here + lane])"
        case "constant" if detail in layout.shared:
            return f"{name} = c{layout.shared[str(detail)]}"
        case "constant":
            row = layout.rows[f"constant {detail}"]
            return f"{name} = i32(words[base + {row * LANES} + lane])"
        case "number":
            return f"{name} = {kind}({detail})"
        case "round":
            return f"{name} = {kind}(({first} + {1 << (detail - 1)}) >> {detail})"
        case "low":
            return f"{name} = {kind}({first} & {(1 << detail) - 1})"
        case "table":
            return f"{name} = {kind}(tables[{layout.tables[detail]} + {first}])"
        case "clip" | "saturate":
            low, high = detail[:2]
            text = f"{kind}({low} if {first} < {low} else {high} if {first} > {high} else {first})"
            if value.operation == "clip":
                return f"{name} = {text}"
            counter = [v.index for v in program.values if v.operation == "saturate"].index(
                value.index
            )
            return f"{name} = {text}; n{counter} += i32(({name} != {first}) & (lane < real))"
        case "random":
            return _random(name, *detail)
    raise ValueError(f"operation must be one of golden.cells.value, not {value.operation}")


def _random(name: str, purpose: int, width: int) -> str:
    """Return the text of `golden.numbers.hash.words`, round by round."""
    lines = [
        "x = u32(first + here + lane)",
        "y = u32(x & u32(65535))",
        f"x = u32(u32({purpose << 8}) | (x >> u32(16)))",
    ]
    for i in range(6):
        lines += [
            "x = u32((((x >> u32(7)) | (x << u32(9))) & u32(65535)) + y & u32(65535))",
            f"x = u32(x ^ u32(keys[{i}]))",
            "y = u32((((y << u32(2)) | (y >> u32(14))) & u32(65535)) ^ x)",
        ]
    word = "u32((x << u32(16)) | y)"
    return "; ".join([*lines, f"{name} = i64({word} >> u32({32 - width}))"])


def _narrow(value: Value) -> bool:
    return value.low >= -(1 << 31) and value.high < 1 << 31


def _operand(operand: Value, reader: Value) -> str:
    """Return an operand's name, widened if the result needs it."""
    name = f"v{operand.index}"
    if operand.operation in CONDITIONS:
        logical = reader.operation in {*CONDITIONS, "select"}
        return name if logical else f"i64({name})"
    return name if _narrow(reader) and _narrow(operand) else f"i64({name})"


def compiled(program: Program) -> int:
    """Return the address of the compiled kernel; it is kept on disk, by its text."""
    text = source(program)
    return _load(text).address


_LOADED: dict[str, Any] = {}


def _load(text: str) -> Any:
    """Return the compiled kernel of a text."""
    if text not in _LOADED:
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        function = _function(text, f"goldspike_kernel_{digest}")
        previous = config.CACHE_DIR
        config.CACHE_DIR = str(FOLDER or "")
        try:
            _LOADED[text] = numba.cfunc(SIGNATURE, cache=FOLDER is not None, **OPTIONS)(function)
        finally:
            config.CACHE_DIR = previous
    return _LOADED[text]


def _function(text: str, name: str) -> Any:
    """Return the kernel as a Python function; from a file where it can be kept, as numba asks."""
    if FOLDER is None:
        space: dict[str, Any] = {}
        exec(text, space)
        return space["kernel"]
    path = FOLDER / f"{name}.py"
    if not path.exists():
        write_atomically(path, text.encode())
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module.kernel
