// The pad: what is drawn with mouse, finger or keys, as { height, width, pixels } of 0 and 255.

const RIM = 12; // Pixels all around that stay paper; see form.js.
const MOVE = 7; // Pixels that an arrow key moves the pen.

// Make a canvas a pad; `changed(done)` is called after every change, done when a stroke ends.
function makePad(canvas, side, changed) {
  const pad = {
    canvas,
    drawing: { height: side, width: side, pixels: new Uint8Array(side * side) },
    nib: Math.round(side / 25),
    pen: { x: side >> 1, y: side >> 2, down: false, shown: false },
    changed,
  };
  canvas.width = canvas.height = side;
  listenToPointer(pad);
  listenToKeys(pad);
  paint(pad);
  return pad;
}

function clearPad(pad) {
  pad.drawing.pixels.fill(0);
  pad.pen.down = false;
  paint(pad);
  pad.changed(true);
}

// Draw a line of discs from the pen to a place, and move the pen there.
function drawTo(pad, x, y) {
  const { pen } = pad;
  const n = Math.max(1, Math.abs(x - pen.x), Math.abs(y - pen.y));
  for (let i = 0; i <= n; i++) {
    const along = (from, to) => Math.floor((2 * (from * (n - i) + to * i) + n) / (2 * n));
    disc(pad, along(pen.x, x), along(pen.y, y));
  }
  [pen.x, pen.y] = [x, y];
  paint(pad);
  pad.changed(false);
}

function disc({ drawing: { width, pixels }, nib }, x, y) {
  const [low, high] = [RIM, width - RIM - 1];
  for (let j = Math.max(low, y - nib); j <= Math.min(high, y + nib); j++) {
    for (let i = Math.max(low, x - nib); i <= Math.min(high, x + nib); i++) {
      if ((i - x) ** 2 + (j - y) ** 2 <= nib * nib) pixels[j * width + i] = 255;
    }
  }
}

function listenToPointer(pad) {
  const { canvas, pen } = pad;
  let drawing = false;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      Math.floor(((event.clientX - box.left) * canvas.width) / box.width),
      Math.floor(((event.clientY - box.top) * canvas.height) / box.height),
    ];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    [pen.x, pen.y] = place(event);
    [pen.down, pen.shown] = [false, false];
    drawTo(pad, ...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drawing) drawTo(pad, ...place(event));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (drawing) pad.changed(true);
      drawing = false;
    });
  }
}

function listenToKeys(pad) {
  const { canvas, pen } = pad;
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const [dx, dy] = moves[event.key] || [0, 0];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!dx && !dy && ![" ", "Delete", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    pen.shown = true;
    if (event.key === "Delete" || event.key === "Backspace") return clearPad(pad);
    if (event.key === " ") pen.down = !pen.down;
    const x = clip(pen.x + MOVE * dx, RIM, canvas.width - RIM - 1);
    const y = clip(pen.y + MOVE * dy, RIM, canvas.height - RIM - 1);
    if (pen.down) return drawTo(pad, x, y);
    [pen.x, pen.y] = [x, y];
    paint(pad);
    if (event.key === " ") pad.changed(true);
  });
  canvas.addEventListener("blur", () => {
    pen.shown = pen.down = false;
    paint(pad);
  });
}

// Show the drawing in the page's ink, and the pen if keys move it.
function paint({ canvas, drawing, pen, nib }) {
  const context = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  const [red, green, blue] = style.color.match(/\d+/g).map(Number);
  const image = context.createImageData(canvas.width, canvas.height);
  drawing.pixels.forEach((ink, i) => image.data.set([red, green, blue, ink], 4 * i));
  context.putImageData(image, 0, 0);
  if (!pen.shown) return;
  context.strokeStyle = context.fillStyle = style.accentColor;
  context.lineWidth = 3;
  context.beginPath();
  context.arc(pen.x, pen.y, nib + 3, 0, 2 * Math.PI);
  context.stroke();
}
