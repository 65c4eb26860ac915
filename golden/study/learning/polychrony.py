"""`golden.examples.spnet` in float64, compiled: the same wiring, thalamus and order of a step."""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportCallIssue=false

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.builder.inputs import SpikeTrain
from golden.builder.network import Network
from golden.numbers.compiled import compiled, entry

Floats, Ints = NDArray[np.float64], NDArray[np.int64]
DELAYS, EPOCH, LEFT = 20, 1000, 0.95
"""Steps of the longest delay and of an epoch; what is left of a trace after a step."""
NEVER = -(10**6)
POWERS = np.array([LEFT**age for age in range(1024)])
START, MOST, THALAMUS, INHIBITION = 6.0, 10.0, 20.0, -5.0
RAISE, LOWER, DRIFT, KEEP = 0.1, 0.12 / LEFT, 0.01, 0.9


def in_floats(
    net: Network, steps: int, weight: float = START
) -> tuple[dict[str, NDArray[np.int64]], Floats]:
    """Return spikes of "exc" and "inh" in each ms, and the weights that have learned.

    All begin with the same ``weight``.
    """
    _, learned, still = net.projections
    exc, inh = net.populations["exc"], net.populations["inh"]
    train = net.populations["thalamus"].what
    assert isinstance(train, SpikeTrain)
    delay = np.concatenate([r.delay for r in learned.rows.values()]).astype(np.int64)
    pre, post = learned.pre, learned.post
    order = np.lexsort((post, delay, pre))
    run = (pre * (DELAYS + 1) + delay)[order]
    runs = np.searchsorted(run, np.arange(exc.size * (DELAYS + 1) + 1))
    onto = np.argsort(post[order], kind="stable")
    others = np.argsort(still.pre, kind="stable")
    spikes, size = np.zeros((2, steps), np.int64), exc.size + inh.size
    wiring = Wiring(
        exc.size,
        np.asarray(train.neurons)[:steps],
        runs,
        run,
        post[order],
        onto,
        np.searchsorted(post[order][onto], np.arange(size + 1)),
        np.searchsorted(still.pre[others] - exc.size, np.arange(inh.size + 1)),
        still.post[others],
        POWERS,
    )
    now = Now.start(size, len(runs) - 1, len(order), weight)
    _run(wiring, now, spikes)
    return {"exc": spikes[0], "inh": spikes[1]}, now.weight


class Wiring(NamedTuple):
    """What does not change."""

    exc: int
    """Excitatory cells; they come first."""
    driven: Ints
    """Whom the thalamus drives, in each step."""
    runs: Ints
    """Where the synapses of each source and delay begin."""
    run: Ints
    """Of every synapse."""
    post: Ints
    onto: Ints
    """Synapses by target."""
    own: Ints
    """Where those of each target begin."""
    others: Ints
    """Where targets of each inhibitory cell begin."""
    into: Ints
    powers: Floats


class Now(NamedTuple):
    """What does."""

    v: Floats
    u: Floats
    current: Floats
    spiked: Ints
    arrived: Ints
    slope: Floats
    weight: Floats
    fired: Ints
    """Who, in the last steps."""
    many: Ints
    """How many these are."""

    @classmethod
    def start(cls, size: int, runs: int, synapses: int, weight: float) -> "Now":
        """Return what is there at first."""
        return cls(
            np.full(size, -65.0),
            np.full(size, -13.0),
            np.zeros(size),
            np.full(size, NEVER),
            np.full(runs, NEVER),
            np.zeros(synapses),
            np.full(synapses, weight),
            np.zeros((DELAYS + 1, size), np.int64),
            np.zeros(DELAYS + 1, np.int64),
        )


@compiled
def left(powers, age):
    """Return what is left of a trace."""
    return powers[age] if age < len(powers) else 0.0


@compiled
def cell(now, i, excitatory):
    """Do a step of a cell; return whether it spikes."""
    v, u, current = now.v, now.u, now.current
    for _ in range(2):
        v[i] += 0.5 * ((0.04 * v[i] + 5) * v[i] + 140 - u[i] + current[i])
    u[i] += (0.02 if excitatory else 0.1) * (0.2 * v[i] - u[i])
    current[i] = 0
    if v[i] < 30:
        return False
    v[i] = -65
    u[i] += 8 if excitatory else 2
    return True


@compiled
def arrive(net, now, t, i, delay):
    """Let a spike arrive at the synapses of one delay."""
    if i < net.exc:
        at = i * (DELAYS + 1) + delay
        for k in range(net.runs[at], net.runs[at + 1]):
            target = net.post[k]
            now.slope[k] -= LOWER * left(net.powers, t - now.spiked[target])
            now.current[target] += now.weight[k]
        now.arrived[at] = t
    elif delay == 1:
        for k in range(net.others[i - net.exc], net.others[i - net.exc + 1]):
            now.current[net.into[k]] += INHIBITION


@compiled
def follow(now):
    """Let the weights follow their derivatives."""
    for k in range(len(now.weight)):
        now.weight[k] = min(max(now.weight[k] + DRIFT + now.slope[k], 0.0), MOST)
        now.slope[k] *= KEEP


@compiled
def post_spike(net, now, t, i):
    """Raise the derivatives of all synapses onto a neuron."""
    for place in range(net.own[i], net.own[i + 1]):
        k = net.onto[place]
        now.slope[k] += RAISE * left(net.powers, t - now.arrived[net.run[k]])
    now.spiked[i] = t


@entry
def _run(net, now, spikes):
    """Run it for as many steps as the thalamus drives somebody."""
    fired, count = now.fired, now.many
    for t in range(len(net.driven)):
        if t:
            now.current[net.driven[t - 1]] += THALAMUS
        for delay in range(1, DELAYS + 1):
            slot = (t - delay) % (DELAYS + 1)
            for n in range(count[slot] if delay <= t else 0):
                arrive(net, now, t, fired[slot, n], delay)
        if (t + 1) % EPOCH == 0:
            follow(now)
        slot = t % (DELAYS + 1)
        count[slot] = 0
        for i in range(len(now.v)):
            if cell(now, i, i < net.exc):
                fired[slot, count[slot]] = i
                count[slot] += 1
                spikes[0 if i < net.exc else 1, t] += 1
        for n in range(count[slot]):
            post_spike(net, now, t, fired[slot, n])
