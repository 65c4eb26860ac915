// The page: the pad's every change is brought to form, presented, and shown.

// What the network says to an image: its presentation, and what golden.classify makes of that.
// Neurons that never won in training count for nothing, and nobody does if there was no event.
function answer(network, image) {
  const { p, votes, won } = network;
  const result = present(network, image);
  const voters = result.nEvents ? result.spikes : [];
  const heard = voters.map((neuron) => (won[neuron] ? neuron : NOBODY));
  result.score = scores(p, votes, heard);
  result.label = heard.some((neuron) => neuron !== NOBODY) ? decide(p, votes, heard) : null;
  return result;
}

function say(network, { label, nEvents, spikes, steps }) {
  if (!nEvents) return ["–", "nothing seen yet"];
  const votes = spikes.length === 1 ? "1 vote" : `${spikes.length} votes`;
  const cost = `${nEvents} input spikes, ${steps.length} of ${network.p.n_steps} steps, ${votes}`;
  return [label === null ? "no label" : network.names[label], cost];
}

function startPage() {
  const at = (id) => document.getElementById(`draw-${id}`);
  const network = readNetwork(at("network").textContent);
  let waiting = false;
  const show = () => {
    waiting = false;
    const image = bring(network.p, pad.drawing);
    const result = answer(network, image);
    const [label, cost] = say(network, result);
    at("label").textContent = label;
    at("cost").textContent = cost;
    showSeen(at("seen"), network.p, image);
    showVotes(at("votes"), network.names, result.score);
    const points = race(network.p, result);
    const cast = result.nEvents ? chooseCast(network.p, result, points) : [];
    showCourse(at("course"), network.p, result, points, cast);
    showCast(at("cast"), network, result, cast);
  };
  const changed = (done) => {
    if (done) {
      show();
      replay(at("course"));
    } else if (!waiting) {
      waiting = true;
      requestAnimationFrame(show);
    }
  };
  const pad = makePad(at("pad"), network.side, changed);
  at("clear").addEventListener("click", () => clearPad(pad));
  at("replay").addEventListener("click", () => replay(at("course")));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    paint(pad);
    show();
  });
  startGallery(network);
  show();
}

startPage();
