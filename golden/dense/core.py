"""One presentation of one image: the stages in order. This is the specification.

Start: ``v = v_reset``, nobody is refractory, the encoder starts afresh; when learning, the ages are
cleared, and with ``drop_chance`` every neuron, in ascending order, draws 8 bits and is barred if
they are less than ``drop_chance``. Then in every step:

a. the encoder emits this step's spikes, and they become events in ascending axon order;
b. all membranes leak;
c. every event's row of weights is integrated, saturating event by event;
d. if there was an event, or the spike is forced, the neurons compete: see :mod:`golden.dense.wta`.
   A spike is forced in the last step if there has been none before (``force_spike``);
e. the winner spikes, is reset and refractory, and the losers are inhibited;
f. when learning: the ages of this step's events are noted; windows that end in this step close;
   then the lessons of this step's spike, each one sweep (:mod:`golden.dense.reward`, with what
   the neurons competed with in d); then, if there was a lesson, the winner's ``theta`` and the
   offset rise.

The presentation ends after ``n_steps``, or with the step of its ``stop_after``-th spike (learning;
0 is never) or ``vote_spikes``-th (inference); f of that step still happens. When learning, windows
still open then close, ``presented`` is counted, and ``theta`` may decay. Inference is the same
without f, ``drop_chance`` and the class gate; it may hold a ballot, which ends it; and it returns
the state it was given.

A *window* of deferred depression (only if ``a_late`` has entries) opens with every lesson that
rewards, whoever has spiked: for a rewarded rival too, and in the step of the lesson, ``s``. When it
closes, its neuron has a sweep, :func:`golden.dense.stdp.lateness`. It closes at the first of

- step ``s + len(a_late)``, after its events were noted and before its lessons, oldest first;
- the neuron's next lesson, rewarding or punishing, just before that lesson's sweep;
- the end of the presentation, oldest first.
"""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import encoder, homeostasis, membrane, reward, stdp, synapse, wta
from golden.dense.events import NEVER, events, stamp
from golden.dense.params import Params
from golden.dense.receptive_field import receptive_field
from golden.numbers import lfsr


class State(NamedTuple):
    """Everything that learning changes."""

    w: NDArray[np.int64]
    """Weights, (n_axons, n_neurons), format ``w``."""
    theta: NDArray[np.int64]
    """Adaptive thresholds, (n_neurons,), format ``theta``."""
    offset: int
    """Common offset of the thresholds, format ``offset``."""
    last: NDArray[np.int64]
    """Step of each axon's last spike plus 1, 0 for never, (n_axons,), format ``last``."""
    lfsr: int
    """Shared random register of plasticity."""
    presented: int
    """Learning presentations so far."""

    def check(self, p: Params) -> None:
        """Raise if an array has the wrong shape or type, or a value is outside its format."""
        for name, shape in (
            ("w", (p.n_axons, p.n_neurons)),
            ("theta", (p.n_neurons,)),
            ("last", (p.n_axons,)),
        ):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} must have shape {shape}, not {getattr(self, name).shape}")
        p.w.check(self.w)
        if self.w.min() < p.w_min or self.w.max() > p.w_max:
            raise ValueError(f"w must be in [{p.w_min}, {p.w_max}]")
        p.theta.check(self.theta)
        p.last.check(self.last)
        p.offset.check(self.offset)
        lfsr.STATE.check(self.lfsr)
        if self.lfsr == 0:
            raise ValueError(f"lfsr must be 1 to {lfsr.STATE.max}, not 0")
        p.presented.check(self.presented)

    def sha256(self) -> str:
        """Return the state hash.

        SHA-256 over ``w`` (axon by axon), ``theta``, ``offset``, ``last``, ``lfsr``, ``presented``,
        in this order, every number as 64-bit two's complement, little-endian.
        """
        digest = hashlib.sha256()
        for field in self:
            digest.update(np.asarray(field).astype("<i8").tobytes())
        return digest.hexdigest()


