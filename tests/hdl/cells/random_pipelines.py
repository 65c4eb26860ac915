"""A random program as a pipeline on a random fabric, against golden."""

import random
from dataclasses import replace

from golden.cells.program import Program
from golden.cells.schedule import (
    ECP5,
    GENERIC,
    GOWIN,
    ICE40HX,
    UP5K,
    Schedule,
    scheduled,
)
from golden.numbers.hash import ROUNDS
from sim.jobs.vectors import differences, full_range
from tests.cells.random_programs import random_program
from tests.hdl.cells.bench import simulated

NEURONS = 40


def random_schedule(program: Program, seed: int) -> Schedule:
    """Lay a program out: interval, multipliers, fabric and constants of each neuron by chance."""
    dice = random.Random(seed)
    fabrics = (GENERIC, UP5K, ECP5, ICE40HX, GOWIN)
    fabric = replace(
        dice.choice([f for f in fabrics if f.operand_bits >= program.operand_bits]),
        budget=dice.choice([0, 300, 450, 800]),
        product_cycles=dice.choice([1, 2, 3]),
        table_cycles=dice.choice([1, 2]),
        ports=dice.choice([1, 2, 3]),
        port_bits=dice.choice([5, 40]),
    )
    interval = dice.choice([1, 1, 2, 3, 4, 5, 7, 8])
    products = program.cost().get("multiply", 0)
    few = max(1, -(-products // interval) + dice.randrange(3))
    multipliers = dice.choice([None, few])
    each = {c.name for c in program.constants if c.values.ndim or dice.random() < 0.5}
    return scheduled(program, fabric, interval, multipliers, each, interval > ROUNDS)


def made(seed: int, size: int) -> tuple[Program, Schedule]:
    """Return a random program of about ``size`` operations and its schedule."""
    program, _ = random_program(seed, size)
    first = [
        replace(c, values=c.values[:NEURONS]) if c.values.ndim else c for c in program.constants
    ]
    program = replace(program, constants=tuple(first))
    return program, random_schedule(program, seed)


def wrong(seed: int, size: int) -> list[str]:
    """Return what the pipeline of a random program gives differently; an error is that, too."""
    try:
        program, schedule = made(seed, size)
        given = full_range(program, NEURONS, seed)
        return differences(schedule, given, simulated(schedule, given))
    except (ValueError, AssertionError, IndexError, KeyError, TypeError) as error:
        return [f"{type(error).__name__}: {error}"]


def shrunk(seed: int, size: int) -> int:
    """Return the smallest number of operations that differ."""
    return next((n for n in range(size) if wrong(seed, n)), size)
