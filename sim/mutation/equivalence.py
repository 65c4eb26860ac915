"""Whether a mutant does the same as the true design: proved by a solver, for one step.

Registers are opened: what they hold is an input, what they will hold an output. Two copies, one
with the mutant awake, get the same inputs and state; if no output and no next state can differ,
whatever they get, the mutant is equivalent. One that differs only in states that no run reaches, or
in registers that nobody reads then, is not proved so.
"""

import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.mutation.netlist import SELECTOR, SELECTOR_BITS, Netlist, run_yosys
from sim.targets.library import TOP

CLOSED = """\
read_rtlil mutants.il
memory_collect
memory_map
dffunmap
opt_clean
write_rtlil closed.il
"""
"""Memories become registers."""
OPEN = """\
read_rtlil open.il
opt_clean
design -save both
"""
COPY = f"""\
design -load both
connect -set {SELECTOR} {SELECTOR_BITS}'d{{number}}
delete -input w:{SELECTOR}
opt_expr
opt_clean
rename {TOP} {{name}}
"""
COMPARE = """\
design -stash true
design -load both
{copy}
design -copy-from true true
miter -equiv -flatten true false miter
hierarchy -top miter
opt_merge
opt_expr
opt_clean
tee -q -o {number}.txt sat -timeout {seconds} -prove trigger 0 miter
"""
PROVED = "SUCCESS"
SECONDS = 60
"""For one proof; what takes longer is not proved."""
REGISTER = re.compile(r"  cell \$dff \S+\n(?P<body>(?:    .*\n)*)  end\n")
TOLD = (r"parameter \WIDTH", r"connect \D", r"connect \Q")
FIRST_PORT = 1_000_000
"""Numbers of ports begin there, behind those of the design."""


def equivalent(netlist: Netlist, numbers: Iterable[int]) -> set[int]:
    """Return the numbers of those mutants that do the same as the true design.

    Raises
    ------
    sim.targets.target.SimulatorError
        If yosys fails; the text is what it said.
    """
    with TemporaryDirectory(prefix="goldspike-") as temporary:
        folder = Path(temporary)
        (folder / "mutants.il").write_text(netlist.text)
        run_yosys(folder, CLOSED)
        (folder / "open.il").write_text(opened((folder / "closed.il").read_text()))
        numbers = list(numbers)
        run_yosys(folder, OPEN + "".join(_compare(number) for number in numbers))
        texts = {number: (folder / f"{number}.txt").read_text() for number in numbers}
        return {number for number, text in texts.items() if PROVED in text}


def _compare(number: int) -> str:
    true = COPY.format(number=0, name="true")
    false = COPY.removeprefix("design -load both\n").format(number=number, name="false")
    return true + COMPARE.format(copy=false, number=number, seconds=SECONDS)


def opened(text: str) -> str:
    """Return a netlist, in RTLIL, whose registers have become ports."""
    numbers = count(FIRST_PORT)

    def ports(register: re.Match[str]) -> str:
        n = next(numbers)
        width, d, q = (_told(register["body"], what) for what in TOLD)
        return (
            f"  wire width {width} input {2 * n} \\before{n}\n"
            f"  wire width {width} output {2 * n + 1} \\after{n}\n"
            f"  connect {q} \\before{n}\n"
            f"  connect \\after{n} {d}\n"
        )

    return REGISTER.sub(ports, text)


def _told(body: str, what: str) -> str:
    (line,) = (line for line in body.splitlines() if line.startswith(f"    {what} "))
    return line.removeprefix(f"    {what} ")
