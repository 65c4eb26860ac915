"""The data sheet of a core: ports, parameters, registers, memories and times, as lines of text."""

from collections.abc import Iterator, Mapping
from itertools import accumulate

from amaranth.hdl import Value
from amaranth.lib import data, wiring

from golden.dense.declaration import ParameterKind, declarations
from golden.dense.interface import MemoryMap, Region, streams
from golden.dense.params import Params
from golden.dense.registers import STATE, register_map, values
from golden.dense.timing.costs import HOST, costs, per_position
from golden.numbers.fields import StreamPort

MEANING = {
    "clk": "clock, rising edge",
    "rst": "reset, synchronous, active high; leaves the memories as they are",
    "probe": "what is written in this cycle; for the lock-step, connect nothing",
}


def datasheet(core: wiring.Component, p: Params) -> str:
    """Return the text about a core that is made for ``p`` and has the ports of ``core``."""
    parts = {
        "Ports": ports(core, streams(p)),
        "Fixed parameters": parameters(p),
        "Registers (region 0): index, name, bits, signed, value after reset": registers(p),
        "Regions of the bus": regions(p),
        "Memories: words x bits": memories(p),
        "Times, in clock cycles": times(p),
    }
    return "\n\n".join("\n".join([title, *(f"  {x}" for x in parts[title])]) for title in parts)


def ports(core: wiring.Component, known: Mapping[str, StreamPort]) -> Iterator[str]:
    """Say direction, name, bits and meaning of every port; all but probe, clk, rst are streams."""
    meaning = MEANING | {name: port.meaning for name, port in known.items()}
    for name in ("clk", "rst"):
        yield f"{'input':<7}{name:<20}{1:>6}  {meaning[name]}"
    for path, member, value in core.signature.flatten(core):
        name = "__".join(map(str, path))
        way = "input" if member.flow is wiring.In else "output"
        n_bits = len(Value.cast(value))
        yield f"{way:<7}{name:<20}{n_bits:>6}  {_about(path, member.shape, meaning)}"


def _about(path, kind, meaning):
    port, *part = path
    if part == ["valid"]:
        return "the payload is there, and stays until it is taken"
    if part == ["ready"]:
        return "the payload is taken in this cycle, if it is there"
    if not isinstance(kind, data.StructLayout):
        return meaning[port]
    places = [(name, field.offset, field.width) for name, field in kind]
    bits = ", ".join(f"{name} [{low + n - 1}:{low}]" for name, low, n in reversed(places))
    return f"{meaning[port]}: {bits}"


def parameters(p: Params) -> Iterator[str]:
    """Say what no register changes; names and meanings are those of `golden.dense.params`."""
    yield from (
        f"{name} = {getattr(p, name)}"
        for name, each in declarations(type(p)).items()
        if each.kind is ParameterKind.FIXED
    )


def registers(p: Params) -> Iterator[str]:
    """Say index, name, bits, signedness and value after reset of every register."""
    start = dict.fromkeys(STATE, 0) | {"lfsr": 1} | values(p, p)
    for index, (name, kind) in enumerate(register_map(p).items()):
        sign = "signed" if kind.signed else "unsigned"
        yield f"{index:>2}  {name:<20}{kind.width:>3}  {sign:<9}{start[name]:>12}"


def regions(p: Params) -> Iterator[str]:
    """Say what lies where in the host's six regions."""
    at, last_word = MemoryMap(p), p.n_words - 1
    lane = f"word << {at.lane_bits} | lane"
    yield f"{Region.REGISTERS:d} registers  index as above; a read has zeros above its bits"
    yield f"{Region.WEIGHTS:d} weights    index = {lane}, words 0 to {at.n_weight_words - 1}"
    yield f"    neuron j of row r: word r*{p.n_words} + j/{p.n_lanes}, lane j%{p.n_lanes}"
    yield f"    rows 0 to {p.n_axons - 1}: weights of the axons, {p.w.width} bits, signed"
    if at.class_parts:
        last = at.vote_row - 1
        yield f"    rows {at.class_row} to {last}: classes of the neurons, low bits first"
    yield f"    rows {at.vote_row} to {at.n_rows - 1}: votes, {at.vote_parts} rows for each of"
    yield f"        {p.n_classes} labels of each of {p.vote_spikes} ranks, low bits first"
    yield f"{Region.THETA:d} theta      index = {lane}, words 0 to {last_word}"
    yield f"{Region.LAST:d} last       index = axon, 0 to {p.n_axons - 1}"
    yield f"{Region.TABLE:d} table      index = 0 to {_table(p) - 1}: {_gains(p)}"
    yield f"{Region.SPIKES:d} spikes     index = rank, 0 to {p.vote_spikes - 1}; read only"


