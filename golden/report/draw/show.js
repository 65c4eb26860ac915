// What happened to the drawing, as pictures; colours are those of the style sheet.

const VOTER_STROKES = ["blue", "orange", "green", "purple", "red"];
const LOSER_STROKES = ["ink", "ink dotted", "ink dashdot"];
const DASHES = { ink: "6 4", "ink dotted": "2 3", "ink dashdot": "8 3 2 3" };
const PLOT = { width: 460, left: 44, right: 452, raster: [8, 108], race: [126, 300], bottom: 318 };

// The image as the network sees it, on a canvas of as many pixels.
function showSeen(canvas, p, image) {
  [canvas.width, canvas.height] = [p.width, p.height];
  const context = canvas.getContext("2d");
  const [red, green, blue] = getComputedStyle(canvas).color.match(/\d+/g).map(Number);
  const seen = context.createImageData(p.width, p.height);
  image.forEach((ink, i) => seen.data.set([red, green, blue, ink], 4 * i));
  context.putImageData(seen, 0, 0);
}

// A bar for every label that has votes, the most first.
function showVotes(list, names, score) {
  const order = score.map((_, label) => label).sort((a, b) => score[b] - score[a] || a - b);
  const most = Math.max(1, ...score);
  const bars = order.filter((label) => score[label]).slice(0, 5);
  list.replaceChildren(
    ...bars.map((label) => {
      const bar = element("i", "");
      bar.style.width = `${Math.round((60 * score[label]) / most)}%`;
      return element("li", "", element("span", "", names[label]), bar, `${score[label]}`);
    }),
  );
}

// v less threshold along the presentation, as [step, margins]: steps with a spike are in it twice.
function race(p, result) {
  const points = [[0, result.limits.map((limit) => p.v_reset - limit)]];
  result.steps.forEach(({ margin, voters, v }, t) => {
    if (voters.length) points.push([t + 1, margin]);
    points.push([t + 1, v.map((level, n) => level - result.limits[n])]);
  });
  return points;
}

// Whose lines are drawn: the first who voted, and the losers that came closest.
function chooseCast(p, result, points) {
  const best = new Int32Array(p.n_neurons).fill(-(2 ** 31));
  for (const [, margins] of points) margins.forEach((m, n) => (best[n] = Math.max(best[n], m)));
  const voters = [...new Set(result.spikes.slice(0, p.vote_spikes))];
  const losers = Array.from(best.keys()).filter((n) => !voters.includes(n));
  losers.sort((a, b) => best[b] - best[a] || a - b);
  const drawn = (strokes) => (neuron, i) => ({ neuron, best: best[neuron], stroke: strokes[i] });
  return [
    ...voters.slice(0, VOTER_STROKES.length).map(drawn(VOTER_STROKES)),
    ...losers.slice(0, LOSER_STROKES.length).map(drawn(LOSER_STROKES)),
  ];
}

// Input spikes above, membranes racing to their thresholds below, over one axis of steps.
function showCourse(svg, p, result, points, cast) {
  const x = (step) => PLOT.left + ((PLOT.right - PLOT.left) * step) / (result.steps.length + 0.5);
  const y = scale(points, cast);
  const lines = cast.map(({ neuron, stroke }) => {
    const path = points.map(([step, m]) => `${x(step).toFixed(1)},${y(m[neuron]).toFixed(1)}`);
    const dashes = DASHES[stroke] ? ` stroke-dasharray="${DASHES[stroke]}"` : "";
    return `<polyline class="line" stroke="${ink(stroke)}"${dashes} points="${path.join(" ")}"/>`;
  });
  const labels = [
    text(4, PLOT.raster[0] + 10, "input"),
    text(4, PLOT.race[1] - 2, "v − θ"),
    text(4, y(0) + 4, "0"),
    text(PLOT.left, PLOT.bottom + 12, "step 0"),
    text(PLOT.right - 40, PLOT.bottom + 12, `step ${result.steps.length}`),
  ];
  svg.innerHTML =
    `<clipPath id="shown"><rect x="0" y="0" width="${PLOT.width}" height="340"/></clipPath>` +
    `<path class="axis" d="M${PLOT.left} ${y(0)}H${PLOT.right}"/>${labels.join("")}` +
    `<g clip-path="url(#shown)"><path class="raster" d="${raster(p, result, x)}"/>` +
    `${lines.join("")}${spikeMarks(result, points, cast, x, y)}</g>`;
}

function text(x, y, words) {
  return `<text x="${x}" y="${y}">${words}</text>`;
}

function ink(stroke) {
  return `var(--${stroke.split(" ")[0]})`;
}

function scale(points, cast) {
  const values = points.flatMap(([, margins]) => cast.map(({ neuron }) => margins[neuron]));
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const [top, bottom] = PLOT.race;
  return (value) => bottom - ((bottom - top) * (value - low)) / (high - low);
}

function raster(p, result, x) {
  const [top, bottom] = PLOT.raster;
  const width = (x(1) - x(0)) * 0.8;
  return result.steps
    .flatMap(({ axons }, t) =>
      axons.map((axon) => {
        const y = top + ((bottom - top) * axon) / p.n_axons;
        return `M${(x(t + 1) - width / 2).toFixed(1)} ${y.toFixed(1)}h${width.toFixed(1)}`;
      }),
    )
    .join("");
}

function spikeMarks(result, points, cast, x, y) {
  return result.steps
    .flatMap(({ voters, margin }, t) =>
      voters.map((neuron) => {
        const drawn = cast.find((one) => one.neuron === neuron);
        if (!drawn) return "";
        const [cx, cy] = [x(t + 1), y(margin[neuron])];
        return `<path fill="${ink(drawn.stroke)}" d="M${cx} ${cy - 6}l5 9h-10z"/>`;
      }),
    )
    .join("");
}

// Let the race be run again; at once, if the reader wants no motion.
function replay(svg) {
  const clipRect = svg.querySelector("clipPath rect");
  if (!clipRect || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const begun = performance.now();
  const move = (now) => {
    const share = Math.min(1, Math.max(0, now - begun) / 1500);
    clipRect.setAttribute("width", PLOT.left + (PLOT.width - PLOT.left) * share);
    if (share < 1 && clipRect.isConnected) requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
}

// Who took part: what each has learned, as in the gallery, and what became of it.
function showCast(list, network, result, cast) {
  list.replaceChildren(
    ...cast.map((drawn) => {
      const { neuron } = drawn;
      const pictures = document.querySelectorAll(`figure[data-neuron="${neuron}"] img`);
      const shown = Array.from(pictures, (picture) => picture.cloneNode());
      const name = network.won[neuron] ? network.names[network.classes[neuron]] : "nothing";
      const small = `neuron ${neuron}, threshold ${result.limits[neuron]}`;
      const words = element("span", "", element("i", `stroke ${drawn.stroke}`), role(result, drawn));
      words.append(element("br"), "stands for ", element("b", "", name), element("br"));
      words.append(element("small", "", small));
      return element("li", "", ...shown, words);
    }),
  );
}

function role(result, { neuron, best }) {
  const ranks = result.spikes.flatMap((voter, rank) => (voter === neuron ? [rank + 1] : []));
  if (ranks.length) return `vote ${ranks.join(", ")}`;
  return best < 0 ? `lacked ${-best}` : "reached its threshold, lost";
}

function element(kind, name, ...content) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  made.append(...content);
  return made;
}
