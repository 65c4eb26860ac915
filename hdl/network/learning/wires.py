"""The wires between the parts of a core that learns, and to all others."""

from types import SimpleNamespace

from amaranth.hdl import Cat, Const, Module, Mux, Value

from golden.network.chip import Chip, unit
from golden.network.interface import Phase
from golden.network.rules.interface import LAST_BITS, NUMBERS
from hdl.parts.delay import delayed

SWEEPS = (Phase.REPLAY, Phase.EPOCH, Phase.REWARD, Phase.SCALE)
"""Phases in which all runs that learn are visited."""


def wire_learning(m: Module, p: Chip, s: SimpleNamespace) -> None:
    """Wire all of it."""
    phase = s.sequencer.phase
    _runs(m, s, phase)
    _walk(m, s, phase)
    _words(m, p, s)
    _looked_up(m, s)
    _noted(m, p, s, phase)
    _phases(m, p, s, phase)
    if unit(p).rewarded:
        _rewarded(m, s, phase)
    if unit(p).norm:
        _normed(m, s, phase)


def under_way(s: SimpleNamespace) -> Value:
    """Return whether a visit leaves in a later cycle."""
    return s.admission.coming | s.visits.busy


def replayed(p: Chip, s: SimpleNamespace) -> dict[Phase, Value]:
    """Return whether this is the last cycle of a phase, for those of learning."""
    over = ~(s.learned_runs.left | s.walker.busy | under_way(s))
    return {
        **dict.fromkeys(SWEEPS, over),
        Phase.SETTLE: s.all_places.done,
        Phase.RECEIVE: s.receiving.done if unit(p).rewarded else Const(0),
        Phase.FACTOR: s.norms.done if unit(p).norm else Const(0),
    }


def _runs(m, s, phase):
    """Let the walker have the runs of spikes, or all that learn."""
    every, run = s.learned_runs, s.run_memories
    all_of_them = Cat(phase == each for each in SWEEPS).any()
    m.d.comb += [
        every.run.eq(all_of_them),
        every.learned.eq(s.registers.learned),
        every.word.eq(s.runs.word),
        every.o.ready.eq(s.walker.i.ready),
        run.address.eq(s.runs.address),
        run.learned.eq(s.registers.learned),
        run.begun.eq(s.walker.begun & (phase == Phase.WALK) & s.registers.learn),
        run.run.eq(s.walker.past),
        run.step.eq(s.sequencer.step),
        s.walker.waiting_past.eq(run.past),
        s.walker.stall.eq(s.visits.stall),
    ]
    with m.If(all_of_them):
        for name in ("valid", "synapse", "count", "family"):
            m.d.comb += getattr(s.walker.i, name).eq(getattr(every.o, name))
        m.d.comb += [s.runs.address.eq(every.address), s.fetch.o.ready.eq(0)]


def _walk(m, s, phase):
    admission, visits = s.admission, s.visits
    m.d.comb += [
        admission.issue.eq(s.walker.issue),
        admission.address.eq(s.walker.address),
        admission.past.eq(s.walker.past),
        admission.synapse.eq(s.synapses.word),
        admission.family.eq(s.families.word),
        visits.learn.eq(s.registers.learn),
        visits.walk.eq(phase == Phase.WALK),
        visits.replay.eq(phase == Phase.REPLAY),
        visits.epoch.eq(phase == Phase.EPOCH),
        visits.rewarding.eq(phase == Phase.REWARD),
        visits.scale.eq(phase == Phase.SCALE),
        visits.step.eq(s.sequencer.step),
        visits.base.eq(s.backlog.base),
        visits.enter.eq(admission.enter),
        visits.visitor.run.eq(admission.run),
        visits.visitor.synapse.eq(admission.at),
        visits.visitor.inlet.eq(admission.inlet),
        visits.visitor.slot.eq(admission.slot),
        visits.visitor.place.eq(admission.of),
        visits.count.eq(s.places.count),
        visits.latest.eq(s.places.latest),
        visits.record.eq(s.places.record),
        s.arrivals.issue.eq(visits.leave),
        s.arrivals.leaving_slot.eq(visits.slot),
        s.arrivals.leaving_inlet.eq(visits.inlet),
        s.arrivals.leaving_weight.eq(visits.weight),
    ]


def _words(m, p, s):
    if unit(p).draws:
        numbers = getattr(s, NUMBERS)
        m.d.comb += [
            numbers.address.eq(s.admission.learned),
            s.visits.visitor.number.eq(delayed(m, numbers.word, reset_less=True)),
            s.visits.seed.eq(s.registers.seed),
        ]
    for i, learned in enumerate(unit(p).words):
        memory = getattr(s, f"learned_{i}")
        # Many blocks that one of is chosen from: a register behind that.
        shown = delayed(m, memory.word, reset_less=True)
        word: Value = shown.as_signed() if learned.low < 0 else shown
        if i == 0:
            word = Mux(s.admission.run.learns, word, s.admission.weight)
        m.d.comb += [
            memory.address.eq(s.admission.learned),
            getattr(s.visits.words, f"word_{i}").eq(word),
            memory.write.eq(s.visits.learned),
            memory.at.eq(s.visits.synapse),
            memory.value.eq(getattr(s.visits.now, f"word_{i}")),
        ]