def initial(p: Params, seed: int) -> State:
    """Return an untrained network: random weights, equal thresholds."""
    never = np.full(p.n_axons, NEVER, dtype=np.int64)
    return State(synapse.initial(p, seed), homeostasis.initial(p), 0, never, lfsr.seeded(seed), 0)


class Step(NamedTuple):
    """What happened in one step."""

    step: int
    axons: NDArray[np.int64]
    """Events in order, (n_events,)."""
    v: NDArray[np.int64]
    """Membranes at its end, (n_neurons,)."""
    threshold: NDArray[np.int64]
    """What ``v`` was compared with, (n_neurons,): ``theta`` and the offset rise after it."""
    margin: NDArray[np.int64]
    """``v`` less ``threshold`` when they were compared, before the reset and the inhibition by this
    step's spike, (n_neurons,)."""
    winner: int
    """Neuron that spiked, or `golden.dense.wta.NOBODY`."""
    ballot: tuple[int, ...]
    """Further voters elected with it."""
    sweeps: tuple[int, ...]
    """Neurons whose weights were swept, in order."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """What happened to one image."""

    steps: tuple[Step, ...]
    closing: tuple[int, ...]
    """Neurons whose windows closed, each with a sweep, when the presentation ended."""

    @property
    def spikes(self) -> tuple[int, ...]:
        """Neurons that spiked or were elected to vote, in order."""
        return tuple(neuron for _, neuron in self.voters)

    @property
    def voters(self) -> tuple[tuple[int, int], ...]:
        """The same, each with its step: (step, neuron)."""
        return tuple(
            (step.step, neuron)
            for step in self.steps
            if step.winner != wta.NOBODY
            for neuron in (step.winner, *step.ballot)
        )

    @property
    def n_events(self) -> int:
        """Events integrated."""
        return sum(len(step.axons) for step in self.steps)

    @property
    def n_sweeps(self) -> int:
        """Sweeps of plasticity over all axons."""
        return sum(len(step.sweeps) for step in self.steps) + len(self.closing)


class _Learning(NamedTuple):
    """State under change, the windows of deferred depression, and the sweeps of one step."""

    state: State
    windows: dict[int, int]
    """Open windows, oldest first: neuron -> step of its spike."""
    sweeps: tuple[int, ...]

    def sweep(self, p: Params, neuron: int, gain: NDArray[np.int64]) -> "_Learning":
        column = synapse.column(self.state.w, neuron)
        column, register = stdp.sweep(p, column, gain, self.state.lfsr)
        w = synapse.with_column(self.state.w, neuron, column)
        state = self.state._replace(w=w, lfsr=register)
        return self._replace(state=state, sweeps=(*self.sweeps, neuron))

    def close(self, p: Params, neuron: int) -> "_Learning":
        windows = dict(self.windows)
        spiked = windows.pop(neuron)
        gain = stdp.lateness(p, self.state.last, spiked)
        return self._replace(windows=windows).sweep(p, neuron, gain)

    def teach(self, p: Params, lesson: reward.Lesson, step: int) -> "_Learning":
        neuron, direction = lesson
        learning = self.close(p, neuron) if neuron in self.windows else self
        gain = stdp.pairing(p, self.state.last, step, direction)
        learning = learning.sweep(p, neuron, gain)
        if p.ltd_window and direction == stdp.REWARD:
            learning = learning._replace(windows={**learning.windows, neuron: step})
        return learning

    def step(self, p: Params, axons, winner: int, lessons, t: int) -> "_Learning":
        last = stamp(self.state.last, axons, t)
        learning = self._replace(state=self.state._replace(last=last), sweeps=())
        for neuron in [n for n, spiked in self.windows.items() if t - spiked == p.ltd_window]:
            learning = learning.close(p, neuron)
        for lesson in lessons:
            learning = learning.teach(p, lesson, t)
        return learning.rise(p, winner) if lessons else learning

    def rise(self, p: Params, winner: int) -> "_Learning":
        theta, offset = homeostasis.rise(p, self.state.theta, self.state.offset, winner)
        return self._replace(state=self.state._replace(theta=theta, offset=offset))

    def finish(self, p: Params) -> tuple[State, tuple[int, ...]]:
        learning = self._replace(sweeps=())
        for neuron in self.windows:
            learning = learning.close(p, neuron)
        presented = p.presented.wrap(learning.state.presented + 1)
        theta = homeostasis.decay(p, learning.state.theta, presented)
        return learning.state._replace(theta=theta, presented=presented), learning.sweeps


def present(
    p: Params,
    state: State,
    pixels: NDArray[np.int64],
    *,
    learn: bool = False,
    right: NDArray[np.bool_] | None = None,
) -> tuple[Presentation, State]:
    """Present one image.

    Parameters
    ----------
    pixels : (height * width,) int64
        Image in row order, format ``pixel``.
    learn : bool
        Change the state; otherwise the state is returned as it was.
    right : (n_neurons,) bool
        Neurons of the image's class, for the rewards that need a label.

    Raises
    ------
    ValueError
        If ``reward`` needs ``right`` and it is missing.
    OverflowError, TypeError
        If a pixel is not in format ``pixel``.
    """
    p.pixel.check(pixels)
    if right is None:
        if learn and p.reward != "none":
            raise ValueError(f"right must be given for reward {p.reward!r}, not None")
        right = np.zeros(p.n_neurons, dtype=np.bool_)
    pixels = receptive_field(p, pixels)
    base = homeostasis.base_threshold(p, encoder.peak(p, pixels) if p.activity_gain else 0)
    allowed = reward.candidates(p, right) if learn else np.ones_like(right)
    limit = p.stop_after if learn else p.vote_spikes

    source, v, flags = encoder.start(p), membrane.start(p), wta.start(p)
    learning = _Learning(state, {}, ())
    if learn:
        flags, learning = _start_learning(p, flags, state)
    steps: list[Step] = []
    n_spikes = 0
    for t in range(p.n_steps):
        spikes, source = encoder.encode(p, pixels, source, t)
        axons = events(spikes)
        now = learning.state
        v = _integrate(p, now, v, axons, flags)
        threshold = homeostasis.threshold(p, base, now.theta, now.offset)
        margin, candidates = v - threshold, allowed & wta.eligible(flags)
        force = p.force_spike and n_spikes == 0 and t == p.n_steps - 1
        winner = wta.elect(margin, candidates, force) if axons.size or force else wta.NOBODY
        ballot = ()
        if p.ballot and not learn and winner != wta.NOBODY:
            ballot = wta.ballot(margin, candidates, winner, p.vote_spikes - 1)
        v, flags = wta.settle(p, v, flags, winner)
        if learn:
            lessons = reward.lessons(p, margin, candidates, right, winner)
            learning = learning.step(p, axons, winner, lessons, t)
        steps.append(Step(t, axons, v, threshold, margin, winner, ballot, learning.sweeps))
        n_spikes += (winner != wta.NOBODY) + len(ballot)
        if (limit and n_spikes >= limit) or (p.ballot and not learn and n_spikes):
            break
    if learn:
        state, closing = learning.finish(p)
        return Presentation(tuple(steps), closing), state
    return Presentation(tuple(steps), ()), state


def _integrate(p, state, v, axons, flags):
    v = membrane.leak(p, v, flags.refrac_left)
    for axon in axons:
        v = membrane.integrate(p, v, synapse.row(state.w, int(axon)), flags.refrac_left)
    return v


def _start_learning(p, flags, state):
    """Clear the ages and draw who is dropped from this presentation, in ascending order."""
    register, barred = state.lfsr, np.zeros(p.n_neurons, dtype=np.bool_)
    if p.drop_chance:
        for neuron in range(p.n_neurons):
            word, register = lfsr.draw(register, 8)
            barred[neuron] = word < p.drop_chance
    never = np.full_like(state.last, NEVER)
    return flags._replace(barred=barred), _Learning(
        state._replace(last=never, lfsr=register), {}, ()
    )
