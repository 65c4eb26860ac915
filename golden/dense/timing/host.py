"""Requests of the host: what they read, write and are answered."""

from collections.abc import Sequence

import numpy as np

from golden.cycles.track import Track
from golden.dense.declaration import DATA
from golden.dense.interface import BusRequest, Phase, Region
from golden.dense.params import GAIN
from golden.dense.timing.costs import HOST, LATENCY
from golden.dense.timing.machine import Machine
from golden.dense.timing.record import DenseGrid
from golden.numbers.formats import Fmt

Register = tuple[str, int, bool]
"""Name, bits, signed."""


class Host:
    """Carries out requests on a machine.

    Parameters
    ----------
    registers : sequence of `Register`
        What lies at which index of region 0.
    """

    def __init__(self, machine: Machine, track: Track[DenseGrid], registers: Sequence[Register]):
        self._machine, self._track, self._registers = machine, track, registers

    def serve(self, request: BusRequest) -> int:
        """HOST: carry out a request; return the response.

        Raises
        ------
        ValueError
            If there is nothing at the request's index.
        """
        start = self._track.spend(Phase.HOST, HOST)
        region = Region(request.region)
        self._check(region, request.index)
        serve = {
            Region.REGISTERS: self._register,
            Region.WEIGHTS: self._weight,
            Region.THETA: self._theta,
            Region.LAST: self._last,
            Region.TABLE: self._table,
            Region.SPIKES: self._spike,
        }[region]
        response = serve(start, request)
        return 0 if request.write else DATA.wrap(response)

    def _check(self, region: Region, index: int) -> None:
        places = self._machine.map
        built = places.p
        size = {
            Region.REGISTERS: len(self._registers),
            Region.WEIGHTS: places.n_weight_words << places.lane_bits,
            Region.THETA: built.n_words << places.lane_bits,
            Region.LAST: built.n_axons,
            Region.TABLE: len(self._machine.table),
            Region.SPIKES: built.vote_spikes,
        }[region]
        if not 0 <= index < size:
            name = region.name.lower()
            raise ValueError(f"index in {name} must be 0 to {size - 1}, not {index}")
        lane = index & ((1 << places.lane_bits) - 1)
        if region in (Region.WEIGHTS, Region.THETA) and lane >= built.n_lanes:
            raise ValueError(f"lane must be 0 to {built.n_lanes - 1}, not {lane}")

    def _place(self, index: int) -> tuple[int, int]:
        bits = self._machine.map.lane_bits
        return index >> bits, index & ((1 << bits) - 1)

    @property
    def _grid(self) -> DenseGrid:
        return self._track.grid

    def _register(self, start: int, request: BusRequest) -> int:
        name, width, signed = self._registers[request.index]
        values = self._machine.registers
        if request.write:
            values[name] = Fmt(width, signed).wrap(request.data)
            if name in self._grid.registers:
                self._grid.show(name, start + 1, values[name])
        return Fmt(width, signed=False).wrap(values[name])

    def _weight(self, start: int, request: BusRequest) -> int:
        machine, (word, lane) = self._machine, self._place(request.index)
        built = machine.map.p
        row, group = divmod(word, built.n_words)
        neuron = group * built.n_lanes + lane
        if request.write:
            machine.w[row, neuron] = built.w.wrap(request.data)
            self._grid.weights(start, word, lane, machine.w[row, neuron])
        else:
            self._grid.read(start, word)
        return int(machine.w[row, neuron]) & ((1 << built.weight_bits) - 1)

    def _theta(self, start: int, request: BusRequest) -> int:
        machine, (word, lane) = self._machine, self._place(request.index)
        words = machine.theta.reshape(-1, machine.map.p.n_lanes)
        if request.write:
            words[word, lane] = machine.map.p.theta.wrap(request.data)
            only = np.arange(words.shape[1]) == lane
            self._grid.neurons(start + LATENCY, 2 * word + 1, words[word], only)
        return int(words[word, lane])

    def _last(self, start: int, request: BusRequest) -> int:
        machine, axon = self._machine, request.index
        if request.write:
            machine.last[axon] = machine.map.p.last.wrap(request.data)
            self._grid.last(start, axon, machine.last[axon])
        return int(machine.last[axon])

    def _table(self, start: int, request: BusRequest) -> int:
        table = self._machine.table
        if request.write:
            table[request.index] = GAIN.wrap(request.data)
        return int(table[request.index])

    def _spike(self, start: int, request: BusRequest) -> int:
        return self._machine.spikes[request.index]
