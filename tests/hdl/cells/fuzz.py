"""Random programs as pipelines: the same as golden, whatever they are laid out for.

A command::

    python -m tests.hdl.cells.fuzz --programs 10000 --jobs 2 --resume build/pipelines.txt

runs so many; it says which failed, with the smallest number of operations
of the same seed that fails. What is done stands in the file, so that an
interrupted run goes on where it was.
"""

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from golden.command.console import OUT
from tests.hdl.cells.random_pipelines import made, shrunk, wrong

CHUNK = 20
"""Programs between two lines of the file."""


def sized(seed: int) -> int:
    """Return how many operations a seed's program has, about."""
    return 5 + seed % 60


def tried(first: int) -> tuple[int, list[str], Counter]:
    """Run a chunk; return its first seed, the failures, and what was in it."""
    failures, seen = [], Counter()
    for seed in range(first, first + CHUNK):
        size = sized(seed)
        if ports := wrong(seed, size):
            failures.append(f"seed {seed}: {shrunk(seed, size)} operations: {', '.join(ports)}")
            continue
        program, schedule = made(seed, size)
        seen.update({v.operation for v in program.values})
        seen[f"interval {schedule.interval}"] += 1
        seen["shared multipliers"] += bool(schedule.units)
        seen["a word read twice"] += any(len(cycles) > 1 for cycles in schedule.reads.values())
    return first, failures, seen


def main(arguments: list[str] | None = None) -> int:
    """Run them; return 1 if any failed."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--resume", type=Path, default=Path("build", "pipelines.txt"))
    given = parser.parse_args(arguments)
    given.resume.parent.mkdir(parents=True, exist_ok=True)
    lines = given.resume.read_text().splitlines() if given.resume.exists() else []
    done = {int(line.split()[1]) for line in lines if line.startswith("chunk ")}
    todo = [
        first
        for first in range(given.first, given.first + given.programs, CHUNK)
        if first not in done
    ]
    seen = Counter()
    with ProcessPoolExecutor(given.jobs) as pool, given.resume.open("a") as file:
        for first, failures, here in pool.map(tried, todo):
            seen.update(here)
            file.write("".join(f"{line}\n" for line in (*failures, f"chunk {first}")))
            file.flush()
            for line in failures:
                OUT.print(line, markup=False)
    failed = sum(line.startswith("seed ") for line in given.resume.read_text().splitlines())
    OUT.print(f"{CHUNK * (len(done) + len(todo))} programs, {failed} differ from golden")
    said = ", ".join(f"{what} {n}" for what, n in sorted(seen.items()))
    OUT.print(f"of these now, programs with: {said}", markup=False)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
