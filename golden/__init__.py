"""Goldspike's golden models: spiking neural networks in integers, stage by stage.

In the dense core one image flows through the stages in this order, once a step::

    image -> encoder -> events -> synapse -> membrane -> wta -> stdp -> (weights)
                                                          |-> homeostasis -> (theta)
                                                          `-> classifier -> label

= =========== ================================ =================================== ==============
# stage       takes                            gives                               state it owns
= =========== ================================ =================================== ==============
1 encoder     pixels                           spikes of one step                  phases, LFSR
2 events      spikes                           axon addresses in ascending order   spike ages
3 synapse     axon                             one row of ``w``                    weights
4 membrane    rows of ``w``                    ``v``                               ``v``
5 wta         ``v``, ``theta``                 winner, inhibition                  flags
6 homeostasis winner                           new ``theta``                       ``theta``, offset
7 stdp        winner, spike ages, lessons      new ``w`` of one neuron             LFSR
8 classifier  spikes                           label                               votes
= =========== ================================ =================================== ==============

Every stage is a file of `golden.dense`. There, `receptive_field` may stand before the encoder,
`reward` decides who learns in stage 7, `params` holds every number, `core` is the specification of
one presentation, `engine` the same compiled, and `timing` what it costs in clock cycles.

============= ==========================================================================
room          what is in it
============= ==========================================================================
`numbers`     formats and random words: what a number is
`cycles`      a grid of clock cycles and the streams at its ports, for the cycle model of any core
`dense`       one layer that learns images: the specification, its engine, its cycle model
`cells`       programs of integer operations: what a neuron does in a step
`network`     any graph of cells: the specification of a step, rules by which it learns, its engine
`pictures`    what networks and cells look like, and the frame of reports
`builder`     what a user writes, turned into integers
`examples`    networks by name, to read and to copy
`interchange` networks from and for other tools: NIR
`simulation`  a network from its name or file to its results
`training`    what is learned in which order, and what comes of it: recipes, model files
`datasets`    images by name or from a folder
`report`      what a network has learned, to look at
`study`       the points, processes, table and picture of a sweep
`command`     what all commands share
============= ==========================================================================

At the top stand the commands, and nobody imports them: `train`, `classify`, `sweep`, `bench`,
`simulate`, `accuracy`, `speed`.
"""

import os

# Python does not know the engines' records, so they must be compiled, and numba's own functions
# with them. Those heed the variable when numba is imported, by whichever room comes first.
os.environ.pop("NUMBA_DISABLE_JIT", None)
