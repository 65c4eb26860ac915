"""Goldspike's golden model: a spiking neural network in integers, stage by stage.

One image flows through the stages in this order, once a step::

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

`receptive_field` may stand before the encoder, `reward` decides who learns in stage 7, `formats`
and `params` hold every number, `core` is the specification of one presentation, `engine` the same
compiled, and `timing` what it costs in clock cycles. Around them: `datasets`, `recipe` and
`presets.toml` (what is learned in which order), `model_file`, and the commands `train`, `classify`,
`sweep` and `bench`.
"""
