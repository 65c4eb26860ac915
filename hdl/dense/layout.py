"""What lies where in the memories, and how wide an index is; all of it follows from `Params`."""

from golden.dense.params import Params

COUNT_BITS = 11
"""Bits of a number of spikes: at most one in each of 1023 steps, and 64 voters."""


def index_bits(n: int) -> int:
    """Return the bits of an index below ``n``, at least 1."""
    return max(1, (n - 1).bit_length())


def rows_of(bits: int, p: Params) -> int:
    """Return how many rows of weights hold one number of ``bits`` bits a neuron."""
    return -(-bits // p.weight_bits)


class Layout:
    """Addresses of one core.

    Raises
    ------
    ValueError
        If the classes of the neurons do not fit two rows of weights.
    """

    def __init__(self, p: Params):
        self.p = p
        self.class_rows = rows_of(p.label.width, p) if p.reward != "none" else 0
        """Rows that hold the classes of the neurons."""
        if self.class_rows > 2:
            raise ValueError(
                f"weight_bits must be at least {-(-p.label.width // 2)} to hold {p.n_classes} "
                f"classes for reward, not {p.weight_bits}"
            )
        self.vote_rows = rows_of(p.vote_bits, p)
        """Rows that hold one rank's votes for one label."""

    @property
    def class_row(self) -> int:
        """First row of the classes."""
        return self.p.n_axons

    @property
    def vote_row(self) -> int:
        """First row of the vote tables."""
        return self.class_row + self.class_rows

    @property
    def n_rows(self) -> int:
        """Rows of the weight memory."""
        return self.vote_row + self.p.vote_spikes * self.p.n_classes * self.vote_rows

    @property
    def n_words(self) -> int:
        """Words of the weight memory."""
        return self.n_rows * self.p.n_words

    @property
    def word_bits(self) -> int:
        """Bits of a weight word's address."""
        return index_bits(self.n_words)

    @property
    def group_bits(self) -> int:
        """Bits of a word's number within a row."""
        return index_bits(self.p.n_words)

    @property
    def lane_bits(self) -> int:
        """Bits of a lane's number."""
        return index_bits(self.p.n_lanes)

    @property
    def axon_bits(self) -> int:
        """Bits of an axon's number."""
        return index_bits(self.p.n_axons)

    @property
    def neuron_bits(self) -> int:
        """Bits of a neuron's number, padding lanes included."""
        return index_bits(self.p.n_words * self.p.n_lanes)

    @property
    def value_bits(self) -> int:
        """Bits of a lane of the neuron memory, which holds ``v`` and ``theta``."""
        return max(self.p.v.width, self.p.theta.width)
