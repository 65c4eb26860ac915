"""A grid of clock cycles and the streams at its ports: what cycle models are laid on.

`grid` is the record of a run while it is made, `track` where a run has come to on it, `stimulus`
what happens at the ports. No file here knows of a core: a core brings the type of its record, the
names of its streams and its phases.
"""
