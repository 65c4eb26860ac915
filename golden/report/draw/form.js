// How a drawing comes to the network, as golden/datasets/form.py and ink.py bring an image there.
// On the page, ink is 255 and paper 0 up to the rim, which nobody can draw on: so ink.py finds the
// ink to be just that, and only its patches are left to be told from specks.

const SPECK = 50; // A patch so many times smaller than the largest is dirt.
const GRAIN = 10; // Where even the largest is so many times smaller than all ink, all is dirt.

// Bring a drawing to the network's size and form; all 0 if nothing is drawn.
function bring(p, drawing) {
  if (!p.form) return resize(drawing, p.height, p.width).pixels;
  const ink = cut(drawing, drawnBox(drawing));
  return placed(p, ink);
}

// The box [top, left, bottom, right] around all patches but specks; bottom and right are outside.
function drawnBox({ height, width, pixels }) {
  const patches = connected(height, width, pixels);
  const largest = Math.max(0, ...patches.map((patch) => patch.area));
  const all = patches.reduce((sum, patch) => sum + patch.area, 0);
  const kept = GRAIN * largest < all ? [] : patches.filter((q) => SPECK * q.area >= largest);
  const box = [height, width, 0, 0];
  for (const { top, left, bottom, right } of kept) {
    box[0] = Math.min(box[0], top);
    box[1] = Math.min(box[1], left);
    box[2] = Math.max(box[2], bottom);
    box[3] = Math.max(box[3], right);
  }
  return kept.length ? box : [0, 0, 0, 0];
}

// Patches of ink that hang together, corners included: area and box of each.
function connected(height, width, pixels) {
  const seen = new Uint8Array(pixels.length);
  const patches = [];
  pixels.forEach((ink, start) => {
    if (!ink || seen[start]) return;
    const patch = { area: 0, top: height, left: width, bottom: 0, right: 0 };
    const waiting = [start];
    seen[start] = 1;
    while (waiting.length) {
      const at = waiting.pop();
      const [y, x] = [Math.floor(at / width), at % width];
      patch.area += 1;
      patch.top = Math.min(patch.top, y);
      patch.left = Math.min(patch.left, x);
      patch.bottom = Math.max(patch.bottom, y + 1);
      patch.right = Math.max(patch.right, x + 1);
      for (let j = Math.max(y - 1, 0); j <= Math.min(y + 1, height - 1); j++) {
        for (let i = Math.max(x - 1, 0); i <= Math.min(x + 1, width - 1); i++) {
          const near = j * width + i;
          if (!pixels[near] || seen[near]) continue;
          seen[near] = 1;
          waiting.push(near);
        }
      }
    }
    patches.push(patch);
  });
  return patches;
}

function cut({ width, pixels }, [top, left, bottom, right]) {
  const lines = [];
  for (let y = top; y < bottom; y++) lines.push(...pixels.slice(y * width + left, y * width + right));
  return { height: bottom - top, width: right - left, pixels: lines };
}

// Cut ink at the size and place that the form gives it, its fullest pixel 255.
function placed(p, ink) {
  const frame = new Uint8Array(p.height * p.width);
  if (!ink.pixels.length) return frame;
  const scaled = resize(ink, ...scaledSize(p, ink));
  const fullest = Math.max(...scaled.pixels);
  const pixels = scaled.pixels.map((x) => Math.floor((x * 255) / fullest));
  const rows = new Array(scaled.height).fill(0);
  const columns = new Array(scaled.width).fill(0);
  pixels.forEach((x, i) => {
    rows[Math.floor(i / scaled.width)] += x;
    columns[i % scaled.width] += x;
  });
  const top = corner(p, p.height, rows);
  const left = corner(p, p.width, columns);
  pixels.forEach((x, i) => {
    const [y, column] = [Math.floor(i / scaled.width), i % scaled.width];
    frame[(top + y) * p.width + left + column] = x;
  });
  return frame;
}

// The largest size of the same proportions within the form's box, at least 1 x 1.
function scaledSize(p, { height, width }) {
  const [high, wide] = [p.height, p.width].map((side) =>
    Math.max(1, Math.floor((p.form.parts * side) / 28)),
  );
  if (height * wide >= width * high) {
    return [high, Math.max(1, Math.floor((2 * width * high + height) / (2 * height)))];
  }
  return [Math.max(1, Math.floor((2 * height * wide + width) / (2 * width))), wide];
}

// Where ink begins along an axis, so that its middle is that of the frame.
function corner(p, side, weights) {
  const at = Math.floor(side / 2) - middle(p, weights);
  return Math.min(Math.max(at, 0), side - weights.length);
}

// The place in the middle of ink, from its sums along the other axis.
function middle(p, weights) {
  if (!p.form.mass) return Math.floor(weights.length / 2);
  const total = weights.reduce((sum, x) => sum + x, 0);
  const moment = weights.reduce((sum, x, at) => sum + x * at, 0);
  return Math.floor((2 * moment + total) / (2 * total));
}
