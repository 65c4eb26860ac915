// What stands between image and encoder, as golden/dense/receptive_field.py.

// Filter one image (height * width, row order); outside the image every pixel is 0.
function receptiveField(p, pixels) {
  if (p.receptive_field === "surround") return surround(p, pixels);
  if (p.receptive_field === "oriented") return oriented(p, pixels);
  return pixels;
}

// A reader of pixels that gives 0 outside.
function padded(p, pixels) {
  return (y, x) => (y < 0 || x < 0 || y >= p.height || x >= p.width ? 0 : pixels[y * p.width + x]);
}

// The on-centre field of 5 x 5 pixels.
function surround(p, pixels) {
  const at = padded(p, pixels);
  const out = new Uint8Array(p.n_axons);
  for (let y = 0; y < p.height; y++) {
    for (let x = 0; x < p.width; x++) {
      let sum = 0;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          sum += p.eighths_by_distance[Math.abs(dy) + Math.abs(dx)] * at(y + dy, x + dx);
        }
      }
      out[y * p.width + x] = clip(sum >> p.rf_shift, 0, 255);
    }
  }
  return out;
}

// Eight axons a cell: gradients, sorted by direction and pooled over 5 x 5 pixels.
function oriented(p, pixels) {
  const { magnitude, towards } = gradients(p, pixels);
  const wide = p.width + 2;
  const out = new Uint8Array(p.n_axons);
  for (let row = 0, cell = 0; row < p.rf_rows; row++) {
    for (let column = 0; column < p.rf_columns; column++, cell++) {
      const sums = new Int32Array(8);
      for (let dy = 0; dy < 5; dy++) {
        const y = p.rf_top + p.rf_stride * row + dy - 1;
        if (y < 0 || y >= p.height + 2) continue;
        for (let dx = 0; dx < 5; dx++) {
          const x = p.rf_left + p.rf_stride * column + dx - 1;
          if (x < 0 || x >= wide) continue;
          sums[towards[y * wide + x]] += p.pooling[dy] * p.pooling[dx] * magnitude[y * wide + x];
        }
      }
      sums.forEach((sum, d) => {
        out[d * p.rf_rows * p.rf_columns + cell] = clip(sum >> p.rf_shift, 0, 255);
      });
    }
  }
  return out;
}

// Magnitude and direction of the brightness gradient, of the image and one pixel around it.
function gradients(p, pixels) {
  const at = padded(p, pixels);
  const magnitude = new Int32Array((p.height + 2) * (p.width + 2));
  const towards = new Uint8Array(magnitude.length);
  for (let y = -1, i = 0; y <= p.height; y++) {
    for (let x = -1; x <= p.width; x++, i++) {
      const corners = at(y + 1, x + 1) - at(y - 1, x - 1);
      const others = at(y - 1, x + 1) - at(y + 1, x - 1);
      const gx = (corners + others + 2 * (at(y, x + 1) - at(y, x - 1))) >> 2;
      const gy = (corners - others + 2 * (at(y + 1, x) - at(y - 1, x))) >> 2;
      const [a, b] = [Math.abs(gx), Math.abs(gy)];
      magnitude[i] = Math.max(a, b) + (Math.min(a, b) >> 1);
      towards[i] = direction(gx, gy);
    }
  }
  return { magnitude, towards };
}

// The octant of a gradient: 0 to 7 for E, W, S, N, SE, NW, NE, SW.
function direction(gx, gy) {
  const [a, b] = [Math.abs(gx), Math.abs(gy)];
  if (a > 2 * b) return gx > 0 ? 0 : 1;
  if (b > 2 * a) return gy > 0 ? 2 : 3;
  if (gx > 0 === gy > 0) return gx > 0 ? 4 : 5;
  return gx > 0 ? 6 : 7;
}
