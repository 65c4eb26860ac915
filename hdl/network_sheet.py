"""The data sheet of a network core: ports, kinds, registers and regions, as lines of text."""

from collections.abc import Iterator

from golden.network.chip import Chip
from golden.network.interface import Region, added, extents, registers, streams
from hdl.dense.datasheet import ports
from hdl.network.core import NetworkCore


def network_sheet(core: NetworkCore) -> str:
    """Return the text about a core, with the ports that it has."""
    chip = core.p
    parts = {
        "Ports": ports(core, streams(chip)),
        "Kinds of cells": _kinds(chip),
        "Registers (region 0): index, name, bits; all are 0 after reset": _registers(chip),
        "Regions of the bus: words x bits": _regions(chip),
    }
    return "\n\n".join(
        "\n".join([title, *(f"  {x}" for x in told)]) for title, told in parts.items()
    )


def _kinds(chip: Chip) -> Iterator[str]:
    for kind in chip.kinds:
        own = f", with {', '.join(kind.varying)} of its own" if kind.varying else ""
        latency = kind.schedule(chip.fabric).latency
        yield (
            f"{kind.name:<20}{kind.slots:>6} neurons, one every {kind.interval} cycles{own}; "
            f"pipeline of {latency} cycles for {chip.fabric.name}"
        )


def _registers(chip: Chip) -> Iterator[str]:
    for index, (name, bits) in enumerate(registers(chip).items()):
        yield f"{index:>2}  {name:<30}{bits:>3}"


def _regions(chip: Chip) -> Iterator[str]:
    names = [region.name.lower() for region in Region]
    names += [f"{chip.kinds[kind].name} {word.name}" for kind, word in chip.words]
    names += added(chip)
    for number, (name, (words, bits)) in enumerate(zip(names, extents(chip), strict=True)):
        yield f"{number:>2}  {name:<30}{words:>7} x {bits}"
