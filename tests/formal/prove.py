"""From a claim about gates to a verdict: Amaranth, yosys, and an SMT solver."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from amaranth.asserts import AnySeq
from amaranth.back import rtlil
from amaranth.hdl import Assume, Fragment, Module, ResetSignal, Signal, Value
from amaranth.lib import wiring

from golden.command.processes import finished

WORK = Path(__file__).parents[2] / "build" / "formal"
"""Inside the project, as the yosys from pip does not see files in ``/tmp``."""
SCRIPT = """\
read_rtlil {name}.il
prep -top {name} -nordff
flatten
memory_nordff
{memory}
async2sync
dffunmap
chformal -lower
opt_clean
write_smt2 -wires {name}.smt2
"""


class Claim(NamedTuple):
    """Something that holds in every cycle.

    ``build`` adds the circuit with its assertions to a module. An ``inductive`` claim is proved for
    all time by k-induction with k = ``depth``, another for the first ``depth`` cycles only.
    """

    name: str
    build: Callable[[Module], None]
    depth: int
    inductive: bool = True


class Verdict(NamedTuple):
    """What the solver says: whether no run from the start, and none from anywhere, breaks a claim.

    ``text`` is what it printed. ``step`` is None if the claim is not inductive.
    """

    base: bool
    step: bool | None
    text: str

    @property
    def proved(self) -> bool:
        """Whether the claim holds, as far as it goes."""
        return self.base and self.step is not False


def place(m: Module, name: str, part: wiring.Component) -> dict[str, Signal]:
    """Add a component whose inputs may be anything in every cycle; return its own signals.

    The signals are those it drives, by name: invariants need more than a component shows.
    """
    drive(m, part)
    fragment = Fragment.get(part, None)
    setattr(m.submodules, name, fragment)
    return signals(fragment)


def drive(m: Module, part: wiring.Component):
    """Let every input of a component be anything."""
    for _, member, value in part.signature.flatten(part):
        if member.flow is wiring.In:
            port = Value.cast(value)
            m.d.comb += port.eq(AnySeq(len(port)))


def signals(fragment: Fragment) -> dict[str, Signal]:
    """Return what a fragment drives by itself, by name."""
    statements = [s for domain in fragment.statements.values() for s in domain]
    return {signal.name: signal for s in statements for signal in s._lhs_signals()}


def check(claim: Claim, name: str | None = None, memories: bool = False) -> Verdict:
    """Ask the solver; ``name`` is that of the files, ``memories`` keeps memories as such.

    Raises
    ------
    RuntimeError
        If a tool fails or says neither.
    """
    name = name or claim.name
    m = Module()
    # A run begins with a reset; what the registers hold after it is where the solver begins.
    m.d.comb += Assume(~ResetSignal())
    claim.build(m)
    WORK.mkdir(parents=True, exist_ok=True)
    (WORK / f"{name}.il").write_text(rtlil.convert(m, name=name, ports=[], emit_src=False))
    script = SCRIPT.format(name=name, memory="" if memories else "memory_map")
    (WORK / f"{name}.ys").write_text(script)
    _run(_tool("yosys"), "-q", f"{name}.ys")
    base, text = _solve(name, claim, f"{name}.vcd")
    if not claim.inductive or not base:
        return Verdict(base, None, text)
    step, more = _solve(name, claim, f"{name}_step.vcd", "-i")
    return Verdict(base, step, text + more)


def _solve(name, claim, trace, *how):
    done = _run(
        *(_tool("yosys-smtbmc"), "-s", "yices", "--presat", *how, "-t", str(claim.depth)),
        *("--dump-vcd", trace, f"{name}.smt2"),
        fails=True,
    )
    passed, failed = "Status: PASSED" in done, "Status: FAILED" in done or "Status: failed" in done
    if passed == failed:
        raise RuntimeError(f"solver must say whether {name} holds, not: {done}")
    return passed, done


def _tool(name):
    """Return a program: that of the machine if there is one, else that of the environment."""
    beside = Path(sys.executable).parent / f"yowasp-{name}"
    return shutil.which(name) or str(beside)


def _run(*command, fails=False):
    """Return what a program prints; where ``fails``, its exit status may say that a claim fails."""
    done = finished(command, cwd=WORK, env=_environment())
    if done.returncode and not fails:
        raise RuntimeError(f"{command[0]} must run, not fail: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def _environment():
    """Return this environment, in which the solver from pip can be found."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
