"""WALK as the page says it, one clock cycle after the other, in plain Python: slow on purpose."""

from collections import deque

from golden.network.chip import Chip
from golden.network.interface import Region
from golden.network.release import ONE
from golden.network.timing.memories import Memories
from golden.numbers.formats import Fmt, index_bits

Event = tuple[int, ...]


class Literal:
    """A queue and a walker, from the first cycle of WALK on.

    Parameters
    ----------
    memories : Memories
        What is in the memories; it is not changed.
    """

    def __init__(self, memories: Memories):
        self.chip: Chip = memories.chip
        self.memory = {region: words.tolist() for region, words in memories.packed.items()}
        self.sums = {
            inlet: memories.cells[base : base + 64].tolist()
            for inlet, base in enumerate(memories.bases.tolist())
        }
        self.plastic = self.chip.plastic_axons > 0
        region = memories.added.get("queue_efficacies")
        self.efficacies = self.memory[region] if region is not None else [ONE] * self.chip.queue
        self.today = memories.registers["step"] & 255
        self.head, self.length = memories.registers["head"], memories.registers["length"]
        self.to_look = self.length
        self.pushes: list[Event] = []
        self.arrivals: list[Event] = []
        self.waiting: tuple[int, ...] | None = None
        """Synapse, count, family, efficacy, run."""
        self.issuing: deque[tuple[int, ...]] = deque()
        """Synapse, family, efficacy, run."""
        self.pipe: deque[tuple[int, ...]] = deque()
        """Cycle of arrival, synapse, family, efficacy."""

    def run(self, first: int) -> int:
        """Go through all cycles; return the last one."""
        if not self.length:
            return first
        # The first entry is visible two cycles later.
        state, entry, c, more = "visible", self._front(), first + 1, 0
        while True:
            c += 1
            ready = self.waiting is not None and len(self.issuing) <= 1 and self._open(c)
            waiting, self._next = self.waiting, None
            if state == "visible":
                if entry[2] == self.today:
                    state = "offered"
                else:
                    self._put_back(c, entry)
                    state, entry = self._following()
            elif state == "offered" and (waiting is None or ready):
                count, gap, more, family = self._fields(entry[0])
                run, synapse, due, efficacy = entry
                self._next = (synapse, count, family, efficacy, run)
                after = (run + 1, synapse + count, (due + gap) & 255, efficacy)
                state, entry = ("visible" if more and not gap else "going"), after
            elif state == "going":
                if more:
                    self._put_back(c, entry)
                else:
                    self.head, self.length = (self.head + 1) % self.chip.queue, self.length - 1
                    self.to_look -= 1
                state, entry = self._following()
            if self._end_of_cycle(c, ready, waiting) and state == "over":
                return c

    def _open(self, c: int) -> bool:
        """Return whether the walker may issue and take."""
        return True

    def _flow(self, c: int) -> bool:
        """Issue and arrive; return whether nothing is in flight any more."""
        if self.issuing:
            synapse, family, efficacy, _ = self.issuing.popleft()
            self.pipe.append((c + (6 if self.plastic else 4), synapse, family, efficacy))
        while self.pipe and self.pipe[0][0] == c:
            self._arrive(*self.pipe.popleft())
        return not self.pipe

    def _end_of_cycle(self, c: int, ready: bool, waiting) -> bool:
        """Issue, arrive, take; return whether nothing is in flight any more."""
        landed = self._flow(c)
        if ready:
            synapse, count, *about = waiting
            self.issuing.extend((synapse + k, *about) for k in range(count))
            self.waiting = None
        if self._next:
            assert self.waiting is None
            self.waiting = self._next
        return landed and not (self.waiting or self.issuing)

    def _front(self) -> tuple[int, int, int, int]:
        bits = index_bits(self.chip.runs)
        word = self.memory[Region.QUEUE_RUNS][self.head]
        synapse, efficacy = (
            self.memory[Region.QUEUE_SYNAPSES][self.head],
            self.efficacies[self.head],
        )
        return word & ((1 << bits) - 1), synapse, word >> bits, efficacy

    def _following(self):
        return ("visible", self._front()) if self.to_look else ("over", (0, 0, 0, 0))

    def _put_back(self, c: int, entry: tuple[int, int, int, int]) -> None:
        run, synapse, due, efficacy = entry
        place = (self.head + self.length) % self.chip.queue
        self.memory[Region.QUEUE_RUNS][place] = run | due << index_bits(self.chip.runs)
        self.memory[Region.QUEUE_SYNAPSES][place] = synapse
        self.efficacies[place] = efficacy
        self.head = (self.head + 1) % self.chip.queue
        self.to_look -= 1
        self.pushes.append((c, place, run, synapse, due, *[efficacy] * self.plastic))

    def _fields(self, run: int) -> tuple[int, int, int, int]:
        chip, word = self.chip, self.memory[Region.RUNS][run]
        gap = word >> chip.count_bits & ((1 << chip.gap_bits) - 1)
        rest = word >> chip.count_bits >> chip.gap_bits
        return word & ((1 << chip.count_bits) - 1), gap, rest & 1, rest >> 1

    def _arrive(self, c: int, synapse: int, family: int, efficacy: int) -> None:
        inlet, slot, weight = self._weighed(synapse, family)
        # r of the product: to nearest, halves up.
        self._add(c, inlet, slot, (weight * efficacy + ONE // 2) // ONE)

    def _weighed(self, synapse: int, family: int) -> tuple[int, int, int]:
        """Return inlet, slot and weight of a synapse."""
        chip, word = self.chip, self.memory[Region.SYNAPSES][synapse]
        about = self.memory[Region.FAMILIES][family]
        if chip.weight_bits:
            weight = Fmt(chip.weight_bits, True).wrap(word >> chip.slot_bits)
        else:
            weight = Fmt(chip.family_weight_bits, True).wrap(about)
        return about >> chip.family_weight_bits, word & ((1 << chip.slot_bits) - 1), weight

    def _add(self, c: int, inlet: int, slot: int, amount: int) -> None:
        kind, receptor = self.chip.inlets[inlet]
        bits = self.chip.kinds[kind].inlet_bits[receptor]
        total = Fmt(bits, True).wrap(self.sums[inlet][slot] + amount)
        self.sums[inlet][slot] = total
        self.arrivals.append((c, inlet, slot, total & ((1 << bits) - 1)))
