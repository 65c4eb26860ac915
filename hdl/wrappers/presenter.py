"""One presentation at a time, whose result waits for whoever takes it."""

from amaranth.hdl import Cat, Const, Module, Value
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import streams
from golden.dense.params import Params
from hdl.numbers.fields import payload

N_SPIKES_AT, VALID_AT, BAD_AT = 16, 30, 31
"""Places in a packed result."""


def packed(answer: stream.Interface) -> Value:
    """Return a result in 32 bits.

    The label from bit 0 on, the number of spikes from bit 16 on; in bit 30 whether there is a
    result, and in bit 31 whether its image was bad, and so not learned.
    """
    result = answer.payload.result
    fields = ((0, result.label), (N_SPIKES_AT, result.n_spikes), (VALID_AT, answer.valid))
    place, parts = 0, []
    for low, value in (*fields, (BAD_AT, answer.payload.bad)):
        parts += [Const(0, low - place), value]
        place = low + len(value)
    return Cat(*parts)


class Presenter(wiring.Component):
    """Begin a presentation only if there is room for its result: so the core never stands still.

    What stands still in front of a result that nobody takes would serve no request on its bus.

    Members
    -------
    order : In(stream of start and bad)
        An image that is complete: how it is presented. One that is ``bad`` is not learned.
    answer : Out(stream of result and bad)
        The result, with ``bad`` of its order.
    busy : Out(1)
        A presentation is under way.
    start, result : Out(stream), In(stream)
        Those of the core.
    """

    def __init__(self, p: Params):
        ports = streams(p)
        start, result = (payload(ports[name].fields) for name in ("start", "result"))
        super().__init__({
            "order": In(stream.Signature(data.StructLayout({"start": start, "bad": 1}))),
            "answer": Out(stream.Signature(data.StructLayout({"result": result, "bad": 1}))),
            "busy": Out(1),
            "start": Out(stream.Signature(start)),
            "result": In(stream.Signature(result)),
        })

    def elaborate(self, platform):
        m, busy, order = Module(), self.busy, self.order.payload
        free = ~busy & ~self.answer.valid
        m.d.comb += [
            self.start.valid.eq(self.order.valid & free),
            self.order.ready.eq(self.start.ready & free),
            self.start.payload.label.eq(order.start.label),
            self.start.payload.learn.eq(order.start.learn & ~order.bad),
            self.result.ready.eq(busy),
        ]
        with m.If(self.answer.ready):
            m.d.sync += self.answer.valid.eq(0)
        with m.If(self.order.valid & self.order.ready):
            m.d.sync += [busy.eq(1), self.answer.payload.bad.eq(order.bad)]
        with m.If(self.result.valid & self.result.ready):
            m.d.sync += [
                busy.eq(0),
                self.answer.valid.eq(1),
                self.answer.payload.result.eq(self.result.payload),
            ]
        return m
