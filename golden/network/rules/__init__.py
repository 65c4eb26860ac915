"""Rules by which synapses learn: a rule is a program at an arrival, and one at a post spike."""

from golden.network.rules.pair import PairSTDP
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Variable

__all__ = ["PairSTDP", "Rule", "Variable"]
