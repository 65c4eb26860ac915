"""Any graph of cells, in integers: its blueprint, its state, and one step of it.

Stages of a step stand in `core`; `engine` is the same, compiled; `placement` says what a host
writes into a chip that is to do the same. What a user writes is `golden.builder`.
"""
