// Stage 6, as golden/dense/homeostasis.py: what v is compared with, for one presentation.

// The fixed part of the threshold; `most` is the number of events in the busiest step.
function baseThreshold(p, most) {
  // Not a shift: the product may be wider than 32 bits.
  const rise = Math.floor((most * p.activity_gain) / 2 ** p.activity_shift);
  return Math.min(p.v_th + rise, p.v_highest);
}

// The network carries what learning has added to the fixed part of every neuron.
function threshold(base, learned) {
  return Int32Array.from(learned, (rise) => base + rise);
}
