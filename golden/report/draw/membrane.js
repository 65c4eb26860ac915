// Stage 4, as golden/dense/membrane.py: leak, then integrate one row of weights an event.

function clip(x, low, high) {
  return x < low ? low : x > high ? high : x;
}

// Leak once a step; refractory neurons are frozen.
function leak(p, v, flags) {
  if (!p.leak_shift && !p.leak_sub) return;
  for (let n = 0; n < p.n_neurons; n++) {
    if (flags.refracLeft[n]) continue;
    const u = p.leak_shift ? v[n] - (v[n] >> p.leak_shift) : v[n];
    v[n] = clip(u > p.v_reset ? u - p.leak_sub : u, p.v_lowest, p.v_highest);
  }
}

// Add the weights of one axon and saturate; refractory neurons are frozen.
function integrate(p, v, w, axon, flags) {
  const row = axon * p.n_neurons;
  for (let n = 0; n < p.n_neurons; n++) {
    if (!flags.refracLeft[n]) v[n] = clip(v[n] + w[row + n], p.v_lowest, p.v_highest);
  }
}
