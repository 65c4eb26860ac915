"""What every phase of the dense core costs in clock cycles: `docs/hardware.md` as numbers, once.

Read by the cycle model, the engine's clock, the data sheet and whoever runs a core; not by the
gates, which are made from that page too and must be able to disagree.
"""

from typing import NamedTuple

from golden.dense.interface import POOLING, RADIUS
from golden.dense.params import Params

LATENCY = 2
"""Cycles from issuing a word of the neuron memory to writing it."""
SHORTEST_PASS = 3
"""A word may be read again so many cycles after it was read for writing."""
LOOK_LATENCY = 4
"""Cycles from reading a word's `v` in an election to whether the word is hit."""
SWEEP_LATENCY = 7
"""Cycles from reading an axon's weight to writing it, if it changes."""
PIPELINE = 6
"""Cycles from the last position of a filter to its first output."""
HOST = 4
"""Cycles in which a request of the host is carried out."""
SERVED = 1 + HOST + 1
"""Cycles of a request that is answered at once, IDLE and RESPOND included."""
QUEUE = 4
"""Events that the queue between encoder and membranes holds."""


class Costs(NamedTuple):
    """Cycles, under parameters; what is off costs nothing. Compiled code takes it as it is."""

    one_pass: int
    """A pass over all words of the neuron memory, and an event in INTEGRATE (PASS)."""
    clear: int
    """CLEAR."""
    clear_learning: int
    """CLEAR when learning: it may draw whom to drop."""
    leak: int
    """LEAK, all passes of a step."""
    compete: int
    """COMPETE, in which no word is searched."""
    search: int
    """What it takes longer for every word that is."""
    search_last: int
    """What it takes less if the last word is one of them."""
    verdict: int
    """VERDICT."""
    bar: int
    """BAR."""
    teach: int
    """TEACH, each time."""
    sweep: int
    """SWEEP, in which no write stands in the way of a read: see `golden.dense.timing.sweep`."""
    rise: int
    """RISE."""
    endstep: int
    """ENDSTEP."""
    inhibit: int
    """INHIBIT."""
    reset: int
    """RESET."""
    release: int
    """RELEASE."""
    finish: int
    """FINISH, each time."""
    decay: int
    """DECAY, if it is due."""
    votes: int
    """DECIDE, for every spike."""
    decide: int
    """DECIDE, besides."""
    result: int
    """RESULT, if it is taken at once."""
    before: int
    """From the receptive field's first position to that of the first pixel."""
    filling: int
    """From the first position until the receptive field is full, at a pixel a cycle."""


def costs(p: Params) -> Costs:
    """Return what the phases cost in a core that runs ``p``."""
    words, one_pass = p.n_words, max(p.n_words, SHORTEST_PASS)
    margin = 0 if p.receptive_field == "none" else RADIUS
    wide, position = p.width + 2 * margin, per_position(p)
    return Costs(
        one_pass=one_pass,
        clear=one_pass,
        clear_learning=p.n_neurons + 2 if p.drop_chance else one_pass,
        leak=one_pass * (bool(p.leak_shift) + bool(p.leak_sub)),
        compete=1 + 2 * (words - 1) + LOOK_LATENCY + 1,
        search=search_cycles(p) + LOOK_LATENCY + 1 - 2,
        search_last=LOOK_LATENCY - 1,
        verdict=1,
        bar=3 if p.ballot else 0,
        teach=1,
        sweep=p.n_axons + SWEEP_LATENCY,
        rise=3,
        endstep=1,
        inhibit=words + LATENCY if p.v_inhibit or p.bar_losers else 0,
        reset=3,
        release=3 if p.refrac else 0,
        finish=1,
        decay=one_pass if p.theta_decay_shift else 0,
        votes=p.n_classes * -(-p.vote_bits // p.weight_bits),
        decide=5,
        result=1,
        before=(margin * wide + margin) * position,
        filling=((p.height + 2 * margin) * wide - 1) * position + 1 + pipeline(p),
    )


def search_cycles(p: Params) -> int:
    """Return the cycles of the search of a word in an election."""
    parts = 1 if p.label.width <= p.weight_bits else 2
    return parts * p.n_lanes + 4


def election(chosen: Costs, n_searched: int, last: bool) -> int:
    """Return the cycles of COMPETE that searches so many words, the last one among them or not.

    Compiled, too.
    """
    cycles = chosen.compete + n_searched * chosen.search
    return cycles - chosen.search_last if last else cycles


def turns(p: Params) -> int:
    """Return the turns that a position of the receptive field's walk takes, 0 if it takes none."""
    in_turns = p.rf_in_turns and p.receptive_field == "oriented"
    return max(2, -(-len(POOLING) // p.rf_stride)) if in_turns else 0


def per_position(p: Params) -> int:
    """Return the cycles of a position of the receptive field's walk."""
    return max(1, turns(p))


def pipeline(p: Params) -> int:
    """Return the cycles from the last position to the receptive field's first output."""
    if p.receptive_field == "none":
        return 0
    return 7 + turns(p) if turns(p) else PIPELINE


def between(n_active: int) -> int:
    """Return the cycles from the encoder's last entry of a step to the first of the next."""
    return 2 if n_active else 1


def dry(n_axons: int, n_steps: int, a_step: int) -> int:
    """Return the cycles of DRY: a scan of all axons, then ``a_step`` for every later step.

    That is a look at every active axon, and what is `between`. Both functions are compiled too, so
    neither calls the other.
    """
    return 1 + n_axons + 1 + (n_steps - 1) * a_step
