"""What a network core is made for if it learns: a rule whose programs are pipelines, and sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from golden.cells.schedule import Fabric, Schedule, scheduled
from golden.network.rules.synapse import DELAY, DELAY_BITS, WEIGHT
from golden.network.rules.words import NORM_FACTOR_BITS, NORM_POINT, REWARD
from golden.numbers.formats import index_bits

if TYPE_CHECKING:
    from golden.cells.program import Program
    from golden.cells.value import Value
    from golden.network.rules.learning import Learning
    from golden.network.rules.words import LearnedWord, TraceWord

SIDES = ("pre", "post", REWARD)
TURN = 3
"""Cycles of a turn of the ring beside the largest latency."""
RULE = "rule"
"""What a program of several rules reads: the number of a synapse's own."""
EARLIEST_KEY = 1
"""Own time of a pass from which on the key of the first round of its random words is there; that
of each further round is there a cycle later."""


@dataclass(frozen=True)
class LearningUnit:
    """A rule in gates; `docs/network-hardware.md`, "Learning", says what each part is for.

    Constants and tables of its programs are what they are: another gain is another chip.
    """

    words: tuple[LearnedWord, ...]
    """The weight first."""
    traces: tuple[TraceWord, ...]
    """Those that are added, in the rule's order."""
    on_pre: Program
    on_post: Program
    on_epoch: Program | None
    """None if the rule has no epochs."""
    on_reward: Program | None
    """None if a reward changes no synapse at once."""
    rewarded: bool
    """Whether rewards matter to it."""
    norm: int
    """What a target's weights add up to after an epoch, in the weight's integers; 0: anything."""
    marks: Mapping[str, Program]
    """Of sides, "pre", "post" or "reward", of which a trace is added."""
    point: int
    """Binary point of what is transmitted."""
    runs: int
    """The first so many runs learn."""
    synapses: int
    """The first so many synapses learn."""
    posts: int
    """That can wait at a place: a power of two, at least 2."""
    span_bits: int
    """Of the steps from the base to a post that waits."""
    further: tuple[int, ...] = ()
    """Shifts of further rules, which programs choose by `RULE` (`golden.network.rules.several`)."""

    @classmethod
    def of(
        cls, learning: Learning, runs: int, synapses: int, posts: int, span_bits: int
    ) -> LearningUnit:
        """Return the learner of a network's rule."""
        assert learning.words[0].name == WEIGHT
        sides = {word.side for word in learning.traces}
        return cls(
            words=learning.words,
            traces=learning.traces,
            on_pre=learning.on_pre,
            on_post=learning.on_post,
            on_epoch=learning.on_epoch if learning.period else None,
            on_reward=learning.on_reward if _changes(learning.on_reward, learning.words) else None,
            rewarded=learning.rewarded,
            norm=learning.norm,
            marks={side: learning.marks[side] for side in SIDES if side in sides},
            point=learning.point,
            runs=runs,
            synapses=synapses,
            posts=posts,
            span_bits=span_bits,
        )

    def side(self, side: str) -> tuple[TraceWord, ...]:
        """Return the added traces of arrivals ("pre"), of posts ("post") or of rewards."""
        return tuple(word for word in self.traces if word.side == side)

    def schedules(self, fabric: Fabric) -> dict[str, Schedule]:
        """Return the plan of every pipeline: ``pre``, ``post``, ``epoch``, ``mark pre``, ...

        Words of a plan are named as the programs name them: words, traces, ages of all sides,
        ``reward``; results also ``sent``.

        Raises
        ------
        ValueError
            If random words are drawn faster than their keys are there.
        """
        programs = {"pre": self.on_pre, "post": self.on_post}
        if self.on_epoch:
            programs["epoch"] = self.on_epoch
        if self.on_reward:
            programs[REWARD] = self.on_reward
        programs |= {f"mark {side}": program for side, program in self.marks.items()}
        # What a visit carries from stage to stage needs no second port of a memory.
        single = replace(fabric, ports=1)
        found = {name: scheduled(program, single) for name, program in programs.items()}
        if any(time < EARLIEST_KEY + n for plan in found.values() for n, time in plan.key_times):
            raise ValueError(
                f"a fabric for a rule that draws random words must have a budget for one round of "
                f"them in a cycle, not {fabric.budget}"
            )
        return found

    def latency(self, fabric: Fabric) -> int:
        """Return the largest latency of all pipelines."""
        return max(schedule.latency for schedule in self.schedules(fabric).values())

    def turn(self, fabric: Fabric) -> int:
        """Return the cycles from a pass of a visit to its next one."""
        return self.latency(fabric) + TURN

    @property
    def sums(self) -> tuple[int, int]:
        """Bits of the sum of a place's magnitudes, and of what is divided by it."""
        word = self.words[0]
        total = (self.synapses * max(abs(word.low), abs(word.high))).bit_length()
        divided = ((self.norm << NORM_POINT) + (1 << total >> 1)).bit_length()
        return total, max(divided, NORM_FACTOR_BITS + 1)

    @property
    def shift(self) -> int:
        """Binary places that a weight has more than what it transmits; may be negative."""
        return self.words[0].scale.point - self.point

    @property
    def draws(self) -> bool:
        """Whether its programs of events need random words."""
        return any(value.operation == "random" for value in self._values)

    @property
    def standing(self) -> dict[str, int]:
        """Bits of what programs read of a run that stands still, by name: its delay, its rule."""
        rule = {RULE: index_bits(1 + len(self.further))} if self.further else {}
        delayed = any(value.detail == DELAY for value in self._values)
        return ({DELAY: DELAY_BITS} if delayed else {}) | rule

    @property
    def shifts(self) -> tuple[int, ...]:
        """`shift` of every rule."""
        return (self.shift, *self.further)

    @property
    def _values(self) -> list[Value]:
        programs = (self.on_pre, self.on_post, self.on_epoch, self.on_reward)
        return [value for program in programs if program for value in program.values]

    @property
    def trace_bits(self) -> int:
        """Of an added trace: as many as a factor of the programs has."""
        return self.on_pre.operand_bits

    @property
    def count_bits(self) -> int:
        """Of the posts that wait at a place."""
        return self.posts.bit_length()


def _changes(program: Program, words: tuple[LearnedWord, ...]) -> bool:
    """Tell whether a program gives other words than it was given."""
    given = (program.values[program.written[word.name]] for word in words)
    return any(value.operation != "state" for value in given)