def memories(p: Params) -> Iterator[str]:
    """Say how large the memories are that the host sees; after power-up they hold zeros."""
    at = MemoryMap(p)
    ways = "one port" if p.single_port else "one port to read, one to write a lane"
    yield f"weights {at.n_weight_words} x {p.n_lanes * p.w.width}, {ways}"
    yield f"v and theta {2 * p.n_words} x {p.n_lanes * at.value_bits}, written by lanes"
    yield f"last {p.n_axons} x {p.last.width}"
    yield f"table {_table(p)} x 16"
    yield "All hold zeros after power-up: the host loads weights, theta and the table."


def _gains(p):
    """Say which table begins where."""
    lengths = {n: len(getattr(p, n)) for n, each in declarations(type(p)).items() if each.longest}
    starts = dict(zip(lengths, accumulate(lengths.values(), initial=0), strict=False))
    first, *more = (name for name in lengths if lengths[name] or not starts[name])
    return ", ".join(f"{name} from {starts[name]}" for name in (first, *more)) if more else first


def _table(p):
    return max(1, p.ltp_window + p.ltd_window)


def phases(p: Params) -> dict[str, tuple[int, str]]:
    """Return how long each phase of a presentation lasts, each time, and when it happens.

    Names as of `golden.dense.interface.Phase`. DRY, INTEGRATE, COMPETE and DECIDE depend on the
    image.
    """
    cost = costs(p)
    dropping = f"once; {cost.clear} if no neurons are dropped" if p.drop_chance else "once"
    waits = "; a cycle more for each write that a read waits for" if p.single_port else ""
    found = {
        "CLEAR": (cost.clear_learning, dropping),
        "LEAK": (cost.leak, "every step, at most"),
        "VERDICT": (cost.verdict, "every election"),
        "BAR": (cost.bar, "between the elections of a ballot"),
        "TEACH": (cost.teach, "before and after every sweep"),
        "SWEEP": (cost.sweep, f"every lesson and every window that closes{waits}"),
        "RISE": (cost.rise, "every learned win"),
        "ENDSTEP": (cost.endstep, "every step"),
        "INHIBIT": (cost.inhibit, "every spike"),
        "RESET": (cost.reset, "every spike that does not end the presentation"),
        "RELEASE": (cost.release, "every release"),
        "FINISH": (cost.finish, "once, and before every sweep then"),
        "DECAY": (cost.decay, "every theta_decay_period presentations"),
    }
    return {name: entry for name, entry in found.items() if entry[0]}


def times(p: Params) -> Iterator[str]:
    """Say how long everything takes; docs/hardware.md says it cycle by cycle."""
    cost = costs(p)
    full = cost.filling
    pace = "at a pixel a cycle" if per_position(p) == 1 else f"{per_position(p)} cycles a pixel"
    yield f"an image comes in       {full:>7}  {pace}, while another is presented"
    yield f"a request of the host   {1 + HOST:>7}  from its arrival to response__valid"
    yield f"an event (INTEGRATE)    {cost.one_pass:>7}  {p.n_lanes} neurons a cycle"
    yield f"the first events        {p.n_axons:>7}  the encoder looks at one axon a cycle"
    yield "the phases of a presentation, each time:"
    for name, (n_cycles, when) in phases(p).items():
        yield f"  {name:<22}{n_cycles:>7}  {when}"
    yield f"  {'COMPETE':<22}{cost.compete:>7}  and {cost.search} a word searched; every election"
    yield f"  {'DECIDE':<22}{cost.votes:>7}  times spikes, and {cost.decide}; every answer"
