"""Cells under the names and with the parameters of PyNN (A. P. Davison et al., 2009).

Units are PyNN's: mV, ms, nF, nA and uS. Synapses name the receptor ``exc`` or ``inh``; a weight of
``IF_curr_*`` is a current in nA, negative where it inhibits, one of ``IF_cond_*`` a conductance in
uS, always positive, one of `IF_curr_delta` what v rises by in mV. Currents from outside enter at
``current``, in nA.
"""

from typing import Any

from golden.cells.integrators.lif import LIF
from golden.cells.parameters import told
from golden.cells.receptors.conductances import ConductanceAlpha, ConductanceExponential
from golden.cells.receptors.currents import CurrentAlpha, CurrentExponential
from golden.cells.receptors.inlet import Delta, Inlet, StepCurrent


def _lif(receptors: tuple[Inlet, ...], given: dict[str, Any]) -> LIF:
    known = {
        "v_rest": -65.0,
        "v_reset": -65.0,
        "v_thresh": -50.0,
        "tau_m": 20.0,
        "tau_refrac": 0.1,
        "cm": 1.0,
        "i_offset": 0.0,
        "v": None,
    }
    for name in given:
        if name not in known:
            raise ValueError(f"parameter must be one of {', '.join(known)}, not {name}")
    p = known | told(given)
    return LIF(
        tau=p["tau_m"],
        rest=p["v_rest"],
        reset=p["v_reset"],
        threshold=p["v_thresh"],
        refractory=p["tau_refrac"],
        resistance=p["tau_m"] / p["cm"],
        current=p["i_offset"],
        v=p["v"],
        receptors=(*receptors, StepCurrent("current")),
    )


def IF_curr_delta(**given: Any) -> LIF:
    """Spikes lift v."""
    return _lif((Delta("exc"), Delta("inh")), given)


def IF_curr_exp(tau_syn_E: Any = 5.0, tau_syn_I: Any = 5.0, **given: Any) -> LIF:
    """Currents that decay."""
    receptors = CurrentExponential("exc", tau=tau_syn_E), CurrentExponential("inh", tau=tau_syn_I)
    return _lif(receptors, given)


def IF_curr_alpha(tau_syn_E: Any = 0.5, tau_syn_I: Any = 0.5, **given: Any) -> LIF:
    """Currents that rise and decay; a weight is the peak."""
    return _lif((CurrentAlpha("exc", tau=tau_syn_E), CurrentAlpha("inh", tau=tau_syn_I)), given)


def IF_cond_exp(
    tau_syn_E: Any = 5.0,
    tau_syn_I: Any = 5.0,
    e_rev_E: Any = 0.0,
    e_rev_I: Any = -70.0,
    **given: Any,
) -> LIF:
    """Conductances that decay."""
    receptors = (
        ConductanceExponential("exc", tau=tau_syn_E, reversal=e_rev_E),
        ConductanceExponential("inh", tau=tau_syn_I, reversal=e_rev_I),
    )
    return _lif(receptors, given)


def IF_cond_alpha(
    tau_syn_E: Any = 0.3,
    tau_syn_I: Any = 0.5,
    e_rev_E: Any = 0.0,
    e_rev_I: Any = -70.0,
    **given: Any,
) -> LIF:
    """Conductances that rise and decay; a weight is the peak."""
    receptors = (
        ConductanceAlpha("exc", tau=tau_syn_E, reversal=e_rev_E),
        ConductanceAlpha("inh", tau=tau_syn_I, reversal=e_rev_I),
    )
    return _lif(receptors, given)
