"""Faults that break claims about a chip that learns: claim, cycles, and the line."""

from sim.battery.inject import Fault

OF_LEARNING = [
    (
        "visits_write_once",
        24,
        Fault(
            "network/learning/visits",
            "words are written at the end of every pass",
            "there[last] & ~again[last] & own",
            "there[last] & own",
        ),
    ),
    (
        "visits_write_once",
        24,
        Fault(
            "network/learning/visits",
            "a synapse enters where a visit goes on",
            "again[self.turn - AHEAD]",
            "again[self.turn - AHEAD + 1]",
        ),
    ),
    (
        "visits_write_once",
        24,
        Fault(
            "network/learning/visits",
            "a visit is replayed once too often",
            "Mux(self.replay, left > 1, left != 0)",
            "left != 0",
        ),
    ),
    (
        "learned_weights_stay_in_bounds",
        13,
        Fault(
            "cells/logic",
            "nothing is too low",
            "Mux(value < low, low, value)",
            "value",
        ),
    ),
    (
        "late_visits_write_once",
        24,
        Fault(
            "network/learning/visits",
            "a synapse without learning is written in REWARD and SCALE",
            "self.learned.eq(there[last] & ~again[last] & own)",
            "self.learned.eq(there[last] & ~again[last] & (own | self.rewarding | self.scale))",
        ),
    ),
    (
        "late_visits_write_once",
        24,
        Fault(
            "network/learning/visits",
            "a visit of SCALE goes round once more",
            "more = Mux(self.replay, left > 1, left != 0)",
            "more = Mux(self.replay, left > 1, (left != 0) | self.scale & there[0])",
        ),
    ),
    (
        "scaled_weights_stay_in_bounds",
        16,
        Fault(
            "network/learning/passes",
            "a scaled weight is too high",
            "above = Mux(nearest > high.as_signed(), high.as_signed(), nearest)",
            "above = nearest",
        ),
    ),
    (
        "scaled_weights_stay_in_bounds",
        16,
        Fault(
            "network/learning/passes",
            "the product of a weight has no bounds",
            "return delayed(m, clipped, CLIPPED + self.latency - SCALED, reset_less=True)",
            "return delayed(m, nearest[:4].as_signed(), CLIPPED + self.latency - 1)",
        ),
    ),
    (
        "every_run_is_offered_once",
        8,
        Fault(
            "network/learning/replay",
            "the last run is left out",
            "self.run & (at != self.learned)",
            "self.run & (following != self.learned)",
        ),
    ),
    (
        "every_run_is_offered_once",
        8,
        Fault(
            "network/learning/replay",
            "a run begins where the first one does",
            "synapse.eq(synapse + self.word.count)",
            "synapse.eq(synapse)",
        ),
    ),
    (
        "settle_takes_every_place_once",
        14,
        Fault(
            "network/learning/replay",
            "the last place is left out",
            "self.place == self.places - 1",
            "self.place == self.places - 2",
        ),
    ),
    (
        "posts_wait_for_replay",
        32,
        Fault(
            "network/learning/backlog",
            "a place overflows",
            "full.eq(full | self.filled)",
            "full.eq(full)",
        ),
    ),
    (
        "posts_wait_for_replay",
        32,
        Fault(
            "network/learning/backlog",
            "a post waits a step too long",
            "self.pending & (full | spent)",
            "self.pending & full",
        ),
    ),
    (
        "posts_wait_for_replay",
        32,
        Fault(
            "network/sequencer",
            "posts wait in IDLE",
            "Mux(over, self.pending, pressing)",
            "pressing",
        ),
    ),
    (
        "still_core_learns_nothing",
        28,
        Fault(
            "network/learning/visits",
            "weights are written without learning",
            "own = gone.run.taught & self.learn",
            "own = gone.run.taught",
        ),
    ),
    (
        "still_core_learns_nothing",
        28,
        Fault(
            "network/learning/wires",
            "arrivals are marked without learning",
            "s.walker.begun & (phase == Phase.WALK) & s.registers.learn",
            "s.walker.begun & (phase == Phase.WALK)",
        ),
    ),
    (
        "still_core_learns_nothing",
        28,
        Fault(
            "network/learning/wires",
            "posts are noted without learning",
            "s.emission.taken & s.script.noted & s.registers.learn",
            "s.emission.taken & s.script.noted",
        ),
    ),
    (
        "still_core_keeps_rewards",
        28,
        Fault(
            "network/learning/wires",
            "rewards are received without learning",
            "s.sequencer.rewarded.eq(s.registers.learn & s.registers.reward)",
            "s.sequencer.rewarded.eq(s.registers.reward)",
        ),
    ),
]