def _looked_up(m, s):
    """Let visits look at places, or what is noted and settled."""
    places, latest, visits, admission = s.places, s.latest, s.visits, s.admission
    # A strobe of its own says who asks, as whatever follows from the phase comes late.
    entering = Mux(visits.again, visits.place, admission.place)
    m.d.comb += [
        latest.count.eq(places.count),
        latest.before.eq(places.latest),
        latest.record.eq(places.record),
        latest.base.eq(s.backlog.base),
        places.asked.eq(Mux(admission.asks, admission.place, latest.place)),
        places.of.eq(Mux(admission.asks, admission.place, latest.of)),
        places.record_of.eq(Mux(visits.again | admission.asks, entering, latest.of)),
        places.number.eq(Mux(visits.again, visits.number, Mux(admission.asks, 0, latest.number))),
    ]


def _noted(m, p, s, phase):
    """Note posts in EMIT; forget them in SETTLE."""
    places, latest, notes, every = s.places, s.latest, s.notes, s.all_places
    settling, count_bits = phase == Phase.SETTLE, unit(p).count_bits
    count = notes.at[:count_bits]
    noted = s.emission.taken & s.script.noted & s.registers.learn
    m.d.comb += [
        every.run.eq(settling),
        latest.enter.eq(Mux(settling, every.enter, noted)),
        latest.place.eq(Mux(settling, every.place, s.emission.place)),
        s.emission.first_place.eq(s.script.first_place),
        s.emission.noting.eq(latest.coming | notes.coming),
        notes.event.eq(latest.found & ~settling),
        notes.of.eq(Cat(latest.waiting, latest.at)),
        notes.past.eq(latest.latest),
        notes.now.eq(s.sequencer.step[:LAST_BITS]),
        places.record_write.eq(notes.done),
        places.record_at.eq(notes.at[count_bits:]),
        places.new_number.eq(count),
        places.new_record.when.eq(s.backlog.when),
        places.new_record.traces.eq(notes.traces),
        places.latest_write.eq(latest.found & settling & (latest.waiting != 0)),
        places.latest_at.eq(latest.at),
        places.new_latest.eq(latest.latest),
        places.count_write.eq(notes.done | places.latest_write),
        places.count_at.eq(Mux(settling, latest.at, places.record_at)),
        places.new_count.eq(Mux(settling, 0, count + 1)),
    ]


def _phases(m, p, s, phase):
    backlog, sequencer, registers = s.backlog, s.sequencer, s.registers
    m.d.comb += [
        backlog.step.eq(sequencer.step),
        backlog.opening.eq(sequencer.opening),
        backlog.ending.eq(phase == Phase.ENDSTEP),
        backlog.settled.eq(s.all_places.done),
        backlog.note.eq(s.notes.done),
        backlog.filled.eq(s.places.new_count == unit(p).posts),
        sequencer.pending.eq(backlog.pending),
        sequencer.pressing.eq(backlog.pressing),
    ]
    if unit(p).on_epoch:
        due = (registers.period != 0) & (registers.until == 1)
        m.d.comb += sequencer.epoch.eq(registers.learn & due)
        m.d.comb += registers.ending.eq(phase == Phase.ENDSTEP)


def _rewarded(m, s, phase):
    """Receive rewards; let visits see them."""
    rewards, every, visits = s.rewards, s.receiving, s.visits
    m.d.comb += [
        every.run.eq(phase == Phase.RECEIVE),
        rewards.enter.eq(every.enter),
        rewards.of.eq(Mux(every.run, every.place, s.places.record_of)),
        rewards.now.eq(s.sequencer.step[:LAST_BITS]),
        visits.reward.eq(rewards.past),
        s.registers.received.eq(every.done),
        s.sequencer.rewarded.eq(s.registers.learn & s.registers.reward),
    ]


def _normed(m, s, phase):
    """Add weights up as they leave in EPOCH; let visits have the factors of their places."""
    norms, visits, places = s.norms, s.visits, s.places
    m.d.comb += [
        norms.leaving.eq(visits.leaving),
        norms.add.eq(visits.learned & (phase == Phase.EPOCH)),
        norms.weight.eq(visits.now.word_0),
        norms.run.eq(phase == Phase.FACTOR),
        # A run that is broken off leaves some, as it does counts.
        norms.clear.eq(places.host_lasts.write),
        norms.cleared.eq(places.host_lasts.index),
        norms.of.eq(places.record_of),
        visits.factor.eq(norms.factor),
    ]
