"""Learning, cycle by cycle: `docs/network-hardware.md`, "Learning".

============ ===================================================================================
`programs`   a rule's programs as arrays of integers, and what runs them
`words`      random words of a synapse in the step of an event
`tables`     what the compiled parts need to know of a chip with a learner
`visits`     what a visit of a synapse does, pass by pass
`ring`       WALK, REPLAY and EPOCH: who issues, enters and leaves when
`posts`      posts that wait: notes and SETTLE
`rewards`    RECEIVE
`norms`      FACTOR, and what SCALE writes
`checks`     what a host must not have written
`plasticity` all of it, phase by phase, on the grid
============ ===================================================================================
"""
