"""What words in a chip's memories mean: steps of `docs/network-hardware.md` without its cycles.

It knows the chip and the words, and nothing of the network that they were made from.
"""

from itertools import product

import numpy as np

from golden.cells.evaluate import evaluate
from golden.network.chip import DUE_BITS, Chip
from golden.network.competition import winners
from golden.network.interface import (
    BRANCH_PRESENT,
    NOTED,
    SILENT,
    WINNERS_AT,
    Region,
    added,
    extents,
    header,
    registers,
)
from golden.numbers.formats import Array, index_bits
from golden.numbers.hash import round_keys
from tests.network.placement.lessons import Lessons
from tests.network.placement.words import fields, programmed, signed

MODULO, ONE = 1 << DUE_BITS, 1 << 15


def nearest(product: int) -> int:
    """Return a product of two numbers of which `ONE` is 1, a half upwards."""
    return (product + ONE // 2) >> 15


class Machine:
    """A chip with memories."""

    def __init__(self, chip: Chip):
        self.chip = chip
        self.memory = [np.zeros(words, np.int64) for words, _ in extents(chip)]
        self.names = list(registers(chip))
        self.lessons = Lessons(self) if chip.learner else None

    def write(self, region: int, index: int, data: int) -> None:
        """Write a word, cut to its width."""
        width = extents(self.chip)[region][1]
        if region == Region.REGISTERS:
            width = list(registers(self.chip).values())[index]
        self.memory[region][index] = data & ((1 << width) - 1)

    def load(self, contents) -> None:
        """Write regions from index 0 on."""
        for region, words in contents.items():
            for index, word in enumerate(words.tolist()):
                self.write(region, index, word)

    def __getitem__(self, name: str) -> int:
        return int(self.memory[Region.REGISTERS][self.names.index(name)])

    def __setitem__(self, name: str, value: int) -> None:
        self.memory[Region.REGISTERS][self.names.index(name)] = value

    def push(self, axon: int) -> None:
        """Let an axon spike."""
        chip, step = self.chip, self["step"]
        efficacy = self._release(axon) if axon < chip.plastic_axons else ONE
        run, delay, present = fields(
            self.memory[Region.ROW_RUNS][axon], index_bits(chip.runs), DUE_BITS, 1
        )
        if not present:
            return
        if self["length"] == chip.queue:
            self["lost"] = min(self["lost"] + 1, 65535)
            return
        synapse = int(self.memory[Region.ROW_SYNAPSES][axon])
        self._append(run, synapse, (step + delay) % MODULO, efficacy)

    def _added(self, name: str) -> Array:
        return self.memory[added(self.chip)[name]]

    def _release(self, axon: int) -> int:
        """Release a spike of a plastic axon; return its efficacy."""
        number, decays = int(self._added("plastic_releases")[axon]), self._added("decays")
        use, *constants = self._added("releases")[8 * number : 8 * number + 7].tolist()
        u, x = fields(self._added("plastic_values")[axon], 16, 16)
        last, spiked = fields(self._added("plastic_lasts")[axon], 31, 1)
        age, left = (self["step"] - last) % (1 << 31), []
        for coarse, most, fine in (constants[:3], constants[3:]):
            product = decays[coarse + min(age >> 8, most)] * decays[fine + age % 256]
            left.append(nearest(int(product)) if spiked else 0)
        x = ONE - nearest((ONE - (x - nearest(u * x))) * left[0])
        u = use % (1 << 16) + nearest(u * left[1])
        u, x = u % (1 << 16), x % (1 << 16)
        self._added("plastic_values")[axon] = u | x << 16
        self._added("plastic_lasts")[axon] = self["step"] % (1 << 31) | 1 << 31
        return nearest(u * x) % (1 << 16)

    def _append(self, run: int, synapse: int, due: int, efficacy: int) -> None:
        place = (self["head"] + self["length"]) % self.chip.queue
        self.memory[Region.QUEUE_RUNS][place] = run | due << index_bits(self.chip.runs)
        self.memory[Region.QUEUE_SYNAPSES][place] = synapse
        if self.chip.plastic_axons:
            self._added("queue_efficacies")[place] = efficacy
        self["length"] = self["length"] + 1

    def _take(self) -> tuple[int, int, int, int]:
        place = self["head"]
        run, due = fields(
            self.memory[Region.QUEUE_RUNS][place], index_bits(self.chip.runs), DUE_BITS
        )
        synapse = int(self.memory[Region.QUEUE_SYNAPSES][place])
        self["head"] = (place + 1) % self.chip.queue
        self["length"] = self["length"] - 1
        efficacy = int(self._added("queue_efficacies")[place]) if self.chip.plastic_axons else ONE
        return run, synapse, due, efficacy

    def _walk(self) -> None:
        chip, now = self.chip, self["step"] % MODULO
        for _ in range(self["length"]):
            run, synapse, due, efficacy = self._take()
            while due == now:
                word = self.memory[Region.RUNS][run]
                count, gap, more, family = fields(
                    word, chip.count_bits, chip.gap_bits, 1, chip.family_bits
                )
                learned = None
                if self.lessons and run < self["learned"]:
                    learned = self.lessons.arrive(run, np.arange(synapse, synapse + count))
                for k in range(count):
                    transmitted = None if learned is None else int(learned[k])
                    self._arrive(synapse + k, family, efficacy, transmitted)
                if not more:
                    break
                run, synapse, due = run + 1, synapse + count, (due + gap) % MODULO
            else:
                self._append(run, synapse, due, efficacy)

    def _arrive(self, place: int, family: int, efficacy: int, learned: int | None) -> None:
        chip = self.chip
        slot, weight = fields(self.memory[Region.SYNAPSES][place], chip.slot_bits, chip.weight_bits)
        common, inlet = fields(self.memory[Region.FAMILIES][family], chip.family_weight_bits, 32)
        if chip.weight_bits:
            weight = int(signed(weight, chip.weight_bits))
        else:
            weight = int(signed(common, chip.family_weight_bits))
        transmitted = nearest(weight * efficacy) if learned is None else learned
        self._add(inlet, slot, transmitted)

    def _flow(self, k: int) -> None:
        """Let a current flow through a junction."""
        chip = self.chip
        words = self.memory[added(chip)["junctions"]][6 * k : 6 * k + 6].tolist()
        (slot, kind), (target, inlet) = (fields(word, 24, 8) for word in words[:2])
        ahead, behind = (int(signed(w, chip.junction_factor_bits)) for w in words[2:4])
        high, shift = fields(words[5], 26, 6)
        offset_bits = chip.junction_offset_bits
        offset = int(signed(words[4] + (high << 32), offset_bits)) if offset_bits else 0
        into, _ = chip.inlets[inlet]
        v_before, v_behind = self._potential(kind, slot), self._potential(into, target)
        flow = ahead * v_before - behind * v_behind + offset + (1 << (shift - 1)) >> shift
        self._add(inlet, target, flow)

    def _potential(self, kind: int, slot: int) -> int:
        program = self.chip.kinds[kind].program
        place = [state.name for state in program.states].index(program.potential)
        word = self.memory[self.region(kind) + place][slot]
        return int(signed(word, program.states[place].width))

    def _add(self, inlet: int, slot: int, amount: int) -> None:
        kind, receptor = self.chip.inlets[inlet]
        bits = self.chip.kinds[kind].inlet_bits[receptor]
        region = self.region(kind) + len(self.chip.kinds[kind].words) + receptor
        region -= len(self.chip.kinds[kind].inlet_bits)
        total = int(signed(self.memory[region][slot], bits)) + amount
        self.memory[region][slot] = total & ((1 << bits) - 1)

    def region(self, kind: int) -> int:
        """Return the region of a kind's first word."""
        return len(Region) + sum(len(k.words) for k in self.chip.kinds[:kind])

    def start(self) -> None:
        """Do what comes at a start, before the first step."""
        if self.lessons:
            self.lessons.start()

    def step(self, external: list[tuple[int, int]]) -> tuple[Array, list[tuple[int, int]]]:
        """Do a step; return spikes that are streamed, and what is left of the external items."""
        self._walk()
        if self.lessons:
            self.lessons.end_walk()
        if self.chip.junctions:
            for k in range(self["junctions"]):
                self._flow(k)
        if self["listen"] and self["quiet"]:
            self["quiet"] = self["quiet"] - 1
        elif self["listen"]:
            while True:
                (end, value), *external = external
                if end:
                    self["quiet"] = value
                    break
                self.push(value)
        spikes, at = [np.zeros(0, np.int64)], 0
        for _ in range(self["groups"]):
            streamed, at = self._group(at)
            spikes.append(streamed)
        if self.lessons:
            self.lessons.end_step()
        self["step"] = self["step"] + 1
        return np.concatenate(spikes), external

    def _note(self, places: Array) -> None:
        """Let synapses learn that their targets spike."""
        assert self.lessons
        for place in places.tolist():
            self.lessons.post(place)

    def _group(self, at: int) -> tuple[Array, int]:
        script = self.memory[Region.SCRIPT]
        kind_number, most, silent = fields(int(script[at]), WINNERS_AT, 8, 1)
        assert silent == bool(script[at] & SILENT)
        slot, n, first, axon, *branches = script[at + 1 : at + header(self.chip)].tolist()
        axons = [axon, *(b % (1 << 24) for b in branches if b & BRANCH_PRESENT)]
        kind = self.chip.kinds[kind_number]
        held = script[at + header(self.chip) :][: len(kind.constants)]
        here, region = slice(slot, slot + n), self.region(kind_number)
        read = {}
        for offset, word in enumerate(kind.words):
            raw = self.memory[region + offset][here]
            read[offset] = signed(raw, word.width) if word.signed else raw
        names = [s.name for s in kind.program.states]
        constants = dict(zip(kind.constants, signed(held, 32), strict=True))
        constants |= {name: read[len(names) + i] for i, name in enumerate(kind.varying)}
        inlets = len(names) + len(kind.varying)
        arrivals = {r.name: read[inlets + i] for i, r in enumerate(kind.program.receptors)}
        keys = round_keys(self["seed"], self["step"])
        outcome = evaluate(
            programmed(kind.program, constants),
            dict(zip(names, read.values(), strict=False)),
            arrivals,
            keys,
            np.arange(first, first + n),
        )
        for offset, name in enumerate(names):
            mask = (1 << kind.words[offset].width) - 1
            self.memory[region + offset][here] = outcome.states[name] & mask
        for offset in range(inlets, len(kind.words)):
            self.memory[region + offset][here] = 0
        for name, cases in outcome.saturated.items():
            counter = f"{kind.name}_{name}"
            self[counter] = min(self[counter] + int(cases.sum()), 65535)
        local = winners(outcome.spike, outcome.margin, most or None)
        if script[at] & NOTED:
            self._note(self.chip.place_bases[kind_number] + slot + local)
        for neuron, axon in product(local.tolist(), axons):
            self.push(axon + neuron)
        return (local[:0] if silent else first + local), at + header(self.chip) + len(held)
