"""The loop over steps, compiled once for every network: tables say what is in it."""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportIndexIssue=false

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from golden.network.engine.inward import chance, drive, join, metronome, set_keys, train
from golden.network.engine.net import (
    APART,
    CHANCE,
    COUNTERS,
    COUNTERS_END,
    COUNTS,
    FIRST,
    KIND,
    LANES,
    MARGIN,
    METRONOME,
    PLACE,
    SHARED,
    SIZE,
    SPAN,
    SUMS,
    T_COUNT,
    T_EVERY,
    T_PLACES,
    TABLES,
    TRAIN,
    WINNERS,
    WORDS,
)
from golden.network.engine.outward import deliver, emit
from golden.numbers.compiled import compiled, entry


@intrinsic
def call(
    typingctx, address, words, sums, apart, neurons, shared, tables, keys, first, fired, counts
):
    """Call a kernel by its address; all arguments are int64, pointers too."""
    signature = types.int64(*[types.int64] * 11)

    def generate(context, builder, signature, arguments):
        word = ir.IntType(64)
        kind = ir.FunctionType(word, [word] * 10)
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        return builder.call(function, arguments[1:])

    return signature, generate


@compiled
def compete(words, place, span, fired, n, most):
    """Keep the ``most`` of largest margin, ascending; of equal ones the lowest."""
    for kept in range(most):
        best = kept
        for k in range(kept + 1, n):
            a = words[place + fired[k] // LANES * span + fired[k] % LANES]
            b = words[place + fired[best] // LANES * span + fired[best] % LANES]
            if a > b or (a == b and fired[k] < fired[best]):
                best = k
        fired[kept], fired[best] = fired[best], fired[kept]
    for k in range(1, most):
        mine, at = fired[k], k
        while at and fired[at - 1] > mine:
            fired[at] = fired[at - 1]
            at -= 1
        fired[at] = mine
    return most


@compiled
def spikes_of(net, group, row, step, now):
    """Run a group for one step; return how many are in ``fired``."""
    if row[KIND] == CHANCE:
        return chance(net.keys, row[FIRST], net.thresholds, row[PLACE], row[SIZE], net.fired)
    if row[KIND] == METRONOME:
        return metronome(step, net.thresholds, row[PLACE], row[SIZE], net.fired)
    if row[KIND] == TRAIN:
        return train(net, group, row, step)
    sums = net.groups[-1, WORDS] + 4 * (now + row[SUMS])
    n = call(
        net.kernels[group],
        row[WORDS],
        sums,
        row[APART],
        row[SIZE],
        row[SHARED],
        row[TABLES],
        net.groups[-1, SHARED],
        row[FIRST],
        net.groups[-1, TABLES],
        row[COUNTS],
    )
    for counter in range(row[COUNTERS], row[COUNTERS_END]):
        if net.counts[counter] and net.firsts[counter] < 0:
            net.firsts[counter] = step
    while n and net.fired[n - 1] >= row[SIZE]:
        n -= 1
    if 0 <= row[WINNERS] < n:
        n = compete(net.words, row[MARGIN], row[SPAN], net.fired, n, row[WINNERS])
    return n


@compiled
def sample(net, step, samples, at):
    """Record the taps of a step; return where the next sample goes."""
    for k in range(len(net.taps)):
        if step % net.taps[k, T_EVERY] == 0:
            for i in range(net.taps[k, T_COUNT]):
                samples[at] = net.words[net.tap_places[net.taps[k, T_PLACES] + i]]
                at += 1
    return at


@entry
def run(net, seed, first, steps, when, who, samples, neurons):
    """Run up to ``steps`` steps; return (steps done, spikes recorded).

    It ends early, between two steps, when ``when`` and ``who`` might not hold the next one.
    """
    count, sampled, sent, groups = 0, 0, 0, len(net.groups) - 1
    for step in range(first, first + steps):
        if count + neurons > len(who):
            return step - first, count
        set_keys(net.keys, seed, step)
        now = (step & net.mask) * net.slot
        drive(net, step, now)
        join(net, now)
        begin = count
        for group in range(groups):
            row = net.groups[group]
            n = spikes_of(net, group, row, step, now)
            for k in range(n):
                when[count] = step
                who[count] = row[FIRST] + net.fired[k]
                count += 1
        for i in range(net.slot):
            net.sums[now + i] = 0
        for k in range(begin, count):
            deliver(net, who[k], now)
        if len(net.releases):
            sent = emit(net, who[begin:count], step, now, sent)
        sampled = sample(net, step, samples, sampled)
    return steps, count
