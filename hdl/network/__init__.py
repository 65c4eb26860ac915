"""A network of any cells in gates, written from ``docs/network-hardware.md``.

========== ==========================================================================
tables     memories that the core reads and only the host writes; the host's way into any
ring       the queue of what is still to arrive
fetch      looks at the queue's entries, fetches the runs of those that are due
walker     issues the synapses of a run
arrivals   adds weights to the sums at the inlets
rows       pushes the row of an axon that spikes
keys       keys of a step's random words
script     the record of the group that is run
intake     lets neurons enter, one every few cycles
addresses  slots of the neurons in a pipeline, at their times
words      a memory of cells: a value a slot
cells      a kind: its pipeline, its words, the registers of its constants
election   the neurons with the largest margins
emission   who has fired, who of them spikes, and the spikes as a stream
host       one request of the host at a time
registers  the host's registers, and counters
sequencer  the phases
record     what the probe shows
options    a room: gap junctions, short-term plasticity
learning   a room: synapses that learn
parts      all of these, by name
core       wires all of them
========== ==========================================================================

Streams, record, regions and widths are those of :mod:`golden.network.interface`; sizes and kinds
of cells those of a `golden.network.chip.Chip`.
"""
