// Stage 8, as golden/dense/classifier.py: spikes become a label.

// The votes for every label; spikes are neurons in order, or NOBODY.
function scores(p, votes, spikes) {
  const score = new Array(p.n_classes).fill(0);
  spikes.slice(0, p.vote_spikes).forEach((neuron, rank) => {
    if (neuron === NOBODY) return;
    const row = (rank * p.n_neurons + neuron) * p.n_classes;
    for (let label = 0; label < p.n_classes; label++) score[label] += votes[row + label];
  });
  return score;
}

// The label with the largest sum; ties, and no spikes, go to the lowest label.
function decide(p, votes, spikes) {
  const score = scores(p, votes, spikes);
  return score.indexOf(Math.max(...score));
}
