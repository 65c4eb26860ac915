"""Networks that `golden.simulate` knows by name: one a file, here or in a room, to be copied.

A name on the command line has hyphens where its file has underscores. The first line of a file's
docstring says what it shows; ``DURATION`` is how long that takes, in ms; ``network`` makes it, and
what it takes beside the seed are its parameters. ``results``, if there is one, is given the network
after a run, and returns figures by name.
"""
