// The trained network as golden/report/draw/__init__.py has put it into the page.

// Weights and votes are packed: `width` bits each, most significant first, in base64.
function unpacked(packed) {
  const bytes = atob(packed.base64);
  const numbers = new Int32Array(packed.count);
  let word = 0;
  let held = 0;
  for (let i = 0, at = 0; i < packed.count; i++) {
    while (held < packed.width) {
      word = ((word << 8) | bytes.charCodeAt(at++)) & 0xffffff;
      held += 8;
    }
    held -= packed.width;
    numbers[i] = ((word >> held) & ((1 << packed.width) - 1)) + packed.lowest;
  }
  return numbers;
}

// Numbers in the order of golden's arrays: w[axon, neuron], votes[rank, neuron, label].
function readNetwork(text) {
  const network = JSON.parse(text);
  network.w = unpacked(network.w);
  network.votes = unpacked(network.votes);
  return network;
}
