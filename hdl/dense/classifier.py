"""Stage 8, classifier: the list of spikes, and the label that they vote for."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from golden.dense.declaration import COUNT
from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from golden.numbers.formats import index_bits
from hdl.numbers.formats import shape
from hdl.parts.delay import delayed
from hdl.parts.multipliers import named

READ_LATENCY = 3
"""Cycles from a word's address to its lane's weight."""


class Classifier(wiring.Component):
    """Spikes become a label; :func:`golden.dense.classifier.decide` in gates.

    ::

        for label, rank of those that spiked, part:
            read row (rank*n_classes + label)*Kv + part of the tables, word of the voter
        score[label] = sum of votes
        label        = the one with the largest score, the lowest of several

    Throughput one word a cycle, ``n_classes * n_spikes * Kv + 5`` cycles in all. All ``n_spikes``
    must be in the list when ``start`` comes, at least one and two cycles old.

    Parameters
    ----------
    p : Params
        Parameters of the core.

    Members
    -------
    clear : In(1)
        Strobe: a presentation begins.
    spike : In(1)
        Strobe: append to the list, if fewer than ``vote_spikes`` are in it.
    word : In(group_bits)
        With ``spike``: the neuron's word.
    lane : In(lane_bits)
        And its lane.
    n_spikes : Out(11)
        Spikes since ``clear``, also those that are not in the list.
    start : In(1)
        Strobe: the decision begins in the next cycle.
    done : Out(1)
        In the decision's last cycle.
    w_read : Out(1)
        Read a word of votes, the i-th in the decision's cycle i.
    w_word : Out(word_bits)
        Which.
    voter : Out(lane_bits)
        A cycle after the read: the lane that ``weight`` shall show.
    weight : In(weight_bits)
        Three cycles after the read: the stored bits.
    label : Out(label)
        From the cycle after ``done``; 0 after ``clear``.
    rank : In(index_bits(vote_spikes))
        Place in the list, looked at outside of decisions.
    neuron : Out(neuron_bits)
        Who is there, a cycle later.
    """

    def __init__(self, p: Params):
        self.p = p
        self.at = at = MemoryMap(p)
        super().__init__({
            "clear": In(1),
            "spike": In(1),
            "word": In(at.group_bits),
            "lane": In(at.lane_bits),
            "n_spikes": Out(COUNT.width),
            "start": In(1),
            "done": Out(1),
            "w_read": Out(1),
            "w_word": Out(at.word_bits),
            "voter": Out(at.lane_bits),
            "weight": In(p.w.width),
            "label": Out(shape(p.label)),
            "rank": In(index_bits(p.vote_spikes)),
            "neuron": Out(at.neuron_bits),
        })

    @property
    def delay(self) -> int:
        """Cycles from the read of the last word to ``done``."""
        return READ_LATENCY + 2

    def elaborate(self, platform):
        m = Module()
        busy, base = Signal(), Signal(self.at.word_bits)
        rank, rank_next = (Signal(index_bits(self.p.vote_spikes)) for _ in range(2))
        spike = self._list(m, Mux(self.start | busy, rank_next, self.rank), platform)
        part_ends, label_ends, all_ends = self._walk(m, busy, rank, rank_next)
        self._address(m, base, part_ends, label_ends)
        m.d.comb += [
            self.w_read.eq(busy),
            self.w_word.eq(base + spike.word),
            self.neuron.eq(spike.word * self.p.n_lanes + spike.lane),
            self.voter.eq(delayed(m, spike.lane, 1)),
            self.done.eq(delayed(m, all_ends, self.delay)),
        ]
        self._decide(
            m, delayed(m, part_ends, READ_LATENCY), delayed(m, label_ends, READ_LATENCY + 1)
        )
        return m

    def _list(self, m, rank, platform):
        """Keep the list; return the spike of ``rank`` a cycle later."""
        p, at = self.p, self.at
        kind = data.StructLayout({"word": at.group_bits, "lane": at.lane_bits})
        # The UP5K has a block to spare for it, and no cells.
        attrs = {"ram_style": "block"} if named(platform) else {}
        memory = Memory(shape=kind, depth=p.vote_spikes, init=[], attrs=attrs)
        m.submodules.spikes = memory
        write, read = memory.write_port(), memory.read_port()
        m.d.comb += [
            write.en.eq(self.spike & (self.n_spikes < p.vote_spikes)),
            write.addr.eq(self.n_spikes),
            write.data.word.eq(self.word),
            write.data.lane.eq(self.lane),
            read.addr.eq(rank),
        ]
        with m.If(self.clear):
            m.d.sync += self.n_spikes.eq(0)
        with m.Elif(self.spike):
            m.d.sync += self.n_spikes.eq(self.n_spikes + 1)
        return read.data

    def _walk(self, m, busy, rank, rank_next):
        """Count label, rank and part; return strobes: these are the last of theirs."""
        p, n_parts = self.p, self.at.vote_parts
        part, label = Signal(range(max(2, n_parts))), Signal(shape(p.label))
        part_ends = busy & (part == n_parts - 1)
        # More than the list holds are not here.
        bits = index_bits(p.vote_spikes + 1)
        label_ends = part_ends & ((rank + 1)[:bits] == self.n_spikes[:bits])
        all_ends = label_ends & (label == p.n_classes - 1)
        m.d.comb += rank_next.eq(Mux(part_ends, rank + 1, rank))
        with m.If(self.start | label_ends):
            m.d.comb += rank_next.eq(0)
        m.d.sync += rank.eq(rank_next)
        with m.If(self.start):
            m.d.sync += [busy.eq(1), part.eq(0), label.eq(0)]
        with m.Elif(busy):
            m.d.sync += [part.eq(Mux(part_ends, 0, part + 1)), label.eq(label + label_ends)]
            m.d.sync += busy.eq(~all_ends)
        return part_ends, label_ends, all_ends

    def _address(self, m, base, part_ends, label_ends):
        """Keep in ``base`` the address of the row's word 0.

        Rows lie by rank, then label, then part, and are read by label, then rank, then part: so the
        part behind is one row on, the next rank as many rows as all other labels have, and where
        the next label begins is kept beside.
        """
        g, n_parts = self.p.n_words, self.at.vote_parts
        first, next_label = self.at.vote_row * g, Signal(self.at.word_bits)
        to_rank = (self.p.n_classes - 1) * n_parts * g + g
        m.d.sync += base.eq(base + Mux(part_ends, to_rank, g))
        with m.If(label_ends):
            m.d.sync += [base.eq(next_label), next_label.eq(next_label + n_parts * g)]
        with m.If(self.start):
            m.d.sync += [base.eq(first), next_label.eq(first + n_parts * g)]

    def _decide(self, m, vote_complete, label_complete):
        """Add the votes and keep the best label; strobes as the last part and sum are there."""
        p = self.p
        lower = Signal((self.at.vote_parts - 1) * p.w.width)
        vote = Cat(lower, self.weight)[: p.vote.width]
        # The best one is kept inverted: then the carry of a sum says which is larger.
        score, best_inv = (Signal((p.vote_spikes * p.vote.max).bit_length()) for _ in range(2))
        label = Signal(shape(p.label))
        m.d.sync += lower.eq(Cat(lower, self.weight)[p.w.width :])
        if self.at.vote_parts > 1:
            # No vote is complete in the cycle behind another.
            with m.If(label_complete):
                m.d.sync += score.eq(0)
            with m.Elif(vote_complete):
                m.d.sync += score.eq(score + vote)
        else:
            m.d.sync += score.eq(Mux(label_complete, 0, score) + Mux(vote_complete, vote, 0))
        with m.If(label_complete):
            m.d.sync += label.eq(label + 1)
            with m.If((score + best_inv)[-1]):
                m.d.sync += [best_inv.eq(~score), self.label.eq(label)]
        with m.If(self.clear):
            m.d.sync += [best_inv.eq(-1), label.eq(0), self.label.eq(0)]
