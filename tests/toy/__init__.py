"""A toy core, to hold the door for a second one open: a tape of bytes is folded into a sum.

RUN folds ``count`` bytes of the tape, from its first one on, a byte a cycle::

    sum = (rotate(sum, 1) ^ byte) + gain        16 bits
"""
