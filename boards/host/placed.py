"""A network on a device, which runs as `golden.network.engine.engine.Engine` does."""

from collections.abc import Iterator, Sequence

import numpy as np

from boards.host.info import DeviceError
from boards.host.network import NetworkDriver
from golden.network.interface import Region, registers
from golden.network.placement import Placement
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import Words, contents, first_regions
from golden.network.placement.events import externals, halts, quiet_from, rewarding, writes
from golden.network.placement.loading import network_state, recorded, state_words
from golden.network.reward import due
from golden.network.source import Train
from golden.network.state import NetworkState
from golden.network.taps import Chunk, Tap
from golden.numbers.formats import Array
from hdl.link.network.protocol import END_BIT, MOST_NEURONS, value_bits

QUIET = "quiet"
"""Register of the core: steps to come without spikes from outside."""


class BoardModel:
    """A network that runs on a device.

    Parameters
    ----------
    device : NetworkDriver
        Greeted; it is loaded.
    placement : Placement
        Of the network on the device's chip.
    state : NetworkState
        From where on.
    taps : sequence of Tap

    Raises
    ------
    ValueError
        If the network does not fit.
    """

    def __init__(
        self,
        device: NetworkDriver,
        placement: Placement,
        state: NetworkState,
        taps: Sequence[Tap] = (),
    ):
        self.device, self.placement = device, placement
        self.blueprint = placement.blueprint
        self.cycles = 0
        """Of the device's clock, in runs."""
        self._taps = taps
        self._step = state.step
        self._chronicle = Chronicle.of(placement.blueprint, state)
        self._before = state
        self._known: NetworkState | None = None
        """What was read back since the last step: it is asked for when the device has gone, too."""
        self._firsts = first_regions(placement.chip)
        self._halts = halts(placement)
        self._learning = state.learning
        self.given: list[tuple[int, int | None, Array]] = []
        """Rewards that were not told in advance: before which step, to whom, how much."""
        if (neurons := self.blueprint.neurons) > MOST_NEURONS:
            raise ValueError(
                f"a network on a device must have at most {MOST_NEURONS:,} neurons, not {neurons:,}"
            )
        self._load(contents(placement, state.step), state_words(placement, state))

    def _load(self, *parts: dict[int, Words]) -> None:
        self.device.transfer(
            (1, region, index, word)
            for part in parts
            for region, words in part.items()
            for index, word in enumerate(words.tolist())
        )

    def advance(self, steps: int) -> Chunk:
        """Do steps: fewer if something is to be written or read, or a reward given, between them.

        Raises
        ------
        DeviceError
            If the queue has lost spikes.
        """
        first, self._known = self._step, None
        if first in self._halts:
            self.device.transfer(writes(self.placement, first))
        for group, amounts in due(self.blueprint, first):
            self._give(group, amounts)
        later = self._halts[self._halts > first]
        read = [first + -first % tap.every + 1 for tap in self._taps]
        stop = min([first + steps, *later[:1].tolist(), *read])
        when, who = self._run(first, stop)
        self._step = stop
        self._chronicle.hear(first, stop, when, who)
        samples = [self._sample(tap, first, stop) for tap in self._taps]
        return Chunk(stop - first, when, who, samples)

    def give(self, group: int | None, amounts: Array) -> None:
        """Give a reward before the next step: see `golden.network.reward.give`."""
        self._known = None
        self.given.append((self._step, group, amounts))
        self._give(group, amounts)

    def _give(self, group: int | None, amounts: Array) -> None:
        """Give a reward; nothing waits on the device between two runs."""
        if asked := rewarding(self.placement, self._learning, group, amounts):
            self.device.transfer(asked)
            self.cycles += sum(heard.cycles for heard in self.device.run(0))

    def _run(self, first: int, stop: int) -> tuple[Array, Array]:
        """Do the steps; return the spikes, those from outside among them."""
        if self.placement.listens:
            quiet = list(registers(self.placement.chip)).index(QUIET)
            now = quiet_from(self.placement, first)
            self.device.transfer([(1, Region.REGISTERS.value, quiet, now)])
        items = outside(self.placement, first, stop)
        when, who = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for heard in self.device.run(stop - first, items):
            when.append(heard.steps)
            who.append(heard.neurons)
            self.cycles += heard.cycles
        if lost := self.device.registers()["lost"]:
            raise DeviceError(
                f"the queue must hold all spikes on their way, not lose {lost}: {self._longer()}"
            )
        for group in self.blueprint.groups:
            if isinstance(group.source, Train):
                begin, end = np.searchsorted(group.source.steps, (first, stop))
                when.append(group.source.steps[begin:end])
                who.append(group.first + group.source.neurons[begin:end])
        steps, neurons = np.concatenate(when), np.concatenate(who)
        order = np.lexsort((neurons, steps))
        return steps[order], neurons[order]

    def _longer(self) -> str:
        return f"its chip must have a queue of more than {self.placement.chip.queue:,} places"

    def _sample(self, tap: Tap, first: int, stop: int) -> Array:
        """Read a state variable if its step was the last one done."""
        if (stop - 1) % tap.every:
            return np.zeros((0, len(tap.neurons)), np.int64)
        tenant = self.placement.tenants[tap.group]
        assert tenant is not None
        names = [word.name for word in self.placement.chip.kinds[tenant.kind].program.states]
        offset = names.index(tap.variable)
        region = self._firsts[tenant.kind] + offset
        width = self.placement.chip.kinds[tenant.kind].words[offset].width
        found = self.device.transfer(
            (0, region, tenant.slot + neuron, 0) for neuron in tap.neurons.tolist()
        )
        sign = 1 << (width - 1)
        return ((found ^ sign) - sign).reshape(1, -1)

    def state(self) -> NetworkState:
        """Return the state after the steps so far, read back once."""
        if self._known is None:
            self._known = self._read_back()
        return self._known

    def _read_back(self) -> NetworkState:
        held = self.device.registers()
        words = {int(Region.REGISTERS): np.array(list(held.values()), np.uint32)}
        for region, used in self._state_regions():
            found = self.device.transfer((0, region, slot, 0) for slot in range(used))
            words[region] = found.astype(np.uint32)
        found = network_state(self.placement, words, self._chronicle)
        for number, counted in enumerate(self._before.saturated):
            for name, cases in counted.items():
                found.saturated[number][name] += cases
            found.first_saturated[number] |= self._before.first_saturated[number]
        return found

    def _state_regions(self) -> Iterator[tuple[int, int]]:
        """Yield the regions of all states, and how many of their words are used."""
        for number, kind in enumerate(self.placement.chip.kinds):
            used = sum(tenant.group.size for tenant in self.placement.members(number))
            for offset in range(len(kind.program.states)):
                yield self._firsts[number] + offset, used
        yield from recorded(self.placement).items()


def outside(placement: Placement, first: int, stop: int) -> list[int]:
    """Return the items that steps ``first`` to ``stop - 1`` take, as a FEED has them.

    The link keeps some low bits of a value: of a longer silence a part is said, and said again.
    """
    most, found = (1 << value_bits(placement.chip)) - 1, []
    for item in externals(placement, first, stop):
        if not item.end:
            found.append(item.value)
            continue
        silent = min(item.value, stop - item.step - 1)
        while silent > most:
            found.append(END_BIT | most)
            silent -= most + 1
        found.append(END_BIT | silent)
    return found
