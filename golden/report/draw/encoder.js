// Stage 1, as golden/dense/encoder.py: pixels become spikes, one step at a time.

// The state before the first step of a presentation.
function startEncoder(p) {
  return {
    phase: new Int32Array(p.n_axons).fill(p.phase_start),
    register: seeded(p.encoder_seed),
  };
}

// The axons that spike in this step, lowest first (stage 2, events); the state changes.
function encode(p, pixels, state, step) {
  const spikes = ENCODERS[p.encoder](p, pixels, state, step);
  const axons = [];
  for (let axon = 0; axon < p.n_axons; axon++) {
    if (pixels[axon] > 0 && spikes(axon, pixels[axon])) axons.push(axon);
  }
  return axons;
}

// The number of spikes in the busiest step of a whole presentation: a rehearsal.
function peak(p, pixels) {
  const state = startEncoder(p);
  let most = 0;
  for (let step = 0; step < p.n_steps; step++) {
    most = Math.max(most, encode(p, pixels, state, step).length);
  }
  return most;
}

// Every encoder returns, for a step, whether an axon whose pixel is not 0 spikes.
const ENCODERS = {
  rate: (p, pixels, state) => {
    const carry = 1 << (8 + p.rate_shift);
    return (axon, x) => {
      state.phase[axon] += x;
      if (state.phase[axon] < carry) return false;
      state.phase[axon] -= carry;
      return true;
    };
  },
  periodic: (p, pixels, state) => (axon, x) => {
    state.phase[axon] += 1;
    if (state.phase[axon] < Math.ceil(p.period_num / (p.period_offset + x))) return false;
    state.phase[axon] = 0;
    return true;
  },
  bernoulli: (p, pixels, state) => (axon, x) => {
    state.register = advanced(state.register);
    return state.register >>> (24 - p.rate_shift) < x;
  },
  latency: (p, pixels, state, step) => (axon, x) => ((255 - x) * p.n_steps) >> 8 === step,
};
