# amaranth: UnusedElaboratable=no
"""The oriented receptive field: the cells that gradients are gathered in."""

from amaranth.hdl import Array, Cat, Module, Mux, Signal, Value, unsigned
from amaranth.lib import data, memory, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import POOLING
from golden.dense.params import Params
from golden.numbers.formats import index_bits
from hdl.dense.gradient import MAGNITUDE_BITS
from hdl.dense.walk import Walking
from hdl.numbers.formats import saturate, shape

RUN_BITS = 12
"""Of a run: at most ``(255 + 127) * 8``."""
SUM_BITS = 15
"""Of a cell: eight times that."""


class Axis(wiring.Component):
    """Which cells a position belongs to, in one direction, while the walk goes along it.

    Cells lie in banks, cell k in bank ``k % n_banks``, so that a position belongs to one cell of a
    bank at most. Counters follow the walk: no division.

    Parameters
    ----------
    first, stride, n_cells, n_positions : int
        Position where the window of cell 0 begins, positions from one to the next, how many.

    Members
    -------
    restart : In(1)
        Position 0 is next.
    step : In(1)
        The next position is next.
    inside : Out(n_banks)
        In each bank: the position is in a window.
    later : Out(n_banks)
        And it is not the first there.
    heavy : Out(n_banks)
        It has weight 2 there, not 1.
    index : Out(data.ArrayLayout(unsigned(index_bits), n_banks))
        In each bank: the cell's number in the bank.
    """

    def __init__(self, first: int, stride: int, n_cells: int, n_positions: int):
        self.first_position, self.stride, self.n_cells = first, stride, n_cells
        self.n_positions = n_positions
        self.n_banks = -(-len(POOLING) // stride)
        self.index_bits = index_bits(-(-n_cells // self.n_banks))
        banks = Out(self.n_banks)
        ports = {"restart": In(1), "step": In(1), "inside": banks, "later": banks, "heavy": banks}
        ports["index"] = Out(data.ArrayLayout(unsigned(self.index_bits), self.n_banks))
        super().__init__(ports)

    def elaborate(self, platform) -> Module:
        m = Module()
        period = self.stride * self.n_banks
        offset = Signal(range(period), init=-self.first_position % period)
        with m.If(self.step):
            m.d.sync += offset.eq(Mux(offset == period - 1, 0, offset + 1))
        with m.If(self.restart):
            m.d.sync += offset.eq(offset.init)
        for bank in range(self.n_banks):
            start = self.first_position + self.stride * bank
            places = [(self.stride * bank + k) % period for k in range(len(POOLING))]
            heavy = [place for place, weight in zip(places, POOLING, strict=True) if weight == 2]
            # The counter rises where a window of this bank may begin, ceil(start / period) times up
            # to that of cell 0: it begins that far below 0, which floor division of -start is.
            begun, most = -start // period, (self.n_positions - start) // period
            index = Signal(range(begun, max(most, 0) + 1), init=begun, name=f"index{bank}")
            n_cells = -(-(self.n_cells - bank) // self.n_banks)
            with m.If(self.step & (offset == (places[0] - 1) % period)):
                m.d.sync += index.eq(index + 1)
            with m.If(self.restart):
                m.d.sync += index.eq(begun)
            here = (index >= 0) & (index < n_cells)
            m.d.comb += [
                self.inside[bank].eq(here & _one_of(offset, places)),
                self.later[bank].eq(here & _one_of(offset, places[1:])),
                self.heavy[bank].eq(_one_of(offset, heavy)),
                self.index[bank].eq(index),
            ]
        return m


class CellOrder(wiring.Component):
    """The cells of one direction in order, as bank and number in the bank.

    Members
    -------
    step : In(1)
        Go to the next cell, after the last to the first.
    bank : Out(index_bits(n_banks))
        Of the cell now.
    index : Out(index_bits)
        Its number there.
    last : Out(1)
        It is the last.
    """

    def __init__(self, axis: Axis):
        self.axis = axis
        ports = {"step": In(1), "bank": Out(index_bits(axis.n_banks)), "last": Out(1)}
        super().__init__(ports | {"index": Out(axis.index_bits)})

    def elaborate(self, platform) -> Module:
        m = Module()
        n_banks, end = self.axis.n_banks, self.axis.n_cells - 1
        m.d.comb += self.last.eq((self.bank == end % n_banks) & (self.index == end // n_banks))
        with m.If(self.step):
            with m.If(self.last):
                m.d.sync += [self.bank.eq(0), self.index.eq(0)]
            with m.Elif(self.bank == n_banks - 1):
                m.d.sync += [self.bank.eq(0), self.index.eq(self.index + 1)]
            with m.Else():
                m.d.sync += self.bank.eq(self.bank + 1)
        return m


class Pooling(wiring.Component):
    """Gathers gradients in cells, then gives the cells and clears them.

    Positions of one row with the same octant in the same cell are a run. Its sum is kept in a
    register and added to the cell in memory at its end only, so that no word is read before it has
    been written. A position accepted in cycle c is in memory at c + `delay`.

    Members
    -------
    advance : In(1)
        A position is accepted.
    end_of_row : In(1)
        It is the last of its row.
    magnitude : In(MAGNITUDE_BITS)
        Of the position accepted `latency` cycles ago, from `Gradient`.
    octant : In(3)
        Likewise.
    fetch : In(1)
        Show the next cell from the next cycle on.
    drain : In(1)
        High from the cycle after the first ``fetch`` to the last in which the last cell is shown.
    pixel : Out(shape(p.pixel))
        The cell.
    last : Out(1)
        It is the last.
    """

    def __init__(self, p: Params):
        self.p = p
        self.latency, self.turns = 3, 1
        """Cycles that the gradient and a position take."""
        strobes = {name: In(1) for name in ("advance", "end_of_row", "fetch", "drain")}
        gradient = {"magnitude": In(MAGNITUDE_BITS), "octant": In(3)}
        super().__init__(strobes | gradient | {"pixel": Out(shape(p.pixel)), "last": Out(1)})
        self.columns = Axis(p.rf_left + 1, p.rf_stride, p.rf_columns, p.width + 4)
        """The cells' columns that a position belongs to."""
        self.rows = Axis(p.rf_top + 1, p.rf_stride, p.rf_rows, p.height + 4)
        """Their rows."""

    @property
    def delay(self) -> int:
        """Cycles from a position to sums that can be read with it: gradient, turns, memory."""
        return self.latency + self.turns + 1

    def join(self, m: Module, field: Walking, gradient: wiring.Component) -> None:
        """Connect it to the field that it is part of, and to the gradient."""
        # The first cell is fetched in the last but one cycle of the pipeline.
        assert self.delay == field.pipeline - 1
        m.d.comb += [
            self.advance.eq(field.advance),
            self.end_of_row.eq(field.ends_row),
            self.magnitude.eq(gradient.magnitude),
            self.octant.eq(gradient.octant),
            self.fetch.eq(field.fetch),
            self.drain.eq(field.full | field.ahead),
            field.last.eq(self.last),
            field.pixel.eq(self.pixel),
            field.o.valid.eq(field.full),
        ]

    def elaborate(self, platform) -> Module:
        p, m = self.p, Module()
        m.submodules.columns, m.submodules.rows = columns, rows = self.columns, self.rows
        m.submodules.column, m.submodules.row = column, row = CellOrder(columns), CellOrder(rows)
        done, octant = self.latency + self.turns - 2, Signal(3)  # Octant of the cell in order.
        # Strobes from c + 1 on; `done` is that of the last turn.
        now, end = Signal(max(done, 3) + 1), Signal(max(done, 3) + 1)
        m.d.sync += [
            now.eq(Cat(self.advance, now)),
            end.eq(Cat(self.end_of_row & self.advance, end)),
        ]
        m.d.comb += [
            columns.step.eq(now[done]),
            columns.restart.eq(now[done] & end[done]),
            # A row's first position is in no window, so the rows may follow one cycle late.
            rows.step.eq(end[-1]),
            rows.restart.eq(self.drain),
            column.step.eq(self.fetch),
            row.step.eq(self.fetch & column.last),
        ]
        with m.If(row.step & row.last):
            m.d.sync += octant.eq(octant + 1)
        with m.If(self.fetch):
            m.d.sync += self.last.eq(column.last & row.last & octant.all())
        shown = self._gather(m, now, Cat(column.index, row.index, octant), row.bank, column.bank)
        m.d.comb += self.pixel.eq(saturate(shown >> p.rf_shift, p.pixel))
        return m

    def _gather(self, m, now, cell, row_shown, column_shown):
        """Add what positions bring to the cells in memory; return the cell that is shown."""
        runs = self._runs(m, now)
        return self._banks(m, runs, cell, row_shown, column_shown)

    def _runs(self, m, now):
        """Add up runs; return for every bank of columns (sum, the run has ended)."""
        octant_q, runs = Signal(3), []
        m.d.sync += octant_q.eq(self.octant)
        for k in range(self.columns.n_banks):
            total, inside, goes_on = Signal(RUN_BITS, name=f"run{k}"), Signal(), Signal()
            addend = self.magnitude << self.columns.heavy[k]
            m.d.comb += goes_on.eq(
                now[2] & now[3] & self.columns.later[k] & (self.octant == octant_q)
            )
            m.d.sync += [
                inside.eq(now[2] & self.columns.inside[k]),
                total.eq(Mux(goes_on, total + addend, addend)),
            ]
            runs.append((total, inside & ~goes_on))
        return runs

    def _banks(self, m, runs, cell, row_shown, column_shown):
        """Add ended runs to the cells in memory; return the cell that is shown."""
        clear, row, column = Signal(), Signal.like(row_shown), Signal.like(column_shown)
        m.d.sync += clear.eq(self.fetch)
        with m.If(self.fetch):
            m.d.sync += [row.eq(row_shown), column.eq(column_shown)]
        words = []
        for r in range(self.rows.n_banks):
            for k, (total, ended) in enumerate(runs):
                m.submodules[f"bank{r}{k}"] = bank = memory.Memory(
                    shape=SUM_BITS, depth=1 << len(cell), init=[]
                )
                read, write = bank.read_port(), bank.write_port()
                position = Cat(self.columns.index[k], self.rows.index[r], self.octant)
                m.d.comb += [
                    read.addr.eq(Mux(self.fetch, cell, position)),
                    read.en.eq(self.fetch | ~self.drain),
                    write.en.eq(
                        Mux(
                            self.drain,
                            clear & (row == r) & (column == k),
                            ended & self.rows.inside[r],
                        )
                    ),
                    write.data.eq(Mux(self.drain, 0, read.data + (total << self.rows.heavy[r]))),
                ]
                m.d.sync += write.addr.eq(read.addr)
                words.append(read.data)
        return Array(words)[row * len(runs) + column]


def _one_of(value, choices) -> Value:
    """Return whether a value is one of some constants."""
    return Cat(value == choice for choice in choices).any()
