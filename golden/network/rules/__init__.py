"""Rules by which synapses learn: a rule is a program at an arrival, and one at a post spike."""

from golden.network.rules.derivative import DerivativeSTDP
from golden.network.rules.hebbian import Hebbian
from golden.network.rules.inhibitory import InhibitorySTDP
from golden.network.rules.pair import PairSTDP
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Variable
from golden.network.rules.triplet import TripletSTDP

__all__ = [
    "DerivativeSTDP",
    "Hebbian",
    "InhibitorySTDP",
    "PairSTDP",
    "Rule",
    "TripletSTDP",
    "Variable",
]
