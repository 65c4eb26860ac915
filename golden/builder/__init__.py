"""What a user writes: networks of populations and connections, turned into integers."""

from golden.builder.connectors import (
    all_to_all,
    fixed_fan_in,
    fixed_fan_out,
    fixed_probability,
    from_pairs,
    one_to_one,
)
from golden.builder.distributions import normal, uniform, whole
from golden.builder.inputs import Poisson, SpikeTrain
from golden.builder.network import Network

__all__ = [
    "Network",
    "Poisson",
    "SpikeTrain",
    "all_to_all",
    "fixed_fan_in",
    "fixed_fan_out",
    "fixed_probability",
    "from_pairs",
    "normal",
    "one_to_one",
    "uniform",
    "whole",
]
