"""A state of the network as words of a chip, and back."""

from collections.abc import Mapping

import numpy as np

from golden.network.chip import DUE_BITS, Kind
from golden.network.interface import Region, added, extents, registers
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import Words, first_regions
from golden.network.placement.events import quiet_from
from golden.network.placement.extras import counts
from golden.network.placement.learned import (
    learning_registers,
    learning_words,
    relearned,
    used,
)
from golden.network.placement.placement import Placement
from golden.network.placement.releases import efficacies, recalled, records
from golden.network.placement.tenants import Tenant
from golden.network.source import Metronome
from golden.network.state import NetworkState
from golden.numbers.formats import Array, index_bits

RECORDS = ("plastic_values", "plastic_lasts")
"""Regions of what plastic axons know."""


def state_words(placement: Placement, state: NetworkState) -> dict[int, Words]:
    """Return registers, queue, states and empty sums for a state: written before a start.

    Raises
    ------
    ValueError
        If more spikes are on their way than the queue has places, or rows that learn do not know
        what they would on a chip.
    """
    chip = placement.chip
    run, synapse, due, efficacy = queue(placement, state)
    if len(run) > chip.queue:
        raise ValueError(
            f"spikes on their way must be up to {chip.queue:,}, as the chip's queue has places, "
            f"not {len(run):,}"
        )
    found: dict[int, Array] = {
        Region.REGISTERS: _registers(placement, state, len(run)),
        Region.QUEUE_RUNS: run | due << index_bits(chip.runs),
        Region.QUEUE_SYNAPSES: synapse,
    }
    if chip.plastic_axons:
        known = records(placement.axons, state) | {"queue_efficacies": efficacy}
        found |= {added(chip)[name]: words for name, words in known.items()}
    if chip.learner:
        learned = learning_words(placement, state)
        found |= {added(chip)[name]: words for name, words in learned.items()}
    for number, (kind, region) in enumerate(zip(chip.kinds, first_regions(chip), strict=True)):
        members = placement.members(number)
        for offset, name in enumerate(s.name for s in kind.program.states):
            parts = [_state(tenant, state, name) for tenant in members]
            found[region + offset] = np.concatenate([np.zeros(0, np.int64), *parts])
        used = sum(tenant.group.size for tenant in members)
        for offset in range(len(kind.inlet_bits)):
            found[region + _inlet(kind, offset)] = np.zeros(used, np.int64)
    bits = [width for _, width in extents(chip)]
    return {
        region: (words & ((1 << bits[region]) - 1)).astype(np.uint32)
        for region, words in found.items()
    }


def recorded(placement: Placement) -> dict[int, int]:
    """Return the regions of what plastic axons and rules know, and how many words are used."""
    names: dict[str, int] = {}
    if placement.axons.plastic:
        names |= dict.fromkeys(RECORDS, placement.axons.taken)
    if placement.runs.learning:
        names |= used(placement)
    return {added(placement.chip)[name]: words for name, words in names.items()}


def _inlet(kind: Kind, receptor: int) -> int:
    return len(kind.program.states) + len(kind.varying) + receptor


def _state(tenant: Tenant, state: NetworkState, name: str) -> Array:
    source = tenant.group.source
    if isinstance(source, Metronome):
        return counts(source, state.step)
    return state.words[tenant.number][name]


def _registers(placement: Placement, state: NetworkState, length: int) -> Array:
    known = {
        "step": state.step,
        "seed": placement.blueprint.seed,
        "groups": sum(1 for _ in placement.placed),
        "listen": int(placement.listens),
        "quiet": quiet_from(placement, state.step),
        "length": length,
        "junctions": len(placement.junctions.ahead),
        **(learning_registers(placement, state) if placement.chip.learner else {}),
    }
    return np.array([known.get(name, 0) for name in registers(placement.chip)], np.int64)


def queue(placement: Placement, state: NetworkState) -> tuple[Array, Array, Array, Array]:
    """Return run, synapse, due step modulo 256 and efficacy of all spikes still to arrive.

    The oldest spikes come first, of one step the lowest axons.
    """
    blueprint, layout, runs = placement.blueprint, placement.axons, placement.runs
    first = np.searchsorted(runs.axon, np.arange(placement.chip.axons + 1))
    found = [np.zeros((4, 0), np.int64)]
    for age in range(len(state.history), 0, -1):
        axons = np.sort(layout.of(blueprint, state.history[age - 1])[1])
        # Delays ascend within a row: the first run that is still to come.
        key = runs.axon << DUE_BITS | runs.delay
        at = np.searchsorted(key, axons << DUE_BITS | age)
        axons, at = axons[at < first[axons + 1]], at[at < first[axons + 1]]
        due = (state.step - age + runs.delay[at]) % (1 << DUE_BITS)
        released = efficacies(layout, blueprint, state, age)[axons]
        found.append(np.array([at, runs.synapse[at], due, released]))
    run, synapse, due, efficacy = np.concatenate(found, axis=1)
    return run, synapse, due, efficacy


def network_state(
    placement: Placement, words: Mapping[int, Words], chronicle: Chronicle
) -> NetworkState:
    """Return the state of the network that a chip is in.

    Parameters
    ----------
    words : mapping
        By region what was read: registers, all states of used slots, and what is used of the
        regions that `recorded` names.
    chronicle : Chronicle
        Of spikes that the core streamed, and those that it was sent.

    Returns
    -------
    NetworkState
        With the hash of golden's. A kind counts what saturates in all of its groups: here the first
        one bears it, and the step of the first case is not known, but for that it has been.
    """
    blueprint, chip = placement.blueprint, placement.chip
    state = NetworkState.start(blueprint)
    read = dict(zip(registers(chip), words[Region.REGISTERS].tolist(), strict=True))
    state.step = read["step"]
    state.history, state.spikes = list(chronicle.history), list(chronicle.spikes)
    if placement.axons.plastic:
        known = (words[added(chip)[name]].astype(np.int64) for name in RECORDS)
        recalled(placement.axons, state, *known)
    if placement.runs.learning:
        learned = {name: words[added(chip)[name]].astype(np.int64) for name in used(placement)}
        relearned(placement, state, learned, chronicle.still)
    for release, replayed in zip(state.releases, chronicle.releases, strict=True):
        if release and replayed:
            release.sent = list(replayed.sent)
    firsts = first_regions(chip)
    for tenant in placement.placed:
        kind = chip.kinds[tenant.kind]
        for offset, word in enumerate(kind.program.states if tenant.group.program else ()):
            part = words[firsts[tenant.kind] + offset][tenant.slot :][: tenant.group.size]
            sign = 1 << (word.width - 1)
            state.words[tenant.number][word.name] = (part.astype(np.int64) ^ sign) - sign
    for number, kind in enumerate(chip.kinds):
        members = [m.number for m in placement.members(number) if m.group.program]
        for name in kind.counted:
            cases = read[f"{kind.name}_{name}"]
            if members and cases:
                state.saturated[members[0]][name] = cases
                state.first_saturated[members[0]][name] = state.step
    return state
