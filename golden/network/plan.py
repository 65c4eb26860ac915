"""A built network, and its file: a blueprint without the Python that has made it.

An archive of `golden.command.archive`: plain arrays of int64 and one JSON text, ``meta``, under
one checksum. ``meta`` holds ``format``, ``version``, ``blueprint`` (the hash of the network's
integers), ``dt`` (ms), ``seed``, ``notes`` (lines about what rounding did), ``shapes`` of all
members, and lists: ``groups`` (`golden.network.file.groups`), ``rows``, ``drives``, ``gaps`` and
``rewards`` (`golden.network.file.links`).

Nothing is believed: sizes, numbers and names are checked, ranges of programs worked out again
(`golden.network.file.listing`), and at last the hash. So whoever gets a plan from `load` may run
it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from golden.command.archive import DAMAGE, Shapes, packed, unpacked
from golden.command.atomic import write_atomically
from golden.network.blueprint import Blueprint
from golden.network.file.groups import put_groups, take_groups
from golden.network.file.links import LinkReader, put_drive, put_gaps, put_reward, put_rows
from golden.network.file.members import (
    Entry,
    MemberReader,
    MemberWriter,
    PlanFileError,
    each,
    shapes,
    shown,
)
from golden.network.limits import check_sums
from golden.numbers.formats import Array

FORMAT, VERSION = "goldspike-network", 2
FIELDS = "format version blueprint dt seed notes shapes groups rows drives gaps rewards"


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """A built network: its blueprint, and lines about what rounding did, which a prompt shows."""

    blueprint: Blueprint
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.notes)

    def save(self, path: str | Path) -> None:
        """Write it into a file: whole, or not at all.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        b, writer = self.blueprint, MemberWriter()
        told = {
            "dt": b.dt,
            "seed": b.seed,
            "notes": list(self.notes),
            "groups": put_groups(b.groups, writer),
            "rows": [put_rows(k, x, writer) for k, x in enumerate(b.rows)],
            "drives": [put_drive(k, x, writer) for k, x in enumerate(b.drives)],
            "gaps": [put_gaps(k, x, writer) for k, x in enumerate(b.gaps)],
            "rewards": [put_reward(k, x, writer) for k, x in enumerate(b.rewards)],
        }
        meta = {"format": FORMAT, "version": VERSION, "blueprint": b.sha256(), **told}
        members = writer.members
        write_atomically(Path(path), packed({**meta, "shapes": writer.shapes}, members))


def load(path: str | Path) -> Plan:
    """Read a network's file.

    Raises
    ------
    PlanFileError
        If it is none, of another version, damaged, or holds what is impossible.
    OSError
        If it cannot be read.
    """
    content = Path(path).read_bytes()
    try:
        return _plan(*unpacked(content, _judged))
    except DAMAGE as error:
        raise PlanFileError(f"{path} must be an intact Goldspike network: {error}") from None


def _judged(meta: dict[str, Any]) -> Shapes:
    """Refuse a meta that is none; return the shapes of what is beside it."""
    if meta.get("format") != FORMAT:
        raise PlanFileError(f"format must be {FORMAT!r}")
    if meta.get("version") != VERSION:
        raise PlanFileError(f"version must be {VERSION}, not {shown(meta.get('version'))}")
    return shapes(meta.get("shapes"))


def _plan(meta: dict[str, Any], members: dict[str, Array]) -> Plan:
    told, reader = Entry("meta", meta, FIELDS), MemberReader(members)
    dt = told.number("dt")
    if not dt > 0:
        raise PlanFileError(f"dt must be above 0 ms, not {dt:g}")
    groups = take_groups(told.items("groups"), dt, reader)
    links = LinkReader(groups, dt, reader)
    blueprint = Blueprint(
        dt,
        told.whole("seed", 0, (1 << 32) - 1),
        groups,
        each("rows", told.items("rows"), links.rows),
        each("drive", told.items("drives"), links.drive),
        each("gaps", told.items("gaps"), links.gaps),
        each("rewards", told.items("rewards"), links.reward),
    )
    reader.finish()
    check_sums(blueprint.groups, blueprint.rows, blueprint.drives, blueprint.gaps)
    notes = told.items("notes")
    if not all(isinstance(note, str) for note in notes):
        raise PlanFileError("notes must be texts")
    if blueprint.sha256() != told["blueprint"]:
        raise PlanFileError("its integers must have the hash that it claims")
    return Plan(blueprint, tuple(notes))
