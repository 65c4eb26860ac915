"""Cells: a cell is a program of integer operations, its states and its parameters."""

from golden.cells.equations import Equations
from golden.cells.izhikevich import Izhikevich
from golden.cells.lif import LIF
from golden.cells.pynn import (
    IF_cond_alpha,
    IF_cond_exp,
    IF_curr_alpha,
    IF_curr_delta,
    IF_curr_exp,
)
from golden.cells.receptors import (
    ConductanceAlpha,
    ConductanceExponential,
    ConductanceTwoExponentials,
    CurrentAlpha,
    CurrentExponential,
    CurrentTwoExponentials,
    Delta,
    StepCurrent,
)

__all__ = [
    "LIF",
    "ConductanceAlpha",
    "ConductanceExponential",
    "ConductanceTwoExponentials",
    "CurrentAlpha",
    "CurrentExponential",
    "CurrentTwoExponentials",
    "Delta",
    "Equations",
    "IF_cond_alpha",
    "IF_cond_exp",
    "IF_curr_alpha",
    "IF_curr_delta",
    "IF_curr_exp",
    "Izhikevich",
    "StepCurrent",
]
