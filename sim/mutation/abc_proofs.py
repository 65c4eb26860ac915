"""Whether a mutant does the same as the true design: two proofs by ABC, which yosys has within.

The first asks whether the true design ever comes to a state in which the mutant would do something
else with the same inputs (Bradley's IC3, ABC's ``pdr``): if not, both go the same way for ever. It
takes a second, or half a minute, where what is reached takes several registers to say.

The second has two copies, one with the mutant awake, and proves by induction which gates and
registers of both are always equal, and merges them (ABC's ``scorr``: Mishchenko et al., *Scalable
and Scalably-Verifiable Sequential Synthesis*, ICCAD 2008). If nothing is left but "never", their
outputs are equal. So it finds what registers that may differ have in common, where
`sim.mutation.equivalence` knows of them nothing; a quarter of a minute for a core.
"""

from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.mutation.circuit import FALSE, TRUE, Circuit, Graph
from sim.mutation.netlist import run_yosys

GATE = r"""module \top
  wire input 1 \a
  wire input 2 \b
  wire output 3 \y
  cell $_AND_ \gate
    connect \A \a
    connect \B \b
    connect \Y \y
  end
end
"""
"""What yosys believes that ABC is asked about."""
YOSYS = "read_rtlil gate.il\nabc -script abc.script\n"
ABC = """\
strash
&get -n
read_aiger design.aig
{commands}
&put
map
"""
"""The gate is put aside meanwhile."""


def never_differs(circuit: Circuit, number: int, seconds: int) -> bool:
    """Tell whether no state is reached in which registers or outputs of a mutant would differ.

    Parameters
    ----------
    seconds : int
        For the search of what is reached; what takes longer is not proved.

    Raises
    ------
    sim.targets.target.SimulatorError
        If yosys fails; the text is what it said.
    """
    graph, (true, false) = circuit.functions(0, number)
    pairs = zip([*true.registers, *true.outputs], [*false.registers, *false.outputs], strict=True)
    design = aiger(graph, circuit.n_inputs, true.registers, _all_equal(graph, pairs) ^ 1)
    told = _asked(design, f"scleanup\npdr -T {seconds} -L told", "told")
    return told.startswith(b"snl_UNSAT")


def always_equal(circuit: Circuit, number: int) -> bool:
    """Tell whether the outputs of a mutant are proved to be those of the true design.

    Raises
    ------
    sim.targets.target.SimulatorError
        If yosys fails; the text is what it said.
    """
    parts, copies = circuit.functions(0, number)
    graph = Graph()
    inputs = [graph.variable() for _ in range(circuit.n_inputs)]
    held = [[graph.variable() for _ in range(circuit.n_registers)] for _ in copies]
    (registers, outputs), (others, wrong) = (
        function.of(graph, [*inputs, *own], parts.gates)
        for function, own in zip(copies, held, strict=True)
    )
    differs = _all_equal(graph, zip(outputs, wrong, strict=True)) ^ 1
    design = aiger(graph, circuit.n_inputs, [*registers, *others], differs)
    head, output, *_ = _asked(design, "scorr\nwrite_aiger told", "told").split(b"\n", 2)
    _, _, n_registers, _, n_gates = map(int, head.split()[1:])
    return n_registers == n_gates == 0 and int(output) == FALSE


def _all_equal(graph, pairs) -> int:
    """Return whether all pairs are equal: a tree, as ABC recurs as deep as its gates go."""
    level = [graph.both(graph.both(a, b ^ 1) ^ 1, graph.both(a ^ 1, b) ^ 1) for a, b in pairs]
    while len(level) > 1:
        level = [reduce(graph.both, level[i : i + 2]) for i in range(0, len(level), 2)]
    return level[0] if level else TRUE


def _asked(design: bytes, commands: str, answer: str) -> bytes:
    """Let ABC do something with a design; return the file that it writes."""
    with TemporaryDirectory(prefix="goldspike-") as temporary:
        folder = Path(temporary)
        (folder / "design.aig").write_bytes(design)
        (folder / "gate.il").write_text(GATE)
        (folder / "abc.script").write_text(ABC.format(commands=commands))
        run_yosys(folder, YOSYS)
        return (folder / answer).read_bytes()


def aiger(graph: Graph, n_inputs: int, following: Sequence[int], output: int) -> bytes:
    """Return a design in binary AIGER; variables of the graph are inputs, then registers.

    Parameters
    ----------
    following : sequence of int
        Literals of what the registers hold next; they begin with 0.
    output : int
        The literal that is asked about.
    """
    first = 1 + n_inputs + len(following)
    n_gates = len(graph.gates) - first
    head = f"aig {first - 1 + n_gates} {n_inputs} {len(following)} 1 {n_gates}"
    lines = "\n".join(map(str, [head, *following, output, ""])).encode()
    return lines + b"".join(_gate(graph, node) for node in range(first, len(graph.gates)))


def _gate(graph: Graph, node: int) -> bytes:
    """Return a gate as two differences of literals, seven bits a byte, low ones first."""
    low, high = sorted(graph.gates[node] or ())
    data = bytearray()
    for difference in (2 * node - high, high - low):
        while difference > 127:
            data.append(difference & 127 | 128)
            difference >>= 7
        data.append(difference)
    return bytes(data)
