"""What a host does from step to step: it changes currents, gives rewards, sends spikes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from golden.network.interface import INDEX_BITS, BusRequest, Region, added, extents, registers
from golden.network.placement.contents import WORD, first_regions, record_places
from golden.network.placement.learned import pupils
from golden.network.placement.placement import Placement
from golden.network.rules.interface import REWARD_BITS
from golden.network.rules.words import REWARD
from golden.numbers.formats import Array

LONGEST_QUIET = (1 << INDEX_BITS) - 1


class External(NamedTuple):
    """An item of the stream ``external``, and the step that takes it."""

    step: int
    end: int
    value: int


def halts(placement: Placement) -> Array:
    """Return the steps before which a host does something, ascending.

    It writes what changes, or gives rewards that were told in advance; currents of step 0 are
    loaded.
    """
    changes = [tenant.currents.changes for tenant in placement.placed]
    later = np.setdiff1d(np.concatenate([np.zeros(1, np.int64), *changes]), [0])
    return np.unique(np.concatenate([later, *(r.steps for r in placement.blueprint.rewards)]))


def writes(placement: Placement, step: int) -> list[BusRequest]:
    """Return what a host writes before a step in which currents change: only what differs."""
    found: list[BusRequest] = []
    script_places = record_places(placement)
    regions = first_regions(placement.chip)
    bits = [width for _, width in extents(placement.chip)]
    for tenant in placement.placed:
        if step not in tenant.currents.changes:
            continue
        kind = placement.chip.kinds[tenant.kind]
        before, now = (tenant.currents.values(t) for t in (step - 1, step))
        for name in (extra.name for extra in tenant.currents.levels):
            changed = np.flatnonzero(before[name] != now[name])
            if name in kind.varying:
                offset = len(kind.program.states) + kind.varying.index(name)
                region, first = regions[tenant.kind] + offset, tenant.slot
                mask = (1 << bits[region]) - 1
            else:
                region, mask, changed = int(Region.SCRIPT), WORD, changed[:1]
                first = script_places[tenant.number] + kind.constants.index(name)
            found += [
                BusRequest(1, region, first + int(k), int(now[name][k]) & mask) for k in changed
            ]
    return found


def rewarding(
    placement: Placement, learning: Sequence[bool], group: int | None, amounts: Array
) -> list[BusRequest]:
    """Return what a host writes to give a reward; a start of no steps lets it be received.

    Parameters
    ----------
    learning : booleans
        Of all rows whether they learn.
    group, amounts
        As of `golden.network.reward.give`.
    """
    found: dict[int, int] = {}
    for pupil in pupils(placement):
        if learning[pupil.number] and group in (None, pupil.rows.target):
            each = np.broadcast_to(amounts, pupil.posts.stop - pupil.posts.start)
            places = range(pupil.posts.start, pupil.posts.stop)
            found |= zip(places, each.tolist(), strict=True)
    learner = placement.chip.learner
    if not found or not learner or not learner.rewarded:
        return []
    region = added(placement.chip)["rewards"]
    due, register = 1 << REWARD_BITS, list(registers(placement.chip)).index(REWARD)
    return [
        *(BusRequest(1, region, p, due | amount & (due - 1)) for p, amount in found.items()),
        BusRequest(1, Region.REGISTERS, register, 1),
    ]


def quiet_from(placement: Placement, step: int) -> int:
    """Return for how many steps, from one on, no spikes come from the host."""
    steps, _ = placement.told
    at = int(np.searchsorted(steps, step))
    return min(int(steps[at]) - step, LONGEST_QUIET) if at < len(steps) else LONGEST_QUIET


def externals(placement: Placement, first: int, stop: int) -> list[External]:
    """Return the items that steps ``first`` to ``stop - 1`` take, in their order.

    The core's register ``quiet`` is that of `state_words` in step ``first``, or what earlier items
    have left there.
    """
    steps, axons = placement.told
    found: list[External] = []
    if not placement.listens:
        return found
    step = first + quiet_from(placement, first)
    while step < stop:
        begin, end = np.searchsorted(steps, (step, step + 1))
        found += [External(step, 0, axon) for axon in axons[begin:end].tolist()]
        quiet = quiet_from(placement, step + 1)
        found.append(External(step, 1, quiet))
        step += 1 + quiet
    return found
