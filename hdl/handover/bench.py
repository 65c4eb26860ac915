"""The test bench that runs under a simulator of Verilog alone, and the template of an instance."""

from collections.abc import Iterator
from pathlib import Path

from amaranth.hdl import Value
from amaranth.lib import wiring

from golden.dense.declaration import COUNT, DATA
from golden.dense.interface import streams
from golden.dense.params import Params
from golden.dense.timing.costs import costs
from golden.numbers.fields import Field
from golden.numbers.formats import Fmt
from hdl.handover.expected import BenchRun
from hdl.handover.lists import bits
from hdl.wrappers.addresses import OWN, WordAddresses
from hdl.wrappers.axi import BYTE_BITS, AxiCore
from hdl.wrappers.presenter import BAD_AT, N_SPIKES_AT
from hdl.wrappers.wishbone import Own, PipelinedWishboneCore, WishboneCore
from hdl.wrappers.wrapped import Wrapped

TEXTS = Path(__file__).parent
CYCLES = Fmt(32, signed=False)
RESET_CYCLES = 4
LEARN_BITS = 1
DRIVERS = {
    AxiCore: "axi.v",
    WishboneCore: "wishbone.v",
    PipelinedWishboneCore: "wishbone.v",
}
"""What moves the ports of wrappers, as ``stream.v`` those of the core."""
SAMPLE = 2048
"""Weights that are read back if nobody asks for all: a simulator takes a minute for 20,000."""


def shown_fields(p: Params) -> tuple[Field, ...]:
    """Return what a word of ``presentations.mem`` holds: a `hdl.handover.expected.ShownImage`.

    Every number begins at a digit of its own.
    """
    wide = {"learn": LEARN_BITS, "given": p.label.width, "label": p.label.width}
    wide |= {"n_spikes": COUNT.width, "cycles": CYCLES.width}
    return tuple(Field(name, Fmt(-(-width // 4) * 4, signed=False)) for name, width in wide.items())


def bench(module: str, core: wiring.Component, p: Params, done: BenchRun) -> str:
    """Return the test bench of a core made for ``p``."""
    driver = _text(DRIVERS.get(type(core), "stream.v"))
    driver = driver.replace("@INSTANCE@", instance(module, core, "dut", "  "))
    text = _text("bench.v").replace("@MODULE@", module)
    return text.replace("@CONSTANTS@", constants(core, p, done)).replace(
        "@DRIVER@", driver.rstrip()
    )


def _text(name: str) -> str:
    return (TEXTS / name).read_text(encoding="utf-8")


def constants(core: wiring.Component, p: Params, done: BenchRun) -> str:
    """Return sizes and places, as Verilog."""
    ports = streams(p)
    numbers = {
        "PIXELS": p.height * p.width,
        "IMAGES": len(done.images),
        "WRITES": len(done.writes),
        "READS": len(done.reads),
        "OTHERS_READ": done.n_others_read,
        "RESET_CYCLES": RESET_CYCLES,
        "PATIENCE": patience(p, done),
        "PIXEL_BITS": p.pixel.width,
        "START_BITS": bits(ports["start"].fields),
        "RESULT_BITS": bits(ports["result"].fields),
        "BUS_BITS": bits(ports["bus"].fields),
        "DATA_BITS": DATA.width,
        "DATA_AT": bits(ports["bus"].fields) - DATA.width,
        "LABEL_BITS": p.label.width,
        "N_SPIKES_BITS": COUNT.width,
        "CYCLES_BITS": CYCLES.width,
        "SHOWN_BITS": bits(shown_fields(p)),
        **dict(_places(p)),
        # Whoever stands before a wrapper does not see when a presentation begins.
        "EXACT": int(not isinstance(core, Wrapped)),
        **(_addresses(core) if isinstance(core, Wrapped) else {}),
    }
    lines = [f"  localparam {name} = {number};" for name, number in numbers.items()]
    some = -(-(len(done.reads) - done.n_others_read) // SAMPLE) | 1
    variants = (
        "`ifdef WHOLE  // All weights are read back, not only some.",
        "  localparam STRIDE = 1;",
        "`else",
        f"  localparam STRIDE = {some};",
        "`endif",
        "`ifdef GOLDSPIKE_WEIGHTS  // The weight memory holds the model from the beginning.",
        f"  localparam LOADED = {done.n_others};",
        "`else",
        "  localparam LOADED = WRITES;",
        "`endif",
    )
    return "\n".join([*lines, *variants])


def _places(p: Params) -> Iterator[tuple[str, int]]:
    low = 0
    for field in shown_fields(p):
        yield f"{field.name.upper()}_AT", low
        low += field.fmt.width


def _addresses(core: Wrapped) -> dict[str, int]:
    """Return where a wrapper's words are, and what is where in requests and results."""
    at, (write, region, index, _) = WordAddresses(core.p), streams(core.p)["bus"].fields
    return {
        "REGION_AT": bits((write,)),
        "REGION_BITS": bits((region,)),
        "INDEX_AT": bits((write, region)),
        "INDEX_BITS": bits((index,)),
        "PLACE_BITS": at.index_bits,
        "ADDRESS_BITS": at.bits + (BYTE_BITS if isinstance(core, AxiCore) else 0),
        **{f"{word.name}_WORD": at.place(OWN, word) for word in Own},
        "TOLD_SPIKES_AT": N_SPIKES_AT,
        "TOLD_BAD_AT": BAD_AT,
        "PIPELINED": int(isinstance(core, PipelinedWishboneCore)),
    }


def patience(p: Params, done: BenchRun) -> int:
    """Return cycles in which something must move: twice the longest that golden knows."""
    return 2 * (max(one.cycles for one in done.shown) + costs(p).filling)


def instance(module: str, core: wiring.Component, name: str, indent: str) -> str:
    """Return an instance whose every port is connected to a signal of the port's name."""
    connected = ",\n".join(f"{indent}  .{port}({port})" for port, _, _ in ports(core))
    return f"{indent}{module} {name} (\n{connected}\n{indent});"


def template(module: str, core: wiring.Component) -> str:
    """Return the declarations of all signals of a core, and an instance of it, to be copied."""
    signals = "".join(
        f"{'reg ' if is_input else 'wire'} {_range(width)}{port};\n"
        for port, is_input, width in ports(core)
    )
    about = (
        f"// To be copied: signals for an instance of {module}, whose ports {module}.v explains."
    )
    return f"{about}\n\n{signals}\n{instance(module, core, f'my_{module}', '')}\n"


def _range(width):
    return f"[{width - 1}:0] " if width > 1 else ""


def ports(core: wiring.Component) -> Iterator[tuple[str, bool, int]]:
    """Yield name, direction (whether it is an input) and bits of every port."""
    yield from (("clk", True, 1), ("rst", True, 1))
    for path, member, value in core.signature.flatten(core):
        yield "__".join(map(str, path)), member.flow is wiring.In, len(Value.cast(value))
