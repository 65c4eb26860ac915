"""The phases of a presentation: `golden.dense.core.present` as one state machine.

What happens in which cycle is said in ``docs/hardware.md``; a method is a phase.

========== =============================================================================
sequencer  the component: its ports, what goes on beside the phases, who follows whom
signatures orders to the stages, news from them
state      the registers that phases share
phases     what phases are made of: how one follows another, how a word is issued
rest       IDLE, HOST, RESPOND, RESULT: no presentation is under way
opening    DRY, CLEAR: before the first step
step       LEAK, INTEGRATE: a step up to its last event
election   COMPETE, VERDICT, BAR: who wins, who is the rival, who votes
lessons    TEACH, SWEEP, RISE: who learns
ending     ENDSTEP, INHIBIT, RESET, RELEASE; FINISH, DECAY, DECIDE: after a step, and the last
========== =============================================================================
"""
