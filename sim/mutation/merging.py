"""Whether a mutant does the same as the true design, seen from what is always equal inside of both.

Two copies, one with the mutant awake, get the same inputs; the question is whether their outputs
ever differ. ABC's ``scorr`` proves by induction which gates and registers of both are always equal,
and merges them: Mishchenko et al., *Scalable and Scalably-Verifiable Sequential Synthesis*, ICCAD
2008. If nothing is left but "never", the mutant is equivalent. This finds what registers that may
differ have in common, where `sim.mutation.equivalence` knows of them nothing, and takes a quarter
of a minute for that. yosys has ABC within itself, and runs a script for it beside a gate of its
own.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from sim.mutation.circuit import FALSE, Circuit, Graph
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
read_aiger pair.aig
scorr
write_aiger merged.aig
&put
map
"""
"""The gate is put aside meanwhile."""


def always_equal(circuit: Circuit, number: int) -> bool:
    """Tell whether the outputs of a mutant are proved to be those of the true design.

    Raises
    ------
    sim.targets.target.SimulatorError
        If yosys fails; the text is what it said.
    """
    with TemporaryDirectory(prefix="goldspike-") as temporary:
        folder = Path(temporary)
        (folder / "pair.aig").write_bytes(pair(circuit, number))
        (folder / "gate.il").write_text(GATE)
        (folder / "abc.script").write_text(ABC)
        run_yosys(folder, YOSYS)
        head, output, *_ = (folder / "merged.aig").read_bytes().split(b"\n", 2)
    _, _, n_registers, _, n_gates = map(int, head.split()[1:])
    return n_registers == n_gates == 0 and int(output) == FALSE


def pair(circuit: Circuit, number: int) -> bytes:
    """Return both copies in binary AIGER, with an output that says whether theirs differ."""
    parts, (true, false) = circuit.functions(0, number)
    graph = Graph()
    inputs = [graph.variable() for _ in range(circuit.n_inputs)]
    held = [[graph.variable() for _ in range(circuit.n_registers)] for _ in range(2)]
    (registers, outputs), (others, wrong) = (
        function.of(graph, [*inputs, *own], parts.gates)
        for function, own in zip((true, false), held, strict=True)
    )
    equal = FALSE ^ 1
    for a, b in zip(outputs, wrong, strict=True):
        equal = graph.both(equal, graph.both(graph.both(a, b ^ 1) ^ 1, graph.both(a ^ 1, b) ^ 1))
    following = [*registers, *others]
    first = 1 + len(inputs) + len(following)
    n_gates = len(graph.gates) - first
    head = f"aig {first - 1 + n_gates} {len(inputs)} {len(following)} 1 {n_gates}"
    lines = "\n".join(map(str, [head, *following, equal ^ 1, ""])).encode()
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
