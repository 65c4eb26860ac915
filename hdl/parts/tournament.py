"""The largest of many numbers, by comparing neighbours level by level."""

from typing import NamedTuple

from amaranth.hdl import Cat, Module, Mux, Signal, Value


class Node(NamedTuple):
    """One of those who compete, or the better one of some.

    **In every level, the nodes in odd places bring the complement of their margin, those in even
    places the margin itself; the root brings the complement.** To compare is to subtract, and an
    adder wants one of its terms inverted: a carry chain of an FPGA has no room for that in front of
    it, but the cell that registers a margin inverts it for nothing. So whoever makes a node inverts
    it if it will be the second of a pair: the membranes for the leaves in odd lanes, `tournament`
    for what it registers. The root meets the best of earlier words as a second one does.
    """

    able: Value
    """It may win at all."""
    margin: Value
    """Signed; in odd places, and of the root, the complement."""
    right: Value
    """A bit that comes along: the neuron is of the label's class."""
    lane: list[Value]
    """Where it comes from, lowest bit first; of a leaf none."""


def levels(n: int) -> int:
    """Return the levels that ``n`` leaves need, one cycle each."""
    return (n - 1).bit_length()


def tournament(m: Module, nodes: list[Node]) -> Node:
    """Add the comparisons; return the root, `levels` cycles later. The lower one wins a tie."""
    if len(nodes) == 1:
        return nodes[0]._replace(margin=~nodes[0].margin)
    for level in range(depth := levels(len(nodes))):
        last = level == depth - 1
        pairs = [nodes[i : i + 2] for i in range(0, len(nodes), 2)]
        nodes = [_match(m, level, pair, inverted=last or k % 2) for k, pair in enumerate(pairs)]
    return nodes[0]


def _match(m, level, pair, inverted):
    """Register the better of two nodes, or the only one."""
    left, other = pair[0], pair[-1]
    second, margin = Signal(name=f"second{level}"), left.margin
    if len(pair) == 2:
        m.d.comb += second.eq(other.able & (~left.able | exceeds(other.margin, left.margin)))
        margin = Mux(second, ~other.margin, left.margin)
    able, is_right = Signal(name=f"able{level}"), Signal(name=f"right{level}")
    better = Signal(left.margin.shape(), name=f"margin{level}")
    bits = [Signal(name=f"lane{level}_{i}") for i in range(level + 1)]
    m.d.sync += [
        able.eq(left.able | other.able),
        better.eq(~margin if inverted else margin),
        is_right.eq(Mux(second, other.right, left.right)),
        Cat(*bits).eq(Cat(Mux(second, Cat(*other.lane), Cat(*left.lane)), second)),
    ]
    return Node(able, better, is_right, bits)


def exceeds(complement: Value, margin: Value) -> Value:
    """Tell whether ``~complement > margin``: the sign of ``margin - ~complement``, one chain.

    The ones below both terms are the carry that makes a difference of a sum with a complement.
    """
    return (Cat(1, margin).as_signed() + Cat(1, complement).as_signed())[-1]
