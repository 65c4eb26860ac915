"""A rule compiled: what happens at arrivals, at post spikes, and when a synapse is looked at.

Synapses learn late (`golden.network.engine.learning`): a post spike is only noted, in the list of
its neuron, and replayed at the next arrival of a synapse, or when all are flushed. Loops over runs,
their synapses and the posts of a list are written here around the rule's programs, each a vector of
one lane.
"""

from functools import partial
from typing import Any

from llvmlite import ir

from golden.cells.program import Program
from golden.network.engine.emitter import ONE, WORD, Emitter, long
from golden.network.engine.lanes import LONG, Lanes
from golden.network.rules.decays import AGE_MOST
from golden.network.rules.learning import Learning
from golden.network.rules.synapse import SENT, WEIGHT
from golden.network.rules.words import REWARD
from golden.numbers.hash import ROUNDS

NAMES = ("arrive", "carry", "flush", "spike", "epoch", "reward")
FIELDS = ("runs", "delay", "post", "arrived", "spiked", "posts", "when", "before", "first")
"""Addresses that a rule's functions are given, all but the last, the number of the first synapse;
those of the last rewards and of their step follow if these matter, then those of words and traces.
`posts` says how many posts of a neuron are in its list, `when` and `before` the steps of these and
of the ones before each; the traces of posts as they were before each follow last."""
POSTS = 64
"""Posts of a neuron that its list has room for."""
KEYS = 1 << 10
"""Steps whose keys are kept."""


def fields(learning: Learning) -> tuple[str, ...]:
    """Return what a rule's functions are given, in order."""
    names = [REWARD, "rewarded"] if learning.rewarded else []
    names += [f"word {word.name}" for word in learning.words]
    names += [f"trace {word.name}" for word in learning.traces]
    names += [f"old {word.name}" for word in learning.traces if word.side == "post"]
    return (*FIELDS, *names)


def changes(program: Program, name: str) -> bool:
    """Tell whether a program gives a word another value than it has."""
    value = program.values[program.written[name]]
    return (value.operation, value.detail) != ("state", name)


def reads(program: Program, name: str) -> bool:
    """Tell whether a program reads something."""
    return any(v.operation == "state" and v.detail == name for v in program.values)


