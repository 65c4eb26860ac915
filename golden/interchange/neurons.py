"""NIR's neurons as cells: what a node means when time goes in steps.

=========== =======================================================================================
`spike`     a spike is "unit", a current of weight w that flows for one step, as in most tools; or
            "dirac", a pulse of area w: a current of w / dt for one step
`integrate` "euler", as trained networks expect, or "exact"
`reset`     "file": to v_reset, as NIR says; "zero"; or "subtract" the threshold
=========== =======================================================================================

A neuron spikes where v > threshold, strictly, as NIR says, and starts at v = 0. In a step, what
arrives counts at once: of a CubaLIF first the current decays and takes what arrives, then v follows
the new current. NIR counts in seconds, cells in ms.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import nir
import numpy as np

from golden.cells import IF, LIF, CubaLIF, McCullochPitts, StepCurrent, exact
from golden.cells.cell import Cell

SPIKES = ("unit", "dirac")
METHODS = ("euler", "exact")
RESETS = ("file", "zero", "subtract")
INPUT = (StepCurrent("input"),)
SPANS = 8
"""So many times the way from rest to threshold a cell allows by itself; with room more."""
MOST_ROOM = 16
TOGETHER = 256
"""So many steps of all inputs an integrator without leak may add up."""
NEVER = 1.05
"""A readout's threshold, in the largest that its v can become: it is never reached."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a graph is to be understood.

    Parameters
    ----------
    dt : float
        Seconds a step.
    spike, integrate, reset : str
        As above.

    Raises
    ------
    ValueError
        If one of them is none of these.
    """

    dt: float
    spike: str = "unit"
    integrate: str = "euler"
    reset: str = "file"

    def __post_init__(self):
        if not 0 < self.dt < np.inf:
            raise ValueError(f"dt must be above 0 s, not {self.dt:g} s")
        for name, known in (("spike", SPIKES), ("integrate", METHODS), ("reset", RESETS)):
            said = getattr(self, name)
            if said not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, not {said}")

    def lost(self, tau: Any) -> Any:
        """Return the share that a step loses of what decays with tau seconds."""
        return exact.loss(self.dt, tau) if self.integrate == "exact" else self.dt / tau


@dataclass(frozen=True, slots=True)
class Layer:
    """A node as a cell."""

    cell: Cell
    gain: Any
    """What a weight in NIR is multiplied by to be one of the cell; a number or one a neuron."""
    receptor: str
    """Where synapses and constants end."""
    pulse: float = 1.0
    """What of `gain` is for spikes, which are short, and not for constants."""


def layer(node: Any, name: str, reading: Reading, drive: float) -> Layer:
    """Return a node of neurons as a cell.

    Parameters
    ----------
    drive : float
        The largest sum of absolute weights of a neuron: how far a readout may go.

    Raises
    ------
    ValueError
        If a parameter is impossible.
    """
    _check(node, name)
    pulse = 1.0 if reading.spike == "unit" else 1.0 / reading.dt
    match node:
        case nir.Threshold():
            above = np.nextafter(_flat(node.threshold), np.inf)
            return Layer(McCullochPitts(threshold=above), 1.0, "delta")
        case nir.IF() | nir.I():
            cell: Any = IF(capacitance=_flat(1000 / np.asarray(node.r, float)), receptors=INPUT)
            gain: Any = pulse
        case nir.LIF() | nir.LI():
            cell = LIF(
                tau=_flat(np.asarray(node.tau, float) * 1000),
                resistance=_flat(node.r),
                rest=_flat(node.v_leak),
                method=reading.integrate,
                receptors=INPUT,
                measure="",
            )
            gain = pulse
        case _:
            cell, gain = _cuba(node, name, reading)
            gain = gain * pulse
    cell = replace(cell, v=0.0, strict=True)
    reach = drive * float(np.max(_reach(node, reading))) * pulse
    if isinstance(node, (nir.I, nir.LI, nir.CubaLI)):
        return Layer(_silent(cell, reach), gain, cell.inlets()[0].name, pulse)
    reset = _flat(node.v_reset) if reading.reset == "file" else 0.0
    subtract = reading.reset == "subtract"
    cell = replace(cell, threshold=_flat(node.v_threshold), reset=reset, subtract=subtract)
    cell = replace(cell, room=_room(cell, reach))
    return Layer(cell, gain, cell.inlets()[0].name, pulse)


def _check(node: Any, name: str) -> None:
    """Refuse what must be above 0 and is not."""
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name in {"tau", "tau_mem", "tau_syn", "r"} and not (value > 0).all():
            raise ValueError(f"{field.name} of {name} must be above 0, not {np.min(value):g}")


def _flat(value: Any) -> Any:
    """Return one number if all are the same, else one for each neuron."""
    values = np.ravel(np.asarray(value, np.float64))
    return float(values[0]) if (values == values[0]).all() else values


def _cuba(node: Any, name: str, reading: Reading) -> tuple[CubaLIF, Any]:
    """Return a cell that counts its current in what v rises by in a step, and its gain."""
    synapse, membrane = (
        reading.lost(np.ravel(np.asarray(tau, np.float64))) for tau in (node.tau_syn, node.tau_mem)
    )
    for what, lost in (("tau_syn", synapse), ("tau_mem", membrane)):
        if (lost > 1).any():
            raise ValueError(f"{what} of {name} must be at least dt, {reading.dt:g} s")
    cell = CubaLIF(du=_flat(synapse), dv=_flat(membrane), rest=_flat(node.v_leak))
    return cell, _flat(np.ravel(node.w_in) * synapse * np.ravel(node.r) * membrane)


def _reach(node: Any, reading: Reading) -> Any:
    """Return how far a weight of 1 leads v, if its spikes never end."""
    if isinstance(node, (nir.I, nir.IF)):
        return np.ravel(node.r) * reading.dt * TOGETHER
    scale = np.ravel(np.abs(node.w_in)) if isinstance(node, (nir.CubaLIF, nir.CubaLI)) else 1.0
    return np.ravel(node.r) * scale


def _room(cell: Any, reach: float) -> int:
    """Return how much farther than by itself a cell must let v go."""
    span = float(np.min(np.abs(np.asarray(cell.threshold) - cell.rest)))
    times = reach / (SPANS * max(span, 1e-12))
    return min(MOST_ROOM, 1 << max(0, int(np.ceil(np.log2(max(times, 1.0))))))


def _silent(cell: Any, reach: float) -> Any:
    """Return a cell that never spikes, as its threshold is out of reach."""
    threshold = float(np.max(cell.rest)) + NEVER * max(reach, 1e-6)
    return replace(cell, threshold=threshold, reset=cell.rest)
