"""Faults that break claims about the network core: claim, cycles, and the line."""

from sim.battery.inject import Fault

OF_NETWORK = [
    (
        "queue_neither_loses_nor_doubles",
        11,
        Fault(
            "network/ring",
            "an entry is written over the last one",
            "self._wrapped(self.head + self.length)",
            "self._wrapped(self.head + self.length - (self.length == 2))",
        ),
    ),
    (
        "queue_neither_loses_nor_doubles",
        11,
        Fault(
            "network/ring",
            "a ring is a place too long",
            "return Mux(place >= size, place - size, place)",
            "return Mux(place > size, place - size, place)",
        ),
    ),
    (
        "nothing_overflows_uncounted",
        4,
        Fault(
            "network/registers",
            "a counter begins anew",
            "Mux(more[-1], (1 << COUNTER_BITS) - 1, more)",
            "more",
        ),
    ),
    (
        "core_returns_to_idle",
        8,
        Fault(
            "network/sequencer",
            "groups without an end",
            "self.groups_left.eq(self.groups_left - 1)",
            "self.groups_left.eq(self.groups_left)",
        ),
    ),
    (
        "core_returns_to_idle",
        8,
        Fault(
            "network/sequencer",
            "a step follows the last one",
            "def _end_step(self, m, over):\n"
            "        m.d.sync += self.phase.eq(Mux(over, Phase.DONE, self.first))",
            "def _end_step(self, m, over):\n        m.d.sync += self.phase.eq(self.first)",
        ),
    ),
    (
        "group_ends",
        20,
        Fault(
            "network/intake",
            "what is under way is never out",
            "with m.If(drain != 0):",
            "with m.If(drain > 1):",
        ),
    ),
    (
        "spikes_end",
        8,
        Fault(
            "network/emission",
            "a spike that stays in the list",
            "gone.eq(taken | visible & loses)",
            "gone.eq(visible & loses)",
        ),
    ),
    (
        "walk_ends",
        9,
        Fault(
            "network/fetch",
            "an entry is looked at for ever",
            "m.d.sync += entries.eq(entries - 1)",
            "m.d.sync += entries.eq(entries)",
        ),
    ),
    (
        "walk_ends",
        9,
        Fault(
            "network/fetch",
            "a chain that stands still",
            "run.eq(run + 1), synapse",
            "run.eq(run), synapse",
        ),
    ),
    (
        "walk_ends",
        12,
        Fault(
            "network/walker",
            "a run without a last synapse",
            "walks.eq(~last)",
            "walks.eq(1)",
        ),
    ),
    (
        "walk_ends",
        16,
        Fault(
            "network/core",
            "entries that are left are not waited for",
            "s.fetch.left | s.walker.busy | s.arrivals.coming",
            "s.walker.busy | s.arrivals.coming",
        ),
    ),
    (
        "walk_of_plastic_axons_ends",
        14,
        Fault(
            "network/arrivals",
            "what is multiplied is forgotten",
            "POINT, first | late",
            "POINT, first",
        ),
    ),
]
