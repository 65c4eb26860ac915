"""What a user writes: networks of populations and connections, turned into integers."""

from golden.builder.connectors import (
    all_to_all,
    fixed_fan_in,
    fixed_fan_out,
    fixed_probability,
    from_matrix,
    from_pairs,
    one_to_one,
)
from golden.builder.currents import pulse, pulses, ramp, steps
from golden.builder.distributions import normal, uniform, whole
from golden.builder.graphs import scale_free, small_world
from golden.builder.grids import (
    convolution,
    difference_of_gaussians,
    gaussian_probability,
    grid,
    local_windows,
)
from golden.builder.inputs import (
    Bernoulli,
    ImageSequence,
    Periodic,
    Poisson,
    RankOrder,
    Raster,
    SpikeTrain,
)
from golden.builder.network import Network
from golden.builder.short_term import ShortTerm
from golden.builder.stored import load

__all__ = [
    "Bernoulli",
    "ImageSequence",
    "Network",
    "Periodic",
    "Poisson",
    "RankOrder",
    "Raster",
    "ShortTerm",
    "SpikeTrain",
    "all_to_all",
    "convolution",
    "difference_of_gaussians",
    "fixed_fan_in",
    "fixed_fan_out",
    "fixed_probability",
    "from_matrix",
    "from_pairs",
    "gaussian_probability",
    "grid",
    "load",
    "local_windows",
    "normal",
    "one_to_one",
    "pulse",
    "pulses",
    "ramp",
    "scale_free",
    "small_world",
    "steps",
    "uniform",
    "whole",
]
