"""Rules by which synapses learn: a rule is a program at an arrival, and one at a post spike."""

from golden.network.rules.derivative import DerivativeSTDP
from golden.network.rules.hebbian import Hebbian
from golden.network.rules.inhibitory import InhibitorySTDP
from golden.network.rules.modulated import ModulatedSTDP
from golden.network.rules.mse import MSE
from golden.network.rules.pair import PairSTDP
from golden.network.rules.products import SumOfProducts
from golden.network.rules.reward import MSTDP, MSTDPET
from golden.network.rules.rule import Rule
from golden.network.rules.ternary import Ternary
from golden.network.rules.triplet import TripletSTDP
from golden.network.rules.words import Variable

__all__ = [
    "MSE",
    "MSTDP",
    "MSTDPET",
    "DerivativeSTDP",
    "Hebbian",
    "InhibitorySTDP",
    "ModulatedSTDP",
    "PairSTDP",
    "Rule",
    "SumOfProducts",
    "Ternary",
    "TripletSTDP",
    "Variable",
]
