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
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from golden.command.console import OUT
from golden.network.engine import objects
from tests.cells.models import engine, golden
from tests.cells.random_programs import NEURONS, random_program

STEPS = 4
BATCH = 250
"""Programs of a process."""


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


def compared(seeds: range) -> tuple[list[str], Counter[str], float]:
    """Compare programs; return what failed, programs with an operation, processor seconds."""
    objects.FOLDER = None  # Kernels that nobody runs again.
    begin, failed, kinds = time.process_time(), [], Counter()
    for seed in seeds:
        size = 5 + seed % 60
        program, _ = random_program(seed, size)
        kinds.update({v.operation for v in program.values})
        if differs(seed, size):
            failed.append(f"seed {seed}: {shrunk(seed, size)} operations")
    return failed, kinds, time.process_time() - begin


def main(arguments: list[str] | None = None) -> int:
    """Run them; return 1 if any failed."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args(arguments)
    say = OUT.print
    seeds = range(given.first, given.first + given.programs)
    batches = [seeds[k : k + BATCH] for k in range(0, len(seeds), BATCH)]
    failures, kinds, seconds = 0, Counter(), 0.0
    # Kernels stay in memory as long as their process; spawned ones begin without ours.
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as children:
        for number, found in enumerate(children.map(compared, batches), start=1):
            for line in found[0]:
                say(line)
            failures, kinds, seconds = (
                failures + len(found[0]),
                kinds + found[1],
                seconds + found[2],
            )
            if number % 8 == 0:
                say(f"{number * BATCH} programs, {failures} differ")
    told = ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items()))
    say(f"{given.programs} programs, {failures} differ from golden")
    say(f"programs with an operation: {told}")
    say(f"{seconds:.0f} s")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
