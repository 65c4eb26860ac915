"""Cells under the names and with the parameters of PyNN (A. P. Davison et al., 2009).

Units are PyNN's: mV, ms, nF, nA and uS, but ``a`` of ``EIF_*`` is in nS. Synapses name the receptor
``exc`` or ``inh``; a weight of ``IF_curr_*`` is a current in nA, negative where it inhibits, one of
`IF_curr_delta` what v rises by in mV, one of all others a conductance in uS, always positive.
Currents from outside enter at ``current``, in nA.
"""

from typing import Any

from golden.cells.adex import AdEx
from golden.cells.hodgkin_huxley import TraubMiles
from golden.cells.integrators.lif import LIF
from golden.cells.parameters import told
from golden.cells.receptors.conductances import ConductanceAlpha, ConductanceExponential
from golden.cells.receptors.currents import CurrentAlpha, CurrentExponential
from golden.cells.receptors.inlet import Delta, Inlet, StepCurrent

IF = {
    "v_rest": -65.0,
    "v_reset": -65.0,
    "v_thresh": -50.0,
    "tau_m": 20.0,
    "tau_refrac": 0.1,
    "cm": 1.0,
    "i_offset": 0.0,
    "v": None,
}
EIF = {
    "cm": 0.281,
    "tau_refrac": 0.1,
    "v_spike": -40.0,
    "v_reset": -70.6,
    "v_rest": -70.6,
    "tau_m": 9.3667,
    "i_offset": 0.0,
    "a": 4.0,
    "b": 0.0805,
    "delta_T": 2.0,
    "tau_w": 144.0,
    "v_thresh": -50.4,
    "e_rev_E": 0.0,
    "tau_syn_E": 5.0,
    "e_rev_I": -80.0,
    "tau_syn_I": 5.0,
    "v": None,
    "w": 0.0,
}
HH = {
    "gbar_Na": 20.0,
    "gbar_K": 6.0,
    "g_leak": 0.01,
    "cm": 0.2,
    "v_offset": -63.0,
    "e_rev_Na": 50.0,
    "e_rev_K": -90.0,
    "e_rev_leak": -65.0,
    "e_rev_E": 0.0,
    "e_rev_I": -80.0,
    "tau_syn_E": 0.2,
    "tau_syn_I": 2.0,
    "i_offset": 0.0,
    "v": -65.0,
}


def _known(defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    for name in given:
        if name not in defaults:
            raise ValueError(f"parameter must be one of {', '.join(defaults)}, not {name}")
    return defaults | told(given)


def _receptors(kind: Any, p: dict[str, Any]) -> tuple[Inlet, ...]:
    return (
        kind("exc", tau=p["tau_syn_E"], reversal=p["e_rev_E"]),
        kind("inh", tau=p["tau_syn_I"], reversal=p["e_rev_I"]),
    )


def _eif(kind: Any, given: dict[str, Any]) -> AdEx:
    p = _known(EIF, given)
    return AdEx(
        C=p["cm"],
        gL=p["cm"] / p["tau_m"],
        EL=p["v_rest"],
        VT=p["v_thresh"],
        DT=p["delta_T"],
        a=p["a"] / 1000,
        tau_w=p["tau_w"],
        b=p["b"],
        Vr=p["v_reset"],
        peak=p["v_spike"],
        v=p["v"],
        w=p["w"],
        refractory=p["tau_refrac"],
        current=p["i_offset"],
        receptors=_receptors(kind, p),
    )


def EIF_cond_exp_isfa_ista(**given: Any) -> AdEx:
    """Adaptive exponential cell with conductances that decay."""
    return _eif(ConductanceExponential, given)


def EIF_cond_alpha_isfa_ista(**given: Any) -> AdEx:
    """Adaptive exponential cell with conductances that rise and decay; a weight is the peak."""
    return _eif(ConductanceAlpha, given)


def HH_cond_exp(substeps: int = 1, **given: Any) -> TraubMiles:
    """Traub's cell with conductances that decay; steps, or substeps, of 1/32 ms or shorter."""
    p = _known(HH, given)
    return TraubMiles(
        C=p["cm"],
        gNa=p["gbar_Na"],
        gK=p["gbar_K"],
        gL=p["g_leak"],
        ENa=p["e_rev_Na"],
        EK=p["e_rev_K"],
        EL=p["e_rev_leak"],
        VT=p["v_offset"],
        v=p["v"],
        substeps=substeps,
        current=p["i_offset"],
        receptors=_receptors(ConductanceExponential, p),
    )


def _lif(receptors: tuple[Inlet, ...], given: dict[str, Any]) -> LIF:
    p = _known(IF, given)
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
