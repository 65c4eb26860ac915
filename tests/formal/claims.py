"""All claims, by name."""

from dataclasses import replace
from functools import partial

from sim.battery.networks import TINY
from tests.formal import control, election, ending, learning, network, stages, walk
from tests.formal.prove import Claim

LANES = replace(
    TINY,
    n_lanes=2,
    n_neurons=3,
    v_width=6,
    theta_width=6,
    weight_bits=5,
    leak_shift=2,
    leak_sub=3,
    theta_decay_shift=2,
)
"""Two words of two lanes; sums can leave the formats by a factor of two."""
NARROW_THETA = replace(LANES, theta_width=4, theta_shift=1)
WIDE_WEIGHTS = replace(LANES, v_width=3, theta_width=3, theta_init=3)

_CLAIMS = [
    Claim("weights_stay_in_bounds", stages.weights_stay_in_bounds, 10),
    Claim("weights_never_go_further_out", stages.weights_never_go_further_out, 10),
    Claim("random_register_is_never_zero", stages.random_register_is_never_zero, 2),
    Claim("random_words_differ", stages.random_words_differ, 1),
    Claim("sums_saturate", stages.sums_saturate(LANES), 5),
    Claim("sums_saturate_with_narrow_theta", stages.sums_saturate(NARROW_THETA), 6),
    Claim("sums_saturate_with_wide_weights", stages.sums_saturate(WIDE_WEIGHTS), 6),
    Claim("thresholds_saturate", stages.thresholds_saturate, 2),
    Claim("queue_keeps_order", stages.queue_keeps_order, 2),
    Claim("winner_is_the_best", election.winner_is_the_best, 34, inductive=False),
    Claim("one_winner_a_step", control.one_winner_a_step, 4),
    Claim("windows_are_different", election.windows_are_of_different_neurons, 2),
    Claim("windows_open_once_a_step", control.windows_open_once_a_step, 3),
    Claim(
        "windows_open_once_in_a_small_core",
        partial(control.windows_open_once_a_step, p=control.SMALL),
        3,
    ),
    Claim("inference_writes_nothing", control.inference_writes_no_learned_state, 11),
    Claim("presentation_ends", ending.presentation_ends, 3),
    Claim("sweep_ends", ending.sweep_ends, 16),
    Claim("sweep_of_one_port_ends", partial(ending.sweep_ends, p=stages.ONE_PORT), 24),
    Claim("decision_ends", ending.decision_ends, 24),
    Claim("encoder_ends", ending.encoder_ends, 4),
    Claim(
        "queue_neither_loses_nor_doubles",
        network.queue_neither_loses_nor_doubles,
        11,
        inductive=False,
    ),
    Claim("nothing_overflows_uncounted", network.nothing_overflows_uncounted, 2),
    Claim("core_returns_to_idle", network.core_returns_to_idle, 3),
    Claim("group_ends", network.group_ends, 3),
    Claim("spikes_end", network.spikes_end, 3),
    Claim("walk_ends", walk.walk_ends, 5),
    Claim("walk_of_plastic_axons_ends", partial(walk.walk_ends, chip=walk.PLASTIC_CHAINS), 5),
    Claim("visits_write_once", learning.visits_write_once, 8),
    Claim("learned_weights_stay_in_bounds", learning.learned_weights_stay_in_bounds, 13),
    Claim("late_visits_write_once", partial(learning.visits_write_once, chip=learning.LATE), 9),
    Claim(
        "scaled_weights_stay_in_bounds",
        partial(learning.learned_weights_stay_in_bounds, chips=(learning.LATE,)),
        13,
    ),
    Claim("every_run_is_offered_once", learning.every_run_is_offered_once, 2),
    Claim("settle_takes_every_place_once", learning.settle_takes_every_place_once, 6),
    Claim("posts_wait_for_replay", learning.posts_wait_for_replay, 3),
    Claim("still_core_learns_nothing", learning.still_core_learns_nothing, 10),
    Claim(
        "still_core_keeps_rewards",
        partial(learning.still_core_learns_nothing, chip=learning.LATE),
        10,
    ),
]
NAMED = {claim.name: claim for claim in _CLAIMS}
