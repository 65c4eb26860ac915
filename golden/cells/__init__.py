"""Cells: a cell is a program of integer operations, its states and its parameters."""

from typing import TYPE_CHECKING, Any

from golden.cells.adex import AdEx
from golden.cells.hodgkin_huxley import HodgkinHuxley, TraubMiles
from golden.cells.integrators.adaptive import AdaptiveLIF
from golden.cells.integrators.cuba import CubaLIF
from golden.cells.integrators.integrate_fire import IF
from golden.cells.integrators.lif import LIF
from golden.cells.integrators.srm0 import SRM0
from golden.cells.izhikevich import Izhikevich, Izhikevich2007
from golden.cells.mcculloch_pitts import McCullochPitts
from golden.cells.pynn import (
    EIF_cond_alpha_isfa_ista,
    EIF_cond_exp_isfa_ista,
    HH_cond_exp,
    IF_cond_alpha,
    IF_cond_exp,
    IF_curr_alpha,
    IF_curr_delta,
    IF_curr_exp,
)
from golden.cells.receptors.conductances import (
    ConductanceAlpha,
    ConductanceExponential,
    ConductanceTwoExponentials,
)
from golden.cells.receptors.currents import (
    CurrentAlpha,
    CurrentDecay,
    CurrentExponential,
    CurrentTwoExponentials,
)
from golden.cells.receptors.inlet import Delta, StepCurrent
from golden.cells.receptors.transmitters import AMPA, GABAA, GABAB, NMDA, GABABKinetic

if TYPE_CHECKING:
    from golden.cells.equations import Equations


def __getattr__(name: str) -> Any:
    """Import `Equations` when somebody asks for it: sympy takes longer to load than most runs."""
    if name != "Equations":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from golden.cells.equations import Equations

    return Equations


__all__ = [
    "AMPA",
    "GABAA",
    "GABAB",
    "IF",
    "LIF",
    "NMDA",
    "SRM0",
    "AdEx",
    "AdaptiveLIF",
    "ConductanceAlpha",
    "ConductanceExponential",
    "ConductanceTwoExponentials",
    "CubaLIF",
    "CurrentAlpha",
    "CurrentDecay",
    "CurrentExponential",
    "CurrentTwoExponentials",
    "Delta",
    "EIF_cond_alpha_isfa_ista",
    "EIF_cond_exp_isfa_ista",
    "Equations",
    "GABABKinetic",
    "HH_cond_exp",
    "HodgkinHuxley",
    "IF_cond_alpha",
    "IF_cond_exp",
    "IF_curr_alpha",
    "IF_curr_delta",
    "IF_curr_exp",
    "Izhikevich",
    "Izhikevich2007",
    "McCullochPitts",
    "StepCurrent",
    "TraubMiles",
]
