// Stage 5, as golden/dense/wta.py: at most one neuron spikes in a step, the others are inhibited.

const NOBODY = -1;

// Nobody is refractory or barred at the start of a presentation.
function startFlags(p) {
  return { refracLeft: new Int32Array(p.n_neurons), barred: new Uint8Array(p.n_neurons) };
}

// Who may win: neither refractory nor barred.
function eligible(p, flags) {
  return Uint8Array.from(flags.barred, (barred, n) => !barred && !flags.refracLeft[n]);
}

// The candidate with the largest margin, or NOBODY; ties go to the lowest index.
function elect(margin, candidates, force) {
  let best = NOBODY;
  for (let n = 0; n < margin.length; n++) {
    if (!candidates[n] || (margin[n] < 0 && !force)) continue;
    if (best === NOBODY || margin[n] > margin[best]) best = n;
  }
  return best;
}

// Further voters at the moment of the winner's spike, best first.
function ballot(margin, candidates, winner, nVoters) {
  const left = candidates.slice();
  const voters = [];
  left[winner] = 0;
  while (voters.length < nVoters) {
    const voter = elect(margin, left, true);
    if (voter === NOBODY) break;
    left[voter] = 0;
    voters.push(voter);
  }
  return voters;
}

// End a step: count refractory steps down, inhibit the losers, then reset the winner.
function settle(p, v, flags, winner) {
  for (let n = 0; n < p.n_neurons; n++) {
    const frozen = flags.refracLeft[n] > 0;
    if (frozen) flags.refracLeft[n] -= 1;
    if (winner === NOBODY) continue;
    if (!frozen) v[n] = clip(v[n] - p.v_inhibit, p.v_lowest, p.v_highest);
    if (p.bar_losers) flags.barred[n] = n !== winner ? 1 : 0;
  }
  if (winner === NOBODY) return;
  v[winner] = p.v_reset;
  flags.refracLeft[winner] = p.refrac;
}
