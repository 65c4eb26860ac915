"""Stage 7, plasticity: one sweep over the axons changes the weights of one neuron."""

from amaranth.hdl import Cat, Module, Mux, Signal, signed
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap
from golden.dense.params import GAIN, Params
from golden.numbers.formats import index_bits
from hdl.dense.registers import register_ports
from hdl.numbers import lfsr
from hdl.numbers.formats import shape
from hdl.parts.delay import delayed
from hdl.parts.multipliers import ProductSum

LATENCY = 7
"""Cycles from the read of a weight to its write."""
DROP_BITS = 8
"""Bits of a word that is compared with ``drop_chance``."""


class STDP(wiring.Component):
    """One sweep; `golden.dense.stdp.sweep` with its ``pairing`` or ``lateness`` in gates.

    The unit owns ``last``, the table of gains and the random register. A weight on its way::

        c      reads w and last
        c + 1  age -> index of the table
        c + 2  reads the table
        c + 3  gain;  room = w_max - w  if it goes up else  w - w_min
        c + 4  product = x * gain;  x = room  (1: hard bounds), 0 if that is negative
        c + 5  left = room - ((product + r) >> dw_shift), at least 0 if room is
        c + 6  w' = w_max - left  if it goes up else  w_min + left
        c + 7  writes w' if it is not w

    Latency 7 cycles, throughput one weight a cycle; with ``single_port`` nothing is read in a cycle
    in which a weight is written, and the next axon follows a cycle later. ``host`` and ``draw`` are
    for other times than a sweep's. The memories start as zeros and are not read in a cycle in which
    they are written.

    Parameters
    ----------
    p : Params
        Parameters of the core.

    Members
    -------
    start : In(1)
        Strobe; the sweep begins in the next cycle.
    word : In(group_bits)
        With ``start``: the neuron's word in every axon's row.
    punish : In(1)
        With ``start``: reverse both signs.
    late : In(1)
        With ``start``: the gains are those of ``lateness``. Exists only with ``a_late``.
    reference : In(last)
        With ``start``: the step t, or for lateness that of the neuron's spike.
    done : Out(1)
        In the sweep's last cycle, the seventh after the last axon was read.
    w_read : Out(1)
        Read a word, from axon 0 in the sweep's first cycle on.
    w_word : Out(word_bits)
        Which.
    weight : In(w)
        Three cycles after the read: the neuron's weight.
    w_en : Out(1)
        Write a weight that changes, 7 cycles after it was read.
    w_addr : Out(word_bits)
        In which word.
    w_data : Out(w)
        What.
    last_en : In(1)
        Write ``last``.
    last_axon : In(axon_bits)
        Of which axon.
    last_data : In(last)
        What.
    host : In(1)
        Read ``last`` and the table at the addresses that follow.
    host_axon : In(axon_bits)
        Of ``last``.
    last : Out(last)
        What was read a cycle ago.
    table_en : In(1)
        Write the table.
    table_index : In(index_bits(n_gains))
        Entry, ``a_plus`` then ``a_late``; with ``host`` also the read address.
    table_data : In(16)
        What.
    table : Out(16)
        What was read a cycle ago.
    lfsr : Out(32)
        Random register, 1 after reset.
    lfsr_en : In(1)
        Load it.
    lfsr_data : In(32)
        With what, not 0.
    draw : In(1)
        Advance it by one word.
    drawn : Out(8)
        Upper bits of the word that ``draw`` gives, combinational.
    w_min, w_max : In(w)
        Registers.
    ltp_window, ltd_window : In
        Registers, entries of the table; ``ltd_window`` exists only with ``a_late``.
    a_minus : In(16)
        Register.
    soft_bounds : In(1)
        Register.
    """

    def __init__(self, p: Params):
        self.p = p
        self.at = at = MemoryMap(p)
        self.n_gains = p.ltp_window + p.ltd_window
        ports = self._ports()
        if p.a_late:
            ports |= {"late": In(1), **register_ports(p, Params.a_late)}
        ports |= {
            "w_read": Out(1),
            "w_word": Out(at.word_bits),
            "weight": In(shape(p.w)),
            "w_en": Out(1),
            "w_addr": Out(at.word_bits),
            "w_data": Out(shape(p.w)),
        }
        ports |= register_ports(
            p, Params.w_min, Params.w_max, Params.a_plus, Params.a_minus, Params.soft_bounds
        )
        super().__init__(ports)
        self.sweeping = Signal()
        """All that comes with ``start`` is kept, as it was in the cycle before this began."""

    def _ports(self):
        p, at = self.p, self.at
        return {
            "start": In(1),
            "word": In(at.group_bits),
            "punish": In(1),
            "reference": In(shape(p.last)),
            "done": Out(1),
            "last_en": In(1),
            "last_axon": In(at.axon_bits),
            "last_data": In(shape(p.last)),
            "host": In(1),
            "host_axon": In(at.axon_bits),
            "last": Out(shape(p.last)),
            "table_en": In(1),
            "table_index": In(index_bits(self.n_gains)),
            "table_data": In(shape(GAIN)),
            "table": Out(shape(GAIN)),
            "lfsr": Out(lfsr.STATE_WIDTH, init=1),
            "lfsr_en": In(1),
            "lfsr_data": In(lfsr.STATE_WIDTH),
            "draw": In(1),
            "drawn": Out(DROP_BITS),
        }

    def elaborate(self, platform):
        m = Module()
        axon, read, ends = self._walk(m)
        after, late, punish = self._lesson(m)
        index, inside = self._age(m, self._last(m, axon), after, late)
        table = self._table(m, _late(m, index))
        gain, up = self._gain(m, table, _late(m, inside, 2), late, punish)
        changed = self._change(m, gain, up)
        reads, last_reads = Signal(LATENCY), Signal(LATENCY)
        m.d.sync += [reads.eq(Cat(read, reads)), last_reads.eq(Cat(ends, last_reads))]
        self._write(m, reads[LATENCY - 1], changed)
        self._randomness(m, reads[LATENCY - 3])
        m.d.comb += self.done.eq(last_reads[LATENCY - 1])
        return m

    def _walk(self, m):
        """Read every axon; return it, whether it is read, and whether it is the last."""
        axon, busy = Signal(self.at.axon_bits, name="axon"), Signal()
        ends = self.w_read & (axon == self.p.n_axons - 1)
        with m.If(self.start):
            m.d.sync += [busy.eq(1), self.sweeping.eq(1)]
        with m.Elif(self.done):
            m.d.sync += self.sweeping.eq(0)
        with m.If(~self.sweeping):
            m.d.sync += [axon.eq(0), self.w_word.eq(self.word)]
        with m.Elif(self.w_read):
            m.d.sync += [axon.eq(axon + 1), self.w_word.eq(self.w_word + self.p.n_words)]
            m.d.sync += busy.eq(~ends)
        m.d.comb += self.w_read.eq(busy & ~(self.w_en if self.p.single_port else 0))
        return axon, self.w_read, ends

    def _lesson(self, m):
        """Keep what came with ``start``; return what is in ``last`` after this step, and kinds."""
        after, late, punish = Signal(shape(self.p.last)), Signal(), Signal()
        with m.If(~self.sweeping):
            m.d.sync += [after.eq(self.reference + 1), punish.eq(self.punish)]
            if self.p.a_late:
                m.d.sync += late.eq(self.late)
        return after, late, punish

    def _last(self, m, axon):
        write = (self.last_en, self.last_axon, self.last_data)
        address = Mux(self.host, self.host_axon, axon)
        m.submodules.last_memory = memory = Memory(
            shape=shape(self.p.last), depth=self.p.n_axons, init=[]
        )
        return _read_unless_written(m, memory, write, address, self.last)

    def _age(self, m, last, after, late):
        """Return where in the table the gain is, and whether there is one; ``c + 1``."""
        p, age = self.p, Signal(signed(self.p.last.width + 1))
        steps = Signal(len(age))
        # ~age is how much later than in the step after the neuron's spike; negative is too large.
        m.d.comb += [age.eq(after - last), steps.eq(Mux(late, ~age, age))]
        inside = (last != 0) & (steps < self.ltp_window)
        if p.a_late:
            inside = Mux(late, steps < self.ltd_window, inside)
        return steps + Mux(late, p.ltp_window, 0), inside

    def _table(self, m, index):
        write = (self.table_en, self.table_index, self.table_data)
        address = Mux(self.host, self.table_index, index)
        m.submodules.table_memory = memory = Memory(
            shape=shape(GAIN), depth=max(1, self.n_gains), init=[]
        )
        return _read_unless_written(m, memory, write, address, self.table)

    def _gain(self, m, table, inside, late, punish):
        """Return the gain's magnitude and whether it is upwards; ``c + 3``."""
        return Mux(inside, table, Mux(late, 0, self.a_minus)), (inside ^ punish) & ~late

    def _change(self, m, gain, up):
        """Register the new weight for ``c + 7``; return whether it is another one."""
        p, width = self.p, self.p.w.width
        room, kept = Signal(signed(width + 1)), Signal(width, reset_less=True)
        # One subtraction, as its sign is asked for.
        m.d.sync += room.eq(Mux(up, self.w_max, self.weight) - Mux(up, self.weight, self.w_min))
        x = Mux(room < 0, 0, Mux(self.soft_bounds, room[:width], 1))
        m.submodules.product = product = ProductSum(GAIN.width, width, p.dw_shift, cycles=1)
        up, room = _late(m, _late(m, up)), _late(m, room)
        m.d.comb += [
            product.a.eq(_late(m, gain)),
            product.b.eq(x),
            product.c.eq(lfsr.drawn(lfsr.step(self.lfsr), p.dw_shift)),
        ]
        steps = product.total >> p.dw_shift
        left = room - steps
        m.d.sync += kept.eq(Mux(left < 0, 0, left))
        up = _late(m, up)
        m.d.sync += self.w_data.eq(Mux(up, self.w_max - kept, self.w_min + kept))
        # Outside its bounds and led further out it takes no step, and stays whatever was kept.
        return _late(m, steps.any() & room.any(), 2)

    def _write(self, m, strobe, changed):
        m.d.comb += self.w_en.eq(strobe & changed)
        with m.If(~self.sweeping):
            m.d.sync += self.w_addr.eq(self.word)
        with m.Elif(strobe):
            m.d.sync += self.w_addr.eq(self.w_addr + self.p.n_words)

    def _randomness(self, m, strobe):
        word = Signal(lfsr.STATE_WIDTH)
        m.d.comb += [word.eq(lfsr.step(self.lfsr)), self.drawn.eq(lfsr.drawn(word, DROP_BITS))]
        with m.If(self.lfsr_en):
            m.d.sync += self.lfsr.eq(self.lfsr_data)
        with m.Elif(self.draw | strobe):
            m.d.sync += self.lfsr.eq(word)


def _read_unless_written(m, memory, written, address, q):
    """Write (en, addr, data) in a memory, and register what is read in ``q``; return that.

    The register is ours, so that it can be told: nothing is read while something is written.
    Synthesis takes it into the memory and adds no gates for a read and a write at one address.
    """
    write, read = memory.write_port(), memory.read_port(domain="comb")
    en, addr, data = written
    m.d.comb += [
        write.en.eq(en),
        write.addr.eq(addr),
        write.data.eq(data),
        read.addr.eq(address),
    ]
    word = Signal(q.shape(), reset_less=True)
    m.d.comb += q.eq(word)
    with m.If(~write.en):
        m.d.sync += word.eq(read.data)
    return q


def _late(m, value, n_cycles=1):
    return delayed(m, value, n_cycles, reset_less=True)
