"""The registers that the phases of a presentation share."""

from amaranth.hdl import Signal, Value, signed
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
        self.phase = Signal(Phase)
        """What the sequencer is doing."""
        self.k = Signal(index_bits(longest + 1))
        """Cycle within the phase."""
        self.first = Signal(init=1)
        """It is 0: in a flip-flop, as much waits for it."""
        self.integrating = Signal()
        """It is INTEGRATE: in a flip-flop, as the weight memory waits for it."""
        self.hosting = Signal(HOST_CYCLES)
        """Which cycle of HOST it is, likewise."""
        self._of_presentation(p)
        self._of_step(p)

    def _of_presentation(self, p):
        self.begin = Signal()
        """A presentation begins in the next cycle."""
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
        self.weighing = Signal()
        """A word's weights are shown, and go to its membranes."""
        self.weighed = Signal(MemoryMap(p).group_bits)
        """That word."""
        self.subtracting = Signal()
        """This is the second leak of the step."""
        self.waive = Signal()
        """The winner need not reach the bar: a spike is forced."""
        self.election = Signal(Election)
        """Whom the neurons compete to be."""
        self.looking = Signal()
        """In an election, words are looked at."""
        self.searching = Signal()
        """Or one is searched."""
        self.word = Signal(index_bits(p.n_words + 2))
        """The word that is read next, or is searched."""
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

    @staticmethod
    def turns(p: Params) -> int:
        """Return the cycles that a lane takes in a search: one a part of a label."""
        return 1 if p.label.width <= p.weight_bits else 2

    def last_step(self, n_steps: Value) -> Value:
        """Return whether this is the last of so many steps."""
        # The host may write 0, and a core must always come to an end.
        return (self.step == n_steps - 1) | (n_steps == 0)
