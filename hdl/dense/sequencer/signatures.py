"""What the sequencer says to the stages, and what it hears from them."""

from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.declaration import COUNT
from golden.dense.interface import MemoryMap, Phase
from golden.dense.params import Params
from golden.dense.registers import name_of, register_map
from golden.numbers.formats import index_bits
from hdl.dense.host import HOST_CYCLES
from hdl.dense.membrane import Issue
from hdl.dense.registers import register_ports
from hdl.dense.reward import Lesson
from hdl.dense.stdp import DROP_BITS
from hdl.dense.wta import Camp, Mark, Neuron
from hdl.numbers.formats import shape

HANDSHAKE = wiring.Signature({"valid": Out(1), "ready": In(1)})
"""Of a stream whose payload somebody else gives or takes."""
TAKEN = (
    Params.n_steps, Params.v_reset, Params.leak_sub, Params.activity_gain, Params.v_inhibit,
    Params.bar_losers, Params.force_spike, Params.stop_after, Params.theta_plus, Params.a_late,
    Params.reward, Params.drop_chance, Params.vote_spikes, Params.ballot,
)  # fmt: skip
"""Registers that the sequencer reads, where they are built; without `Params.v_reset` it is 0."""


def registers(p: Params) -> dict[str, wiring.Member]:
    """Return the ports for the registers that the sequencer of a core reads."""
    built = [*register_map(p), name_of(Params.v_reset)]
    return {name: port for name, port in register_ports(p, *TAKEN).items() if name in built}


class Orders(wiring.Signature):
    """What goes out: a group for each stage, whose members are ports of the stage.

    Members
    -------
    encoder, events, wta, homeostasis, stdp, reward, classifier, windows, refractory
        Of the ports' shapes; what they do is said there. Of ``windows`` and ``refractory`` only
        those that are built.
    record : Out({phase : Phase, step : last, take : 1, elected : 1})
        Fields of `golden.dense.interface.record`.
    issue : Out(Issue)
        To the membranes, unless the host issues.
    hosting : Out(HOST_CYCLES)
        Which cycle of HOST it is, one bit each.
    integrating : Out(1)
        It is INTEGRATE: only events' words of weights are read.
    row_read, row_word : Out(1), Out(word_bits)
        A word of an event's weights is read.
    class_read, class_word : Out(1), Out(word_bits)
        A word of the neurons' classes is read.
    deciding : Out(1)
        It is DECIDE: the classifier chooses the lane.
    searching, searched : Out(1), Out(lane_bits)
        A word is searched: the lane whose class is chosen.
    judged : Out(lane_bits)
        The same a cycle later, when its distance is.
    swept : Out(Neuron)
        Whose weights the sweep changes.
    """

    def __init__(self, p: Params):
        at = MemoryMap(p)
        record = {"phase": Phase, "step": shape(p.last), "take": 1, "elected": 1}
        groups = self._groups(p, at) | {"record": record}
        super().__init__({
            **{name: Out(_outputs(members)) for name, members in groups.items()},
            "issue": Out(Issue(p)),
            "hosting": Out(HOST_CYCLES),
            "integrating": Out(1),
            "row_read": Out(1),
            "row_word": Out(at.word_bits),
            "class_read": Out(1),
            "class_word": Out(at.word_bits),
            "deciding": Out(1),
            "searching": Out(1),
            "searched": Out(at.lane_bits),
            "judged": Out(at.lane_bits),
            "swept": Out(Neuron(p)),
        })

    @staticmethod
    def _groups(p, at):
        neuron, label, last = Neuron(p), shape(p.label), shape(p.last)
        of_elections = ("begin", "waive", "near", "read", "look", "last", "voting", "judge")
        groups = {
            "encoder": {"start": 1, "learn": 1, "tick": 1, "next_step": last},
            "wta": {
                **dict.fromkeys(of_elections, 1),
                "word": at.group_bits,
                "mark": Mark,
                "lane": at.lane_bits,
                "dropped": p.n_lanes,
                "elected": neuron,
                "camp": Camp,
                "label": label,
            },
            "homeostasis": {"rise": 1, "count": 1},
            "stdp": {"start": 1, "word": at.group_bits, "punish": 1, "reference": last, "draw": 1},
            "reward": {
                "won": 1,
                "winner": neuron,
                "right": 1,
                "found": 1,
            },
            "classifier": {"clear": 1, "spike": 1, "start": 1},
        }
        if p.activity_gain:
            groups["encoder"]["dry"] = 1
        if p.a_late:
            groups["stdp"]["late"] = 1
            strobes = ("clear", "tick", "open", "close", "oldest")
            groups["windows"] = dict.fromkeys(strobes, 1) | {"neuron": neuron}
        if p.refrac:
            groups["refractory"] = {"clear": 1, "tick": 1, "won": 1, "winner": neuron}
        return groups


class News(wiring.Signature):
    """What comes in: a group for each stage, whose members are ports of the stage.

    Members
    -------
    receptive_field, encoder, wta, homeostasis, stdp, reward, classifier, windows, refractory
        Of the ports' shapes; what they say is said there. Of ``windows`` and ``refractory`` only
        those that are built. Members are Out, as of the one who tells.
    """

    def __init__(self, p: Params):
        neuron = Neuron(p)
        groups = {
            "receptive_field": {"full": 1},
            "encoder": {"done": 1},
            "wta": {
                "best": neuron,
                "right": 1,
                "limit": shape(p.margin),
                "found": 1,
                "hit": 1,
            },
            "homeostasis": {"limit": shape(p.margin)},
            "stdp": {"done": 1, "drawn": DROP_BITS},
            "reward": {"count": 2, "first": Lesson(p), "second": Lesson(p)},
            "classifier": {"n_spikes": COUNT.width, "done": 1},
        }
        if p.activity_gain:
            groups["encoder"]["dry_done"] = 1
        if p.theta_decay_shift:
            groups["homeostasis"]["decay_due"] = 1
        if p.a_late:
            age = index_bits(p.ltd_window + 1)
            groups["windows"] = {"any": 1, "ended": 1, "hit": 1, "age": age, "of": neuron}
        if p.refrac:
            groups["refractory"] = {"release": 1, "neuron": neuron}
        super().__init__({name: Out(_outputs(members)) for name, members in groups.items()})


def _outputs(members):
    return wiring.Signature({name: Out(kind) for name, kind in members.items()})
