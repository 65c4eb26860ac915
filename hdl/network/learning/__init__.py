"""Synapses that learn: a rule's programs as pipelines, and what is noted to be done later.

"Learning" of ``docs/network-hardware.md`` says what happens in which cycle; the rule and the sizes
are a `golden.network.rules.learner.LearningUnit`.

========= ==========================================================================
layouts   what stands in its memories
memory    a memory that core and host write
age       steps since a spike, and values as they were some cycles ago
keys      keys of the random words of a pass, by its own step
passes    the pipelines of a visit
admission a synapse that was issued until it enters
visits    the ring: passes of synapses, and their results
aftermath traces as they are after an arrival or a post
places    what is known of posts, and waits to be replayed
latest    the last post of a place
runs      what is known of arrivals
replay    runs that learn, one behind the other; places likewise
backlog   from when on posts wait, and whether too many do
parts     all of these by name, the host's way into them, and what the probe shows
wires     the wires between them, and to the other parts of a core
========= ==========================================================================
"""
