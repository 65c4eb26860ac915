"""Random programs in golden and compiled: the same bits.

A command::

    python -m tests.cells.fuzz --programs 10000

runs so many; it says which failed, with the smallest number of
operations of the same seed that fails. Programs with the same operations up to there are made by
``random_program(seed, operations)``.
"""

import argparse
import sys
import time
from collections import Counter

from golden.command.console import OUT
from golden.network.engine import objects
from tests.cells.models import engine, golden
from tests.cells.random_programs import NEURONS, random_program

STEPS = 4


def differs(seed: int, size: int) -> bool:
    """Tell whether a program is anything else than golden when it is compiled."""
    program, levels = random_program(seed, size)
    given = program, NEURONS, {"r": levels} if program.receptors else {}, STEPS
    try:
        return golden(*given) != engine(*given)
    except ArithmeticError:
        return True


def shrunk(seed: int, size: int) -> int:
    """Return the smallest number of operations that differ."""
    return next((n for n in range(size) if differs(seed, n)), size)


def main(arguments: list[str] | None = None) -> int:
    """Run them; return 1 if any failed."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args(arguments)
    say = OUT.print
    objects.FOLDER = None  # Ten thousand kernels that nobody runs again.
    begin, failed, kinds = time.process_time(), 0, Counter()
    for seed in range(given.first, given.first + given.programs):
        size = 5 + seed % 60
        program, _ = random_program(seed, size)
        kinds.update({v.operation for v in program.values})
        if differs(seed, size):
            failed += 1
            say(f"seed {seed}: {shrunk(seed, size)} operations")
    seen = ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items()))
    say(f"{given.programs} programs, {failed} differ from golden")
    say(f"programs with an operation: {seen}")
    say(f"{time.process_time() - begin:.0f} s")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
