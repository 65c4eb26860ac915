"""The report's groups of neurons: a label each, and those that never won."""

import re

from golden.report.gallery import gallery
from golden.report.neurons import Neurons
from tests.command.test_report import SMALL, run


def test_neurons_that_never_won_are_a_group_of_their_own():
    neurons = Neurons.of(run(wins=[0, 0, 90, 0, 2, 3]))
    headings = re.findall("<h3>(.+?) <small>(.+?)</small>", gallery(SMALL, neurons))
    assert headings == [("left", "1 neuron"), ("right", "2 neurons"), ("never won", "3 neurons")]
    assert neurons.shown.tolist() == [2, 5, 4, 0, 1, 3]
    assert [neurons.name(neuron) for neuron in (2, 4, 0)] == ["left", "right", "nothing"]