class Events(Emitter):
    """The text of a rule's functions. All arguments are int64.

    ``arrive(rule, runs, count, step, sums, keys)`` lets spikes arrive at some runs: replays posts,
    runs ``on_pre``, adds to sums what is sent. ``carry`` sends, but learns nothing. ``flush(rule,
    0, runs, step, 0, keys)`` replays what is in the lists. ``spike(rule, neurons, count, step,
    first, 0)`` notes posts of neurons of a group whose first one is ``first``, and returns how many
    the longest of their lists has. ``epoch`` and ``reward`` are called like ``flush``, and run
    ``on_epoch`` and ``on_reward`` at synapses that have been flushed.
    ``rule`` is the address of its `fields`, ``keys`` that of the keys of the last `KEYS` steps.
    """

    def __init__(self, learning: Learning):
        super().__init__("goldspike_learning")
        self.learning, self.names = learning, fields(learning)

    def text(self) -> str:
        """Return LLVM's text of all of them."""
        bodies = (
            self._arrive,
            self._carry,
            self._flush,
            self._spike,
            partial(self._everywhere, self.learning.on_epoch),
            partial(self._everywhere, self.learning.on_reward),
        )
        for name, body in zip(NAMES, bodies, strict=True):
            kind = ir.FunctionType(LONG, [LONG] * 6)
            function = ir.Function(self.module, kind, name)
            self.b = ir.IRBuilder(function.append_basic_block("entry"))
            rule = self._words(function.args[0], LONG)
            self.at = {
                name: self.b.load(self.b.gep(rule, [long(i)])) for i, name in enumerate(self.names)
            }
            self.b.ret(body(*function.args[1:]) or long(0))
        return str(self.module)

    def _age(self, step: Any, last: Any) -> Any:
        age = self.b.sub(step, last)
        old = self.b.icmp_signed(">", age, long(AGE_MOST))
        return self.b.select(old, long(AGE_MOST), age)

    def _run(self, program: Program, seen: dict[str, Any], index: Any = None, keys: Any = None):
        """Run a program; return what it gives, words by name."""
        outside: dict[Any, Any] = {
            ("state", name): self._vector(make())
            for name, make in seen.items()
            if reads(program, name)
        }
        for constant in program.constants:
            outside["constant", constant.name] = ir.Constant(ONE, [int(constant.values)])
        for value in program.values:
            if value.operation == "table":
                outside["table", value.detail] = self._table(value.detail)
        if any(v.operation == "random" for v in program.values):
            outside["index"] = self._vector(self.b.add(self.at["first"], index))
            for i in range(ROUNDS):
                outside["key", i] = self._vector(self.b.load(self.b.gep(keys, [long(i)])))
        lanes = Lanes(self.b, program, outside, 1)
        lanes.run()
        given = {name: lanes.of(place) for name, place in program.written.items()}
        return {
            name: self.b.extract_element(self._narrow(value), ir.Constant(WORD, 0))
            for name, value in given.items()
        }

    def _narrow(self, value: Any) -> Any:
        return self.b.trunc(value, ONE) if value.type.element.width > WORD.width else value

    def _keys(self, keys: Any, step: Any) -> Any:
        """Return where the keys of one of the last steps are."""
        slot = self.b.and_(step, long(KEYS - 1))
        return self.b.gep(self._words(keys), [self.b.mul(slot, long(ROUNDS))])

    def _change(self, program: Program, synapse: Any, run: Any, posts: dict[str, Any], step, keys):
        """Run a program at a synapse, and keep what it writes; return what it gives."""
        seen = {
            **{
                w.name: lambda w=w: self._load(f"word {w.name}", synapse, WORD)
                for w in self.learning.words
            },
            **{
                t.name: lambda t=t: self._load(f"trace {t.name}", run, WORD)
                for t in self.learning.traces
                if t.side == "pre"
            },
            "pre age": lambda: self._age(step, self._load("arrived", run)),
            "delay": lambda: self._load("delay", run, WORD),
            **posts,
        }
        given = self._run(program, seen, synapse, self._keys(keys, step))
        for word in self.learning.words:
            if changes(program, word.name):
                self._store(f"word {word.name}", synapse, given[word.name])
        return given

    def _mark(self, side: str, last: str, place: Any, step: Any) -> None:
        """Note an event of a run or of a neuron."""
        program = self.learning.marks[side]
        seen: dict[str, Any] = {
            name: lambda name=name: self._load(f"trace {name}", place, WORD)
            for name in program.written
        }
        seen[f"{side} age"] = lambda: self._age(step, self._load(last, place))
        for name, value in self._run(program, seen).items():
            self._store(f"trace {name}", place, value)
        self._store(last, place, step)

    # The functions

    def _replay(self, synapse: Any, post: Any, run: Any, arrived: Any, keys: Any) -> None:
        """Run ``on_post`` for the posts of a neuron since the last arrival, the oldest first."""
        b, program = self.b, self.learning.on_post
        if not any(changes(program, word.name) for word in self.learning.words):
            return
        start, count = b.mul(post, long(POSTS)), self._load("posts", post)
        end, entry = b.add(start, count), b.block
        function = b.function
        back, look, found = (function.append_basic_block(x) for x in ("back", "look", "found"))
        b.branch(back)
        b.position_at_end(back)
        first = b.phi(LONG)
        first.add_incoming(end, entry)
        b.cbranch(b.icmp_signed(">", first, start), look, found)
        b.position_at_end(look)
        one_before = b.sub(first, long(1))
        first.add_incoming(one_before, look)
        seen = b.icmp_signed("<", self._load("when", one_before), arrived)
        b.cbranch(seen, found, back)
        b.position_at_end(found)
        with self._loop(first, end) as slot:
            step = self._load("when", slot)
            posts: dict[str, Any] = {
                t.name: lambda t=t: self._load(f"old {t.name}", slot, WORD)
                for t in self.learning.traces
                if t.side == "post"
            }
            posts["post age"] = lambda: self._age(step, self._load("before", slot))
            posts |= self._rewards(post, step)
            self._change(program, synapse, run, posts, step, keys)

    def _arrive(self, runs: Any, count: Any, step: Any, sums: Any, keys: Any) -> None:
        b = self.b
        into = self._words(sums)
        with self._loop(long(0), count) as number:
            run = b.sext(b.load(b.gep(self._words(runs), [number])), LONG)
            arrived = self._load("arrived", run)
            first, last = self._load("runs", run), self._load("runs", b.add(run, long(1)))
            with self._loop(first, last) as synapse:
                post = self._load("post", synapse, WORD)
                self._replay(synapse, post, run, arrived, keys)
                posts = self._posts(post, step)
                given = self._change(self.learning.on_pre, synapse, run, posts, step, keys)
                self._add(into, post, given[SENT])
            self._mark("pre", "arrived", run, step)

    def _posts(self, post: Any, step: Any) -> dict[str, Any]:
        """Return what is known of the posts of a neuron, whatever has been replayed."""
        return {
            **{
                t.name: lambda t=t: self._load(f"trace {t.name}", post, WORD)
                for t in self.learning.traces
                if t.side == "post"
            },
            "post age": lambda: self._age(step, self._load("spiked", post)),
            **self._rewards(post, step),
        }

    def _rewards(self, post: Any, step: Any) -> dict[str, Any]:
        """Return what is known of the rewards of a neuron."""
        return {
            **{
                t.name: lambda t=t: self._load(f"trace {t.name}", post, WORD)
                for t in self.learning.traces
                if t.side == REWARD
            },
            REWARD: lambda: self._load(REWARD, post, WORD),
            f"{REWARD} age": lambda: self._age(step, self._load("rewarded", long(0))),
        }

    def _everywhere(
        self, program: Program, begin: Any, end: Any, step: Any, sums: Any, keys: Any
    ) -> None:
        if not any(changes(program, word.name) for word in self.learning.words):
            return
        with self._loop(begin, end) as run:
            first = self._load("runs", run)
            last = self._load("runs", self.b.add(run, long(1)))
            with self._loop(first, last) as synapse:
                posts = self._posts(self._load("post", synapse, WORD), step)
                self._change(program, synapse, run, posts, step, keys)

    def _add(self, into: Any, post: Any, sent: Any) -> None:
        place = self.b.gep(into, [post])
        self.b.store(self.b.add(self.b.load(place), sent), place)

    def _carry(self, runs: Any, count: Any, step: Any, sums: Any, keys: Any) -> None:
        b, into = self.b, self._words(sums)
        shift = self.learning.weight.scale.point - self.learning.point
        with self._loop(long(0), count) as number:
            run = b.sext(b.load(b.gep(self._words(runs), [number])), LONG)
            first, last = self._load("runs", run), self._load("runs", b.add(run, long(1)))
            with self._loop(first, last) as synapse:
                weight = self._load(f"word {WEIGHT}", synapse, WORD)
                half = long(1 << shift >> 1) if shift > 0 else long(0)
                sent = b.ashr(b.add(weight, half), long(max(shift, 0)))
                sent = b.shl(sent, long(max(-shift, 0)))
                self._add(into, self._load("post", synapse, WORD), b.trunc(sent, WORD))

    def _flush(self, begin: Any, end: Any, step: Any, sums: Any, keys: Any) -> None:
        with self._loop(begin, end) as run:
            arrived = self._load("arrived", run)
            first = self._load("runs", run)
            last = self._load("runs", self.b.add(run, long(1)))
            with self._loop(first, last) as synapse:
                post = self._load("post", synapse, WORD)
                self._replay(synapse, post, run, arrived, keys)

    def _spike(self, neurons: Any, count: Any, step: Any, first: Any, keys: Any) -> Any:
        b = self.b
        most = b.alloca(LONG)
        b.store(long(0), most)
        with self._loop(long(0), count) as number:
            neuron = b.sext(b.load(b.gep(self._words(neurons), [number])), LONG)
            neuron = b.sub(neuron, first)
            posts = self._load("posts", neuron)
            slot = b.add(b.mul(neuron, long(POSTS)), posts)
            self._store("when", slot, step)
            self._store("before", slot, self._load("spiked", neuron))
            for t in self.learning.traces:
                if t.side == "post":
                    old = b.load(self._place(f"trace {t.name}", neuron, WORD))
                    self._store(f"old {t.name}", slot, old)
            posts = b.add(posts, long(1))
            self._store("posts", neuron, posts)
            longest = b.load(most)
            b.store(b.select(b.icmp_signed(">", posts, longest), posts, longest), most)
            self._mark("post", "spiked", neuron, step)
        return b.load(most)
