// One neuron of the gallery, enlarged: its pictures, and its weights behind the oriented field.

const STEPS = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1], [1, -1], [-1, 1]];
const CELL = 20; // Units of the drawing between two cells; a ray has at most 9.

// Let every tile of the gallery be enlarged by a click, a tap, or Enter.
function startGallery(network) {
  for (const tile of document.querySelectorAll("figure.tile")) {
    const open = () => enlarge(network, tile);
    tile.addEventListener("click", open);
    tile.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // Else the key goes on to the button that closes.
      open();
    });
  }
}

function enlarge(network, tile) {
  const dialog = element("dialog", "large");
  const pictures = Array.from(tile.querySelectorAll("img"), (picture) => picture.cloneNode());
  const close = element("button", "", "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(element("p", "", tile.title), element("div", "pictures", ...pictures));
  if (network.p.receptive_field === "oriented") {
    dialog.querySelector(".pictures").append(rays(network, Number(tile.dataset.neuron)));
    const key = "Rays point to where the image should get brighter (orange) or must not (blue).";
    dialog.append(element("p", "", key));
  }
  dialog.append(element("p", "buttons", close));
  document.body.append(dialog);
  dialog.showModal();
}

// In every cell a ray towards each direction: as long as its weight, orange or, if negative, blue.
function rays({ p, w }, neuron) {
  const largest = Math.max(Math.abs(p.w_min), Math.abs(p.w_max));
  const cells = p.rf_rows * p.rf_columns;
  const paths = { orange: "", blue: "" };
  for (let axon = 0; axon < p.n_axons; axon++) {
    const weight = w[axon * p.n_neurons + neuron];
    const [dx, dy] = STEPS[Math.floor(axon / cells)];
    const [row, column] = [Math.floor((axon % cells) / p.rf_columns), axon % p.rf_columns];
    const length = (9 * Math.abs(weight)) / largest / Math.hypot(dx, dy);
    const to = `${(dx * length).toFixed(1)} ${(dy * length).toFixed(1)}`;
    const from = `${CELL * (column + 0.5)} ${CELL * (row + 0.5)}`;
    paths[weight < 0 ? "blue" : "orange"] += `M${from}l${to}`;
  }
  const drawn = Object.entries(paths).map(
    ([hue, path]) => `<path d="${path}" stroke="var(--${hue})" stroke-width="1.6"/>`,
  );
  const box = `0 0 ${CELL * p.rf_columns} ${CELL * p.rf_rows}`;
  const holder = element("div", "");
  holder.innerHTML = `<svg viewBox="${box}">${drawn.join("")}</svg>`;
  return holder;
}
