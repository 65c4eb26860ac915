"""Parameters of cells: of what kind they may be."""

from typing import Any

import numpy as np
import pytest

from golden.cells import LIF, AdEx, Delta, HodgkinHuxley, Izhikevich, Izhikevich2007, TraubMiles
from golden.network.digest import digest

# By hand


def test_lists_and_numbers_of_numpy_are_as_good_as_arrays_and_numbers():
    listed, array = (AdEx(a=a).program(1 / 8) for a in ([1, 2], np.array([1.0, 2.0])))
    assert digest(listed) == digest(array)
    given: list[Any] = [np.int64(-60), -60.0]
    numpy, python = (TraubMiles(VT=v).program(1 / 32) for v in given)
    assert digest(numpy) == digest(python)


# Refusals


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (LIF, {"tau": "long"}, "tau must be a number or one for each neuron, not 'long'"),
        (LIF, {"tau": None}, "tau must be a number or one for each neuron, not None"),
        (LIF, {"tau": [[1.0]]}, "tau must be a number or one for each neuron, not [[1.0]]"),
        (LIF, {"tau": np.inf}, "tau must be finite, not inf"),
        (LIF, {"noise": 1j}, "noise must be a number or one for each neuron, not 1j"),
        (LIF, {"v": np.nan}, "v must be finite, not nan"),
        (LIF, {"measure": 5}, "measure must be a text such as 'mV', not 5"),
        (LIF, {"receptors": 5}, "receptors must be a tuple of receptors, not 5"),
        (
            LIF,
            {"receptors": Delta("exc")},
            "receptors must be a tuple of receptors, not Delta(name='exc')",
        ),
        (LIF, {"receptors": (Delta,)}, f"a receptor must be one such as Delta('exc'), not {Delta}"),
        (AdEx, {"receptors": ["exc"]}, "a receptor must be one such as Delta('exc'), not 'exc'"),
        (LIF, {"strict": "no"}, "strict must be True or False, not 'no'"),
        (Izhikevich, {"substeps": 1.5}, "substeps must be a whole number, not 1.5"),
        (Izhikevich, {"substeps": 0}, "substeps must be above 0, not 0"),
        (Izhikevich, {"square": 0}, "square must be above 0, not 0"),
        (Izhikevich2007, {"C": 0}, "C must be above 0, not 0"),
        (Izhikevich2007, {"k": 0}, "k must be above 0, not 0"),
        (AdEx, {"C": 0}, "C must be above 0, not 0"),
        (AdEx, {"tau_w": 0}, "tau_w must be above 0, not 0"),
        (AdEx, {"substeps": 0}, "substeps must be above 0, not 0"),
        (HodgkinHuxley, {"C": 0}, "C must be above 0, not 0"),
        (HodgkinHuxley, {"substeps": 0}, "substeps must be above 0, not 0"),
    ],
)
def test_impossible_parameters_are_refused(kind, given, said):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        kind(**given).program(1 / 8)
    assert str(refused.value) == said
