"""A built network in a file: what is written where, and everything checked that is read."""
