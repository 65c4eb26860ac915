// One presentation of one image without learning, as golden/dense/core.py; its letters, too.

// Steps as golden.dense.core.Step has them, spikes in order, and the number of events.
function present(network, image) {
  const { p, w } = network;
  const pixels = receptiveField(p, image);
  const base = baseThreshold(p, p.activity_gain ? peak(p, pixels) : 0);
  const limits = threshold(base, network.learned);
  const source = startEncoder(p);
  const v = new Int32Array(p.n_neurons).fill(p.v_reset);
  const flags = startFlags(p);
  const result = { steps: [], spikes: [], nEvents: 0, limits };
  for (let t = 0; t < p.n_steps; t++) {
    const axons = encode(p, pixels, source, t); // a
    leak(p, v, flags); // b
    for (const axon of axons) integrate(p, v, w, axon, flags); // c
    const margin = v.map((level, n) => level - limits[n]);
    const candidates = eligible(p, flags);
    const force = p.force_spike && !result.spikes.length && t === p.n_steps - 1;
    const winner = axons.length || force ? elect(margin, candidates, force) : NOBODY; // d
    const voters = winner === NOBODY ? [] : [winner];
    if (p.ballot && winner !== NOBODY) {
      voters.push(...ballot(margin, candidates, winner, p.vote_spikes - 1));
    }
    settle(p, v, flags, winner); // e
    result.steps.push({ axons, margin, voters, v: v.slice() });
    result.spikes.push(...voters);
    result.nEvents += axons.length;
    if (result.spikes.length >= p.vote_spikes || (p.ballot && result.spikes.length)) break;
  }
  return result;
}
