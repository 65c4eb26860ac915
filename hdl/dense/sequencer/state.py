"""The registers that the phases of a presentation share."""

from collections.abc import Iterable

from amaranth.hdl import Cat, Signal, Value, signed
from amaranth.lib import enum

from golden.dense.interface import MemoryMap, Phase
from golden.dense.params import Params
from golden.numbers.formats import index_bits
from hdl.dense.host import HOST_CYCLES
from hdl.dense.wta import LOOK_LATENCY, Neuron


class Election(enum.Enum, shape=2):
    """Whom the neurons compete to be."""

    WINNER = 0
    RIVAL = 1
    VOTER = 2


class PhaseRegister:
    """The phase; those that are not built have no number, so that few bits say which it is.

    Parameters
    ----------
    built : iterable of Phase
        IDLE among them, which it is after reset.
    """

    def __init__(self, built: Iterable[Phase]):
        self.codes = {phase: code for code, phase in enumerate(sorted(built))}
        self.value = Signal(range(len(self.codes)))

    def at(self, *phases: Phase) -> Value:
        """Return whether it is one of these."""
        return Cat(self.value == self.codes[each] for each in phases if each in self.codes).any()


class SequencerState:
    """Signals of the sequencer that more than one file of it knows, and lengths of phases.

    Parameters
    ----------
    p : Params
        Parameters of the core.
    write : int
        Delay of the membranes: see `hdl.dense.sequencer.sequencer`.
    """

    def __init__(self, p: Params, write: int):
        self.single = write + 1
        """Cycles from the read of one word to the first that may read it again."""
        self.length = max(p.n_words, self.single)
        """Cycles of a pass over all words."""
        self.look = 2 * (p.n_words - 1) + LOOK_LATENCY + 1
        """Cycles of the longest look in an election."""
        self.search = self.turns(p) * p.n_lanes + LOOK_LATENCY
        """Cycles of the search of a word."""
        longest = max(self.look, self.search, p.n_neurons + 2, self.length)
        self.phase: PhaseRegister
        """What the sequencer is doing; it is there with the phases, when the sequencer is made."""
        self.k = Signal(index_bits(longest + 1))
        """Cycle within the phase."""
        self.first = Signal(init=1)
        """It is 0: in a flip-flop, as much waits for it."""
        self.written = Signal()
        """It is that in which what was issued in the first one is written, likewise."""
        self.passed = Signal()
        """It is the last of a pass over all words, likewise."""
        self.resting = Signal(init=1)
        """It is IDLE, HOST or RESPOND: in a flip-flop, as much is at its start then."""
        self.responding = Signal()
        """It is RESPOND: in a flip-flop, as the taker has much to do in the same cycle."""
        self.resulting = Signal()
        """It is RESULT, likewise."""
        self.integrating = Signal()
        """It is INTEGRATE: in a flip-flop, as the weight memory waits for it."""
        self.hosting = Signal(HOST_CYCLES)
        """Which cycle of HOST it is, likewise."""
        self._of_presentation(p)
        self._of_step(p)
        self._of_election(p)

    def _of_presentation(self, p):
        self.learn = Signal()
        """As the start said."""
        self.label = Signal(p.label.width)
        """As the start said."""
        self.step = Signal(p.last.width)
        """The step t."""
        self.next_step = Signal(p.last.width)
        """And the one behind it."""
        self.tick = Signal()
        """A step ends, and another follows."""
        self.last_number = Signal(p.last.width)
        """The last one, as of the cycle before."""
        self.no_steps = Signal()
        """The host has written 0 steps: a core must always come to an end."""
        self.last_step = Signal()
        """This is the last step."""
        self.reach = Signal(signed(p.v.width))
        """No membrane is higher."""
        self.final = Signal()
        """The next spike is the last one of the presentation, as of the cycle before."""
        self.enough = Signal()
        """There are as many spikes as there may be."""
        self.spiked = Signal()
        """There was a spike in this presentation, as of the cycle before."""
        self.ending = Signal()
        """This is the last step, as of the cycle before."""
        self.finishing = Signal()
        """The last step is over."""

    def _of_step(self, p):
        self.busy = Signal()
        """This step had an event."""
        self.decided = Signal()
        """An event of this step may have decided, as of the cycle before."""
        self.weighing = Signal()
        """A word's weights are shown, and go to its membranes."""
        self.weighed = Signal(MemoryMap(p).group_bits)
        """That word."""
        self.subtracting = Signal()
        """This is the second leak of the step."""
        self.won = Signal()
        """Somebody has won this step."""
        self.winner = Signal(Neuron(p))
        """Who."""
        self.right = Signal()
        """Whether the winner is of the image's class."""
        self.found_rival = Signal()
        """Somebody of the other camp was elected as well."""
        self.elected = Signal(Neuron(p))
        """Who was elected last; after the step, who is to be released."""
        self.taught = Signal(2)
        """Lessons given in this step."""
        self.swept = Signal(Neuron(p))
        """Whose weights are changed."""
        self.releasing = Signal()
        """After the reset, the neuron in `elected` is no longer refractory."""

    def _of_election(self, p):
        self.waive = Signal()
        """The winner need not reach the bar: a spike is forced."""
        self.election = Signal(Election)
        """Whom the neurons compete to be."""
        self.looking = Signal()
        """In an election, words are looked at."""
        self.searching = Signal()
        """Or one is searched."""
        self.judged = Signal(MemoryMap(p).lane_bits)
        """The lane of it whose distance is chosen."""
        self.judging = Signal()
        """A lane is judged."""
        self.look_ends = Signal()
        """No word was hit, if this one is not."""
        self.search_ends = Signal()
        """The last lane is judged."""
        self.word = Signal(index_bits(p.n_words + 2))
        """The word that is read next, or is searched."""

    @staticmethod
    def turns(p: Params) -> int:
        """Return the cycles that a lane takes in a search: one a part of a label."""
        return 1 if p.label.width <= p.weight_bits else 2
