"""A cell's program in a network's file.

``program`` of a group is a dict:

================ ===============================================================================
``operand_bits`` of a factor
``states``       of each ``name``, ``width``, ``point``, ``unit``, ``zero``, ``measure``, ``start``
``receptors``    of each ``name``, ``width``, ``point``, ``unit``, ``zero`` and ``measure``
``constants``    of each ``name``, ``point``, ``values`` and ``exact``, which was asked for
``operations``   rows as `golden.network.file.listing` has them
``written``      operation that gives the new value of each state, in their order
``spike``        operation that says who spikes
``margin``       operation that says by how much
``potential``    name of the state that is drawn
================ ===============================================================================

A number that differs from neuron to neuron is the text ``each``, and a member ``group N state K
start``, ``... unit``, ``... zero``, ``group N constant K values`` or ``... exact``.
"""

from typing import Any

import numpy as np

from golden.cells.program import WORD_BITS, Constant, Program, Receptor, Scale, StateWord
from golden.network.file.listing import MOST_POINT, Retrace, listed, whole
from golden.network.file.members import Entry, MemberReader, MemberWriter, PlanFileError, each

FIELDS = "operand_bits states receptors constants operations written spike margin potential"
LARGEST = (1 << (WORD_BITS - 1)) - 1


def put_program(program: Program, at: str, writer: MemberWriter) -> dict[str, Any]:
    """Return a program as JSON values, and put its arrays into members ``at ...``."""

    def scale(of: Scale, place: str) -> dict[str, Any]:
        return {
            "point": of.point,
            "unit": writer.floats(f"{place} unit", of.unit),
            "zero": writer.floats(f"{place} zero", of.zero),
            "measure": of.measure,
        }

    states = []
    for k, s in enumerate(program.states):
        start = writer.integers(f"{at} state {k} start", s.start)
        word = {"name": s.name, "width": s.width, **scale(s.scale, f"{at} state {k}")}
        states.append({**word, "start": start})
    receptors = [
        {"name": r.name, "width": r.width, **scale(r.scale, f"{at} receptor {k}")}
        for k, r in enumerate(program.receptors)
    ]
    constants = [
        {
            "name": c.name,
            "point": c.point,
            "values": writer.integers(f"{at} constant {k} values", c.values),
            "exact": writer.floats(f"{at} constant {k} exact", c.exact),
        }
        for k, c in enumerate(program.constants)
    ]
    return {
        "operand_bits": program.operand_bits,
        "states": states,
        "receptors": receptors,
        "constants": constants,
        "operations": listed(program),
        "written": list(program.written.values()),
        "spike": program.spike,
        "margin": program.margin,
        "potential": program.potential,
    }


def take_program(given: Any, at: str, size: int, dt: float, reader: MemberReader) -> Program:
    """Return a program of ``size`` neurons.

    Raises
    ------
    ValueError
        If it is none, or claims what is not so.
    """
    entry = Entry("program", given, FIELDS)
    words = _Words(at, size, reader)
    states = each("state", entry.items("states"), words.state)
    receptors = each("receptor", entry.items("receptors"), words.receptor)
    constants = each("constant", entry.items("constants"), words.constant)
    for what, known in (("state", states), ("receptor", receptors), ("constant", constants)):
        if len({word.name for word in known}) < len(known):
            raise PlanFileError(f"a {what}'s name must be its own")
    bits = entry.whole("operand_bits", 1, WORD_BITS - 1)
    values = Retrace(dt, bits, states, receptors, constants).values(entry["operations"])
    written = entry.items("written")
    if len(written) != len(states) or not all(whole(x, 0, len(values) - 1) for x in written):
        raise PlanFileError(f"written must be an operation for each of {len(states)} states")
    program = Program(
        values=values,
        states=states,
        receptors=receptors,
        constants=constants,
        written={s.name: place for s, place in zip(states, written, strict=True)},
        spike=entry.whole("spike", 0, len(values) - 1),
        margin=entry.whole("margin", 0, len(values) - 1),
        potential=entry.text("potential", empty=True),
        operand_bits=bits,
    )
    _check(program)
    return program


def _check(p: Program) -> None:
    """Refuse a program whose results are not what they are used for."""
    for state in p.states:
        value = p.values[p.written[state.name]]
        if value.width > state.width or value.point != state.scale.point:
            raise PlanFileError(
                f"what is written to {state.name} must have {state.width} bits and point "
                f"{state.scale.point}, not {value.width} and {value.point}"
            )
    p.values[p.spike].asked()
    if p.values[p.margin].width > WORD_BITS:
        raise PlanFileError(f"margin must have {WORD_BITS} bits, not {p.values[p.margin].width}")
    if p.states or p.potential:
        p.state(p.potential)
    used = {v.detail for v in p.values if v.operation == "constant"}
    for constant in p.constants:
        if constant.name not in used:
            raise PlanFileError(f"constant {constant.name} must be used")


class _Words:
    """Reads the words of a program."""

    def __init__(self, at: str, size: int, reader: MemberReader):
        self._at, self._size, self._reader = at, size, reader

    def state(self, number: int, given: Any) -> StateWord:
        entry = Entry("it", given, "name width point unit zero measure start")
        place = f"{self._at} state {number}"
        width = entry.whole("width", 1, WORD_BITS)
        ends = -(1 << (width - 1)), (1 << (width - 1)) - 1
        start = self._reader.integers(f"{place} start", entry["start"], self._size, *ends)
        return StateWord(entry.text("name"), width, self._scale(entry, place), start)

    def receptor(self, number: int, given: Any) -> Receptor:
        entry = Entry("it", given, "name width point unit zero measure")
        width = entry.whole("width", 1, WORD_BITS)
        place = f"{self._at} receptor {number}"
        return Receptor(entry.text("name"), width, self._scale(entry, place))

    def constant(self, number: int, given: Any) -> Constant:
        entry = Entry("it", given, "name point values exact")
        place, size = f"{self._at} constant {number}", self._size
        return Constant(
            entry.text("name"),
            self._reader.integers(f"{place} values", entry["values"], size, -LARGEST, LARGEST),
            entry.whole("point", -MOST_POINT, MOST_POINT),
            np.asarray(self._reader.floats(f"{place} exact", entry["exact"], size)),
        )

    def _scale(self, entry: Entry, place: str) -> Scale:
        unit, zero = (
            self._reader.floats(f"{place} {name}", entry[name], self._size)
            for name in ("unit", "zero")
        )
        if not np.all(unit):
            raise PlanFileError("unit must not be 0")
        measure = entry.text("measure", empty=True)
        return Scale(entry.whole("point", -MOST_POINT, MOST_POINT), unit, zero, measure)
