// Area-averaged resizing, as golden/datasets/resize.py, of { height, width, pixels }.

// How much of each input pixel lies in each output pixel along one axis: [out, in, share].
function overlaps(nIn, nOut) {
  const shares = [];
  for (let out = 0; out < nOut; out++) {
    for (let i = Math.floor((out * nIn) / nOut); i * nOut < (out + 1) * nIn; i++) {
      const share = Math.min((i + 1) * nOut, (out + 1) * nIn) - Math.max(i * nOut, out * nIn);
      shares.push([out, i, share]);
    }
  }
  return shares;
}

// Each output pixel is the mean of the input area under it, one half rounded up.
function resize(image, height, width) {
  const { height: high, width: wide, pixels } = image;
  const lines = new Float64Array(height * wide);
  for (const [out, y, share] of overlaps(high, height)) {
    for (let x = 0; x < wide; x++) lines[out * wide + x] += share * pixels[y * wide + x];
  }
  const totals = new Float64Array(height * width);
  for (const [out, x, share] of overlaps(wide, width)) {
    for (let y = 0; y < height; y++) totals[y * width + out] += share * lines[y * wide + x];
  }
  const area = high * wide;
  const means = Uint8Array.from(totals, (sum) => Math.floor((2 * sum + area) / (2 * area)));
  return { height, width, pixels: means };
}
